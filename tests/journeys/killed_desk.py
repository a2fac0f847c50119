"""A desk in a process of its own that types a booking and is then killed: it says so when what it typed lies sealed."""

import json
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from clinicdesk.desk.application import Application, Wish
from clinicdesk.domain.patients import NewPatient
from clinicdesk.usecases.door import Door
from clinicdesk.usecases.tries import Tries
from tests.journeys.conftest import NOW
from tests.office import PASSWORD


def main(folder: str, address: dict[str, str], login: str) -> int:
    qt = QApplication(sys.argv[:1])
    application = Application(qt, Wish(Path(folder), now=NOW, language="en", theme="light"))
    application.window.show()
    application.window.set_door(Door(Path(folder), lambda: address, "Mesa 2", Tries(Path(folder))).enter)
    application.window.sign_in_page.sign_in_requested.emit(login, PASSWORD)

    def begin() -> None:
        workspace = application.window.workspace
        if workspace is None or workspace.agenda.catalogue is None or application.background.busy:
            QTimer.singleShot(20, begin)
            return
        workspace.book()
        assert workspace.editor is not None
        workspace.editor.who.begin_new(NewPatient("Bia Prado", "(11) 98888-7777"))
        workspace.editor.note.setText("prefere de manhã")
        wait()

    def wait() -> None:
        """Nobody asks for it: the desk keeps what is typed by itself."""
        if list(Path(folder).glob("people/*/draft-booking-*.sealed")):
            sys.stdout.write("kept\n")
            sys.stdout.flush()
        else:
            QTimer.singleShot(50, wait)

    QTimer.singleShot(0, begin)
    return qt.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]))
