"""A second desk in a process of its own: the real application, driven by one JSON line per wish on its input.

It answers every line with one: {"visits": {id: [version, start, status]}, "toast": words, "banner": shown,
"screen": words}.
"""

import datetime as dt
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any
from uuid import UUID

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from clinicdesk.desk.application import Application, Wish
from clinicdesk.domain.agenda import Slot
from clinicdesk.usecases.staff import sign_in
from tests.journeys.conftest import NOW
from tests.office import PASSWORD


class Ears(QObject):
    """Lines of the input, told on the UI thread."""

    heard = Signal(str)

    def listen(self) -> None:
        for line in sys.stdin:
            self.heard.emit(line)


def main(folder: str, address: dict[str, str], login: str) -> int:
    qt = QApplication(sys.argv[:1])
    application = Application(qt, Wish(Path(folder), now=NOW, language="en", theme="light"))
    application.window.show()
    application.window.set_door(lambda name, password: sign_in(address, name, password, "Mesa 2"))
    application.window.sign_in_page.sign_in_requested.emit(login, PASSWORD)
    ears = Ears()
    ears.heard.connect(lambda line: answer(application, json.loads(line)))
    threading.Thread(target=ears.listen, daemon=True).start()
    return qt.exec()


def answer(application: Application, wish: dict[str, Any]) -> None:
    """Do what is wished, and tell how the desk stands when nothing is under way."""
    workspace = application.window.workspace
    if workspace is None or workspace.agenda.content is None or application.background.busy:
        QTimer.singleShot(20, lambda: answer(application, wish))
        return
    agenda = workspace.agenda
    if "move" in wish:
        held = agenda.model.appointment(UUID(wish.pop("move")))
        assert held is not None
        start = held.starts_at.fromisoformat(wish["to"])
        agenda.deeds.move(held, held.professional_id, Slot.lasting(start, held.slot.minutes), held.room_id)
        answer(application, wish)
        return
    if wish.pop("screen", ""):
        # Calls carry the server's clock; the desk's own stands still in the office's future.
        application.clock._pinned = None
        application.clock.align(dt.datetime.now(dt.UTC))
        workspace.call_screen.open()
        answer(application, wish)
        return
    toast, screen = workspace.toasts.toast, workspace.call_screen.screen
    told = {
        "visits": {
            str(one.id): [one.version, one.starts_at.isoformat(), str(one.status)]
            for one in agenda.model.appointments()
        },
        "toast": toast.accessibleName() if toast else "",
        "banner": agenda.banner.isVisible(),
        "screen": screen.words() if screen else [],
    }
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]))
