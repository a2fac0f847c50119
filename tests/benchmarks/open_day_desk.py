"""A desk left open on a day; tells how long each change kept the thread that paints, and what it weighs."""

import datetime as dt
import gc
import json
import sys
from collections.abc import Sequence
from time import thread_time

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtWidgets import QApplication

from clinicdesk.desk import theme
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.shortcuts import Shortcuts
from clinicdesk.desk.workspace import Workspace
from clinicdesk.usecases.clinic import Change, Link
from clinicdesk.usecases.staff import sign_in
from tests.benchmarks.desks import resident


class Watch(QObject):
    """How long the thread that paints worked between two bursts of changes, for each change of the first."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.times: list[float] = []
        self.changes = 0
        self._worked = thread_time()
        self._burst = 0
        workspace.feed.changed.connect(self._heard)

    def settle(self) -> None:
        """The last burst is over."""
        worked = thread_time()
        if self._burst:
            self.times.append((worked - self._worked) * 1000 / self._burst)
        self._worked, self._burst = worked, 0

    def _heard(self, changes: Sequence[Change]) -> None:
        self.settle()
        visits = sum(change.kind == "appointment" for change in changes)
        self.changes += visits
        self._burst = visits


def _broken(error: BaseException) -> None:
    raise error


def main() -> None:
    """Open the day, then answer `weigh` and `end` on standard input."""
    told = json.loads(sys.stdin.readline())
    qt = QApplication([])
    theme.apply(qt, theme.Theme())
    signed_in = sign_in(told["address"], told["login"], told["password"], "open all day")
    workspace = Workspace(signed_in, Background(_broken), DeskClock(), Shortcuts(qt))
    workspace.resize(1440, 900)
    workspace.show()
    day = dt.date.fromisoformat(told["day"])
    state = {"ready": False}

    def say(**words: object) -> None:
        sys.stdout.write(json.dumps(words) + "\n")
        sys.stdout.flush()

    def loaded() -> None:
        if workspace.agenda.day != day:
            workspace.agenda.show_day(day)
        elif workspace.feed.link is Link.CONNECTED and not state["ready"]:
            state["ready"] = True
            workspace.agenda.select(workspace.agenda.model.appointments()[0].id)
            say(ready=len(workspace.agenda.model.appointments()))

    workspace.agenda.loaded.connect(loaded)
    workspace.feed.link_changed.connect(lambda _link: workspace.agenda.reload())
    watch = Watch(workspace)

    def asked() -> None:
        if sys.stdin.readline() == "weigh\n":
            gc.collect()
            say(memory=resident())
            return
        watch.settle()
        say(times=watch.times, changes=watch.changes, cards=len(workspace.agenda.model.appointments()))
        qt.quit()

    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(asked)
    qt.exec()


if __name__ == "__main__":
    main()
