"""A desk with the real workspace open on a day; tells when it has painted a change that another desk made."""

import datetime as dt
import json
import sys
import time
from uuid import UUID

from PySide6.QtCore import QModelIndex
from PySide6.QtWidgets import QApplication

from clinicdesk.desk import theme
from clinicdesk.desk.agenda.model import AgendaRole
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.shortcuts import Shortcuts
from clinicdesk.desk.workspace import Workspace
from clinicdesk.usecases.clinic import Link
from clinicdesk.usecases.staff import sign_in


def _broken(error: BaseException) -> None:
    raise error


def main() -> None:
    """Open the day, then tell of each change until the process is ended."""
    told = json.loads(sys.stdin.readline())
    qt = QApplication([])
    theme.apply(qt, theme.Theme())
    signed_in = sign_in(told["address"], told["login"], told["password"], "watching")
    workspace = Workspace(signed_in, Background(_broken), DeskClock(), Shortcuts(qt))
    workspace.resize(1440, 900)
    workspace.show()
    day = dt.date.fromisoformat(told["day"])
    versions: dict[UUID, int] = {}

    def loaded() -> None:
        if workspace.agenda.day != day:
            workspace.agenda.show_day(day)
        elif workspace.feed.link is Link.CONNECTED and not versions:
            versions.update({one.id: one.version for one in workspace.agenda.model.appointments()})
            sys.stdout.write("ready\n")
            sys.stdout.flush()

    def changed(first: QModelIndex, _last: QModelIndex) -> None:
        one = first.data(AgendaRole.APPOINTMENT)
        if versions and versions.get(one.id, 0) < one.version:
            versions[one.id] = one.version
            workspace.agenda.view.viewport().repaint()
            sys.stdout.write(json.dumps({"at": time.monotonic(), "version": one.version}) + "\n")
            sys.stdout.flush()

    workspace.agenda.loaded.connect(loaded)
    workspace.agenda.model.dataChanged.connect(changed)
    workspace.feed.link_changed.connect(lambda _link: workspace.agenda.reload())
    sys.exit(qt.exec())


if __name__ == "__main__":
    main()
