"""A full disk under a desk, for real: `python -m tests.faults.full_desk`, as root.

The desk's data folder lies on a small file system that is filled; the clinic's database is somewhere else. The real
window is then signed in to, dressed otherwise, booked with and left: what cannot be kept here is said in words, nothing
stops, and once there is room the next change is kept.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication

from clinicdesk import settings
from clinicdesk.desk.application import Application, Wish
from clinicdesk.desk.sign_in.tiles import Tile
from clinicdesk.errors import SignInRefused
from clinicdesk.storage.cluster import Cluster
from clinicdesk.usecases.staff import sign_in
from clinicdesk.usecases.tries import Tries
from tests import office as offices
from tests.faults.fingers import SlowHands
from tests.faults.full_disk import fill
from tests.journeys.hands import CTRL
from tests.office import PASSWORD, Office, at

SIZE = "4m"
ANA = "Ana Conceição Álvares"


def main() -> int:
    """Run the fault; 0 when the desk came through it."""
    if os.geteuid() != 0:
        sys.stderr.write("Mounting a small file system needs root.\n")
        return 2
    with tempfile.TemporaryDirectory(prefix="clinicdesk-full-desk-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        small = folder / "desk"
        small.mkdir()
        with Cluster.open(folder / "data") as cluster:
            sample = offices.template(cluster, folder)
            with offices.copied(cluster, sample, "full-desk") as database:
                office = Office(cluster, database, sample)
                subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(small)], check=True)
                try:
                    return _fault(office, small)
                finally:
                    office.close()
                    subprocess.run(["umount", "--lazy", str(small)], check=True)


def _fault(office: Office, small: Path) -> int:
    qt = QApplication([])
    application = Application(qt, Wish(small, now=at(8, 10), language="pt_BR", theme="light"))
    application.catch_bugs()
    hands = _at_the_door(office, application, small)
    fill(small / "filler")
    seen = {
        "a wrong password is refused as ever": _refused(hands),
        "signed in": _signed_in(hands),
        "its tile could not be kept, which is said": _said(hands, "disco deste computador"),
        "dressed in dark, for now": _dressed(hands),
        "a visit is booked": _booked(hands),
    }
    (small / "filler").unlink()
    application._dress("light")
    seen["kept again once there is room"] = settings.load(small).theme == "light"
    seen["no bug on the way"] = not application.bugs
    for words, good in seen.items():
        print(f"{'ok    ' if good else 'NOT OK'} {words}")
    for bug in application.bugs:
        print(f"       {bug!r}")
    application.close()
    return 0 if all(seen.values()) else 1


def _at_the_door(office: Office, application: Application, small: Path) -> SlowHands:
    application.tries = Tries(small)
    window = application.window
    window.resize(QSize(1366, 768))

    def door(login: str, password: str) -> object:
        try:
            return sign_in(office.address, login, password, "Balcão")
        except SignInRefused:
            raise application.tries.failed(login) from None

    window.set_door(door)  # type: ignore[arg-type]
    window.sign_in_page.set_people([Tile("renata", "Renata Souza", "Recepção", 65)])
    window.show()
    return SlowHands(application)


def _refused(hands: SlowHands) -> bool:
    page = hands.window.sign_in_page
    page.tiles.select("renata")
    page.password.setText("senha errada 12")
    page.button.click()
    hands.until(page.banner.isVisible)
    return hands.window.workspace is None


def _signed_in(hands: SlowHands) -> bool:
    page = hands.window.sign_in_page
    page.password.setText(PASSWORD)
    page.button.click()
    hands.until(lambda: hands.window.workspace is not None)
    hands.until(lambda: hands.workspace.agenda.content is not None)
    hands.idle()
    return True


def _said(hands: SlowHands, words: str) -> bool:
    return _soon(hands, lambda: words in hands.toast)


def _dressed(hands: SlowHands) -> bool:
    hands.application._dress("dark")
    return hands.application.settings.theme == "dark" and _said(hands, "disco deste computador")


def _booked(hands: SlowHands) -> bool:
    hands.key(Qt.Key.Key_N)
    editor = hands.editor
    hands.write("conceição")
    hands.until(lambda: editor.picker.choices.matches)
    hands.key(Qt.Key.Key_Return)
    hands.until(lambda: editor.slots.first() is not None)
    hands.idle()
    editor.slots.setFocus()
    hands.key(Qt.Key.Key_2)
    hands.key(Qt.Key.Key_Return, CTRL)
    return hands.visit_of(ANA) is not None


def _soon(hands: SlowHands, ready: Callable[[], bool]) -> bool:
    hands.until(ready)
    return True


if __name__ == "__main__":
    sys.exit(main())
