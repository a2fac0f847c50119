"""One desk whose cable is pulled at one point of a booking: the real window, driven as a person would, in one process.

Told by JSON on stdin; tells by one line of JSON what was seen. `tests.faults.unplugged` starts it inside a namespace.
"""

import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication
from sqlalchemy import event

from clinicdesk.desk.application import Application, Wish
from clinicdesk.desk.sign_in.tiles import Tile
from clinicdesk.usecases.clinic import Link
from clinicdesk.usecases.staff import SignedIn, sign_in
from clinicdesk.usecases.tries import Tries
from tests.faults.fingers import Beat, Gone, SlowHands
from tests.journeys.hands import CTRL
from tests.office import PASSWORD, at

ANA, NOTE, MORE = "Ana Conceição Álvares", "traz exames", " e receita"
_NOW = at(8, 10)


class Cable:
    """Pulls and puts back this desk's cable through a shell of its own; every command is answered when it is done."""

    def __init__(self, told: dict[str, Any]) -> None:
        self._told = told
        self._shell = subprocess.Popen(["sh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.cut_at: float | None = None
        self._mended = False

    def cut(self, *, replies_only: bool = False) -> None:
        """Drop everything from now on, or only what comes from the server; the second call does nothing."""
        if self.cut_at is None:
            self._do(self._told["cut replies" if replies_only else "cut"])
            self.cut_at = time.monotonic()

    def mend(self) -> None:
        """Put the cable back."""
        self._mended = True
        self._do(self._told["mend"])

    @property
    def is_cut(self) -> bool:
        """Whether the cable is out."""
        return self.cut_at is not None and not self._mended

    def _do(self, commands: list[str]) -> None:
        assert self._shell.stdin is not None and self._shell.stdout is not None
        self._shell.stdin.write("\n".join([*commands, "echo done"]) + "\n")
        self._shell.stdin.flush()
        assert self._shell.stdout.readline() == "done\n"


class Desk:
    """Books a visit for Ana; the cable is pulled at the point that was told."""

    def __init__(self, told: dict[str, Any], qt: QApplication) -> None:
        self._told, self.cable = told, Cable(told)
        self.application = Application(qt, Wish(Path(told["folder"]), now=_NOW, language="pt_BR", theme="light"))
        self.hands = SlowHands(self.application)
        self.beat = Beat(qt)
        self.lasted: dict[str, float] = {}
        self.said: list[str] = []
        self._armed: Callable[[str], None] | None = None

    # --- before the fault ---

    def sign_in(self) -> None:
        """Renata signs in by her tile."""
        self.application.tries = Tries(Path(self._told["folder"]))
        window, address = self.application.window, self._told["address"]
        window.resize(QSize(1366, 768))
        window.set_door(lambda login, password: self._watched(sign_in(address, login, password, "Balcão")))
        window.sign_in_page.set_people([Tile("renata", "Renata Souza", "Recepção", 65)])
        window.show()
        page = window.sign_in_page
        page.tiles.select("renata")
        page.password.setText(PASSWORD)
        page.button.click()
        self.hands.until(lambda: window.workspace is not None)
        workspace = self.hands.workspace
        self.hands.until(lambda: workspace.agenda.content is not None and workspace.feed.link is Link.CONNECTED)
        self.hands.idle()

    def warm(self) -> None:
        """Open the form once and close it, as on any morning."""
        self.hands.key(Qt.Key.Key_N)
        self.hands.until(lambda: self.hands.editor.slots.first() is not None)
        self.hands.idle()
        self.hands.key(Qt.Key.Key_Escape)
        self.hands.until(lambda: not self._form_open())
        self.hands.idle()
        self.beat.begin()

    def _watched(self, signed_in: SignedIn) -> SignedIn:
        engine = signed_in.clinic._line.engine
        event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_rest: self._crossed(statement))
        event.listen(engine, "commit", lambda _connection: self._crossed("COMMIT"))
        event.listen(engine, "checkin", lambda *_given: self._crossed("RETURNED"))
        return signed_in

    def _crossed(self, statement: str) -> None:
        """On the thread that asks, before a statement goes out."""
        if self._armed is not None:
            self._armed(statement)

    def _at(self, word: str, *, after: str = "", replies_only: bool = False) -> None:
        """Pull the cable just before a statement goes out, in a transaction that wrote a visit if `after` says so."""
        seen = {"after": not after}

        def armed(statement: str) -> None:
            if after and after in statement:
                seen["after"] = True
            if seen["after"] and word in statement:
                self._armed = None
                self.cable.cut(replies_only=replies_only)

        self._armed = armed

    # --- the booking, step by step; each does nothing when it is done already ---

    def open_form(self) -> None:
        if not self._form_open():
            self.hands.key(Qt.Key.Key_N)

    def write_note(self) -> None:
        editor = self.hands.editor
        if NOTE not in editor.note.text():
            editor.note.setFocus()
            self.hands.write(NOTE)
            editor.picker.setFocus()

    def write_name(self, letters: str = "conceição") -> None:
        editor = self.hands.editor
        if editor.booking.patient is None:
            editor.picker.box.setFocus()
            editor.picker.box.selectAll()
            self.hands.write(letters)

    def choose_patient(self) -> None:
        editor = self.hands.editor
        if editor.booking.patient is None:
            self.hands.until(lambda: editor.picker.choices.matches)
            self.hands.key(Qt.Key.Key_Return)
            self.hands.until(lambda: editor.booking.patient is not None)

    def choose_service(self) -> None:
        editor = self.hands.editor
        wanted = next(one for one in editor.booking.catalogue.services if one.name == "Consulta")
        if editor.booking.service is None or editor.booking.service.id != wanted.id:
            editor.service.set_value(wanted.id)

    def other_service(self) -> None:
        editor = self.hands.editor
        wanted = next(one for one in editor.booking.catalogue.services if one.name == "Laser")
        editor.service.set_value(wanted.id)

    def choose_time(self) -> None:
        editor = self.hands.editor
        if editor.booking.free is None or not editor._picked:
            self.hands.until(lambda: editor.slots.first() is not None)
            editor.slots.setFocus()
            self.hands.key(Qt.Key.Key_2)

    def submit(self) -> None:
        self.hands.editor.note.setFocus()
        self.hands.key(Qt.Key.Key_Return, CTRL)

    def ready(self) -> None:
        """Everything chosen and the time held."""
        for step in (self.open_form, self.write_note, self.write_name, self.choose_patient, self.choose_service):
            step()
        self.hands.idle()
        self.choose_time()
        self.hands.until(lambda: self.hands.editor.held.minutes_left)
        self.hands.idle()

    # --- the points ---

    def point(self, name: str) -> None:
        """Go to a point of the booking, pull the cable there, and do what one would do next."""
        getattr(self, f"_point_{name}")()

    def _point_opening(self) -> None:
        self.cable.cut()
        self.open_form()
        self.write_note()
        self.write_name()

    def _point_name(self) -> None:
        self.open_form()
        self.write_note()
        self.write_name("concei")
        self.cable.cut()
        self.hands.write("ção")

    def _point_list(self) -> None:
        self.open_form()
        self.write_note()
        self.write_name()
        self.hands.until(lambda: self.hands.editor.picker.choices.matches)
        self.hands.idle()
        self.cable.cut()
        self.choose_patient()

    def _point_service(self) -> None:
        self._with_patient()
        self.cable.cut()
        self.other_service()

    def _point_times(self) -> None:
        self._with_patient()
        self._at("SELECT")
        self.other_service()

    def _point_hold(self) -> None:
        self._with_patient()
        self._at("hold_slot")
        self.choose_time()

    def _point_enter(self) -> None:
        self.ready()
        self.cable.cut()
        self.submit()

    def _point_insert(self) -> None:
        self.ready()
        self._at("INSERT INTO clinicdesk.appointment", replies_only=True)
        self.submit()

    def _point_commit(self) -> None:
        self.ready()
        self._at("COMMIT", after="INSERT INTO clinicdesk.appointment")
        self.submit()

    def _point_reply(self) -> None:
        self.ready()
        self._at("COMMIT", after="INSERT INTO clinicdesk.appointment", replies_only=True)
        self.submit()

    def _point_echo(self) -> None:
        self.ready()
        self._at("RETURNED", after="INSERT INTO clinicdesk.appointment")
        self.submit()

    def _point_undo(self) -> None:
        self.ready()
        self.submit()
        self.hands.visit_of(ANA)
        self.hands.idle()
        self.cable.cut()
        self.hands.key(Qt.Key.Key_Z, CTRL)

    def _with_patient(self) -> None:
        for step in (self.open_form, self.write_note, self.write_name, self.choose_patient, self.choose_service):
            step()
        self.hands.until(lambda: self.hands.editor.slots.first() is not None)
        self.hands.idle()

    # --- while it is out, and afterwards ---

    def sit_out(self) -> None:
        """Go on typing until the cable is back, and note when it was said that nobody answers."""
        self.hands.until(lambda: self.cable.cut_at)
        assert self.cable.cut_at is not None
        until = self.cable.cut_at + self._told["seconds"]
        typed = False
        while time.monotonic() < until:
            for sign, shown in (("banner", self._offline), ("words", self._said_so)):
                if sign not in self.lasted and shown():
                    self.lasted[sign] = time.monotonic() - self.cable.cut_at
            if not typed and time.monotonic() > until - self._told["seconds"] / 2 and self._form_open():
                self.hands.editor.note.setFocus()
                self.hands.editor.note.end(False)
                self.hands.write(MORE)
                typed = True
            self.hands.fingers.wait(10)
        self._hear()
        self._typed_more = typed

    def recover(self) -> None:
        """Put the cable back and wait until the desk has noticed by itself."""
        self.cable.mend()
        mended = time.monotonic()
        workspace = self.hands.workspace
        self.hands.fingers.waitUntil(
            lambda: (
                workspace.feed.link is Link.CONNECTED and not self._offline() and not self.application.background.busy
            ),
            timeout=40_000,
        )
        self.lasted["recovery"] = time.monotonic() - mended
        self.hands.fingers.wait(800)  # the echo is gathered, lists are read anew
        self.hands.idle()
        self._hear()

    def kept(self) -> bool:
        """Whether all that was typed is on the form; nothing is missing where the booking went through."""
        editor = self.hands.workspace.editor
        if editor is None or self._booked() or self._told["point"] == "undo":
            return True
        wanted = NOTE + (MORE if self._typed_more else "")
        named = editor.booking.patient is not None or editor.picker.text.strip() == "conceição"
        return editor.note.text() == wanted and named

    def finish(self) -> None:
        """Do what is left to be done, as a person would who sees the form as it is."""
        if self._told["point"] == "undo":
            if self._standing():
                self.hands.key(Qt.Key.Key_Z, CTRL)
                self.hands.until(lambda: not self._standing())
            return
        for _attempt in range(3):
            for step in (self.open_form, self.write_name, self.choose_patient, self.choose_service, self.choose_time):
                self.hands.idle()
                if self._booked():  # what was under way has gone through meanwhile
                    return
                step()
            self.submit()
            self.hands.until(lambda: self._booked() or self.hands.editor.trouble.isVisible())
            self._hear()
            self.hands.fingers.wait(500)

    # --- eyes ---

    def _form_open(self) -> bool:
        editor = self.hands.workspace.editor
        return editor is not None and editor.isVisible()

    def _offline(self) -> bool:
        return self.hands.workspace.agenda.banner.isVisible()

    def _said_so(self) -> bool:
        """Whether the form or the banner says that something is the matter."""
        return self._offline() or (self._form_open() and self.hands.editor.trouble.isVisible())

    def _standing(self) -> list[Any]:
        return [one for one in self.hands.visits() if one.patient_name == ANA and one.status.holds_the_slot]

    def _booked(self) -> bool:
        return bool(self._standing()) and not self._form_open()

    def _hear(self) -> None:
        """Note every sentence that can be read about the fault."""
        workspace, editor = self.hands.workspace, self.hands.workspace.editor
        found = [self.hands.toast]
        if self._offline():
            found.append(workspace.agenda.banner.accessibleName())
        if editor is not None and editor.isVisible() and editor.trouble.isVisible():
            found.append(editor.trouble.accessibleName())
        self.said += [one for one in found if one and one not in self.said]

    def told(self) -> dict[str, Any]:
        """What was seen."""
        visits = [[str(one.id), one.version, one.status] for one in self.hands.visits()]
        return {
            "lasted": self.lasted,
            "stall": self.beat.longest,
            "visits": visits,
            "said": self.said,
            "bugs": [repr(one) for one in self.application.bugs],
        }


def main() -> None:
    """Run one point and tell what was seen; what goes wrong in the driving is told too."""
    told = json.loads(sys.stdin.readline())
    qt = QApplication([])
    desk = Desk(told, qt)
    desk.application.catch_bugs()
    found: dict[str, Any] = {}
    try:
        desk.sign_in()
        desk.warm()
        found["stall before"] = _calm(desk)
        desk.point(told["point"])
        desk.sit_out()
        desk.recover()
        found["kept"] = desk.kept()
        desk.finish()
        found.update(desk.told())
    except (Gone, AssertionError, AttributeError, StopIteration) as trouble:
        found["trouble"] = f"{trouble!r} at {traceback.format_exc(limit=-3)}"
        found.update(desk.told())
        desk.application.window.grab().save(str(Path(told["folder"]) / "trouble.png"))
    finally:
        desk.cable.mend()
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    os._exit(0)  # what is still asked of a server belongs to no test


def _calm(desk: Desk) -> float:
    """The longest time the thread that paints was away while nothing was the matter: the machine's own share."""
    desk.hands.fingers.wait(1500)
    calm = desk.beat.longest
    desk.beat.begin()
    return calm


if __name__ == "__main__":
    main()
