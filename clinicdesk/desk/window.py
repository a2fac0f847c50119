"""The one window: sign-in, then a person's workspace, then sign-in again."""

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.lock.idle import IdleWatch
from clinicdesk.desk.lock.lock import ScreenLock
from clinicdesk.desk.shortcuts import Shortcuts
from clinicdesk.desk.sign_in.changing import ChangePassword
from clinicdesk.desk.sign_in.choosing import ChoosingPage, FirstPassword, Recovery
from clinicdesk.desk.sign_in.page import SignInPage
from clinicdesk.settings import Settings

if TYPE_CHECKING:
    from clinicdesk.desk.preferences.computer import Computer
    from clinicdesk.desk.workspace import Workspace
    from clinicdesk.errors import ClinicError
    from clinicdesk.usecases.door import Door
    from clinicdesk.usecases.place import Place
    from clinicdesk.usecases.staff import SignedIn

_SMALLEST = QSize(1024, 640)


class DeskWindow(QMainWindow):
    """Shows before the database layer is imported; `set_door` brings the way to sign in when it is ready."""

    theme_chosen = Signal(str)
    settings_chosen = Signal(object)  # Settings
    person_signed_in = Signal(object)  # Person
    forget_requested = Signal(str)  # the login of whom this computer is to remember no more
    enrolment_lost = Signal(object)  # DeskNotEnrolled: the server does not know this computer any more

    def __init__(self, background: Background, clock: DeskClock, shortcuts: Shortcuts) -> None:
        super().__init__()
        self._background, self._clock, self._shortcuts = background, clock, shortcuts
        self._door: Callable[[str, str], SignedIn] | None = None
        self._proof: Callable[[SignedIn, str], None] = _prove
        self._way: Door | None = None
        self._recover: Callable[[str, str, str], SignedIn] | None = None
        self.choosing: ChoosingPage | None = None
        self.preferences: Callable[[], Settings] = Settings
        self.computer: Callable[[], Computer | None] = lambda: None
        self.asks_before_closing: Callable[[], bool] = lambda: False
        self.setWindowTitle("ClinicDesk")
        self.setMinimumSize(_SMALLEST)
        self.sign_in_page = self._new_sign_in()
        self.workspace: Workspace | None = None
        self._stack = QStackedWidget()
        self._stack.addWidget(self.sign_in_page)
        self.setCentralWidget(self._stack)
        self.screen_lock = ScreenLock(self, background, clock, shortcuts, lambda: self.sign_in_page.side)
        self.screen_lock.switch_wanted.connect(self.leave)
        self.screen_lock.changed.connect(self._lock_turned)
        self.idle = IdleWatch(lambda: self.preferences().idle_lock_minutes, self)
        self.idle.idle.connect(self.lock_screen)

    def show_first_run(self, page: QWidget) -> None:
        """Ask the first questions instead of for a person."""
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)

    def end_first_run(self, page: QWidget) -> None:
        """The questions are answered: back to the sign-in."""
        self._stack.setCurrentWidget(self.sign_in_page)
        self._stack.removeWidget(page)
        page.deleteLater()

    def enter(self, signed_in: "SignedIn") -> None:
        """Somebody is signed in already, as whoever has just made their clinic."""
        self._signed_in(signed_in)

    def set_door(self, door: Callable[[str, str], "SignedIn"]) -> None:
        """How a login and a password become a signed-in person; called off the UI thread."""
        self._door = door

    def use_door(self, door: "Door", place: "Place", *, recoverable: bool) -> None:
        """Every way in at this desk; with `recoverable`, an owner's by the recovery key too."""
        self._way, self._door, self._proof = door, door.enter, door.prove
        self._recover = None
        if recoverable:
            self._recover = lambda login, key, password: door.recover(place, login, key, password)
        self.sign_in_page.forgotten.set_recovery(here=recoverable)

    def set_proof(self, proof: Callable[["SignedIn", str], None]) -> None:
        """What raises a ClinicError unless a password is that of who is at work; called off the UI thread."""
        self._proof = proof

    def lock_screen(self) -> None:
        """Cover everything until the person at work is back; without anybody there is nothing to cover."""
        if self.workspace is None:
            return
        signed_in, proof = self.workspace.signed_in, self._proof
        person = signed_in.clinic.person
        self.screen_lock.lock(
            person, lambda password: proof(signed_in, password), self.sign_in_page.demo_password(person.login)
        )

    def leave(self) -> None:
        """Back to the sign-in; the person's connections are given back."""
        if self.workspace is None:
            return
        self.idle.stop()
        self.screen_lock.leave()
        self.workspace.keep_drafts()  # before anything is hidden: forms that close by themselves forget what they held
        workspace, self.workspace = self.workspace, None
        self._stack.setCurrentWidget(self.sign_in_page)
        self._stack.removeWidget(workspace)
        workspace.close_down()
        workspace.deleteLater()
        self.sign_in_page.reset()
        self.sign_in_page.take_focus()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.asks_before_closing():  # who answers that it may close closes again
            event.ignore()
            return
        self.leave()
        super().closeEvent(event)

    def _wanted(self, login: str, password: str) -> None:
        door = self._door
        if door is None:
            self.sign_in_page.reset()
            return
        self._background.run(
            self, lambda: door(login, password), self._signed_in, lambda error: self._not_let_in(login, password, error)
        )

    def _not_let_in(self, login: str, password: str, error: "ClinicError") -> None:
        from clinicdesk.errors import PasswordToChoose

        way = self._way
        if way is None or not isinstance(error, PasswordToChoose):
            self._refused(error)
            return
        page = FirstPassword(self.sign_in_page.side, login, error.name)
        page.chosen.connect(lambda new: self._choose(page, lambda: way.choose(login, password, new)))
        self._show_choosing(page)

    def _ask_recovery(self, login: str) -> None:
        recover = self._recover
        if recover is None:
            return
        page = Recovery(self.sign_in_page.side, login)
        page.recovered.connect(lambda who, key, new: self._choose(page, lambda: recover(who, key, new)))
        self._show_choosing(page)

    def _choose(self, page: ChoosingPage, work: Callable[[], "SignedIn"]) -> None:
        self._background.run(page, work, self._signed_in, page.refused, lane="writes")

    def _show_choosing(self, page: ChoosingPage) -> None:
        """A page of its own until the password is chosen or the person goes back."""
        self.sign_in_page.reset()
        self.choosing = page
        page.left.connect(self._end_choosing)
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)
        page.take_focus()

    def _end_choosing(self) -> None:
        page, self.choosing = self.choosing, None
        if page is None:
            return
        if self._stack.currentWidget() is page:
            self._stack.setCurrentWidget(self.sign_in_page)
            self.sign_in_page.take_focus()
        self._stack.removeWidget(page)
        page.deleteLater()

    def change_password(self) -> None:
        """Ask who is at work for another password."""
        workspace, way = self.workspace, self._way
        if workspace is None or way is None:
            return
        signed_in = workspace.signed_in
        person = signed_in.clinic.person
        card = ChangePassword(workspace, self._background, person, lambda old, new: way.change(signed_in, old, new))
        card.changed.connect(workspace.password_changed)
        card.open_centred()

    def _signed_in(self, signed_in: "SignedIn") -> None:
        from clinicdesk.desk.workspace import Workspace

        workspace = Workspace(
            signed_in, self._background, self._clock, self._shortcuts, self.preferences, self.computer()
        )
        workspace.left.connect(self.leave)
        workspace.session_ended.connect(self._ended)
        workspace.shut_out.connect(self._shut_out)
        workspace.theme_chosen.connect(self.theme_chosen)
        workspace.settings_chosen.connect(self.settings_chosen)
        workspace.lock_wanted.connect(self.lock_screen)
        workspace.password_wanted.connect(self.change_password)
        workspace.unit_chosen.connect(lambda clinic_id: self._change_unit(signed_in, clinic_id))
        if signed_in.clinic.away:
            self._look_for_the_server(workspace, signed_in)
        self.workspace = workspace
        self._stack.addWidget(workspace)
        self._stack.setCurrentWidget(workspace)
        self._end_choosing()
        workspace.agenda.setFocus()
        self.sign_in_page.reset()
        self.idle.start()
        self.person_signed_in.emit(signed_in.clinic.person)

    def _look_for_the_server(self, workspace: "Workspace", away: "SignedIn") -> None:
        """Go on for real as soon as there is a server, with what is on screen; another person's rights need it anew."""
        from clinicdesk.desk.arriving import Arriving

        arriving = Arriving(away, self._background, workspace)
        workspace.agenda.try_now_requested.connect(arriving.try_now)

        def arrived(real: "SignedIn") -> None:
            if (real.clinic.person, real.clinics) == (away.clinic.person, away.clinics):
                workspace.arrive(dataclasses.replace(real, clinic=away.clinic, own=away.own))
                away.clinic.arrive(real.clinic)
            else:
                locked = self.screen_lock.locked
                self.leave()
                self._signed_in(dataclasses.replace(real, own=away.own))
                if locked:
                    self.lock_screen()

        def refused(error: "ClinicError") -> None:
            self.leave()
            self._refused(error)

        arriving.arrived.connect(arrived)
        arriving.refused.connect(refused)

    def _ended(self) -> None:
        """An owner ended the session: back to the sign-in, which says so."""
        from clinicdesk.errors import SessionEnded

        self.leave()
        self._refused(SessionEnded())

    def _shut_out(self) -> None:
        """The server takes this computer's certificate no more: back to the sign-in, which says what to do."""
        from clinicdesk.errors import DeskNotEnrolled

        self.leave()
        self._refused(DeskNotEnrolled("revoked"))

    def _change_unit(self, signed_in: "SignedIn", clinic_id: UUID) -> None:
        before = self.workspace
        if before is None or signed_in.clinic.id == clinic_id:
            return
        before.keep_drafts()
        self._signed_in(dataclasses.replace(signed_in, clinic=signed_in.clinic.in_clinic(clinic_id)))
        self._stack.removeWidget(before)
        before.close_down(keep_connections=True)
        before.deleteLater()

    def rebuild(self) -> None:
        """Build the person's desk anew, as after a change of the language, and show its settings."""
        self._renew_sign_in()
        before = self.workspace
        if before is None:
            return
        before.keep_drafts()
        self._signed_in(before.signed_in)
        self._stack.removeWidget(before)
        before.close_down(keep_connections=True)
        before.deleteLater()
        if self.workspace is not None:
            self.workspace.show_appearance()

    def _renew_sign_in(self) -> None:
        """The sign-in in the words of another language."""
        old = self.sign_in_page
        self.sign_in_page = self._new_sign_in()
        self._stack.insertWidget(0, self.sign_in_page)
        self._stack.removeWidget(old)
        old.deleteLater()

    def _new_sign_in(self) -> SignInPage:
        page = SignInPage(self._clock, self.preferences().idle_lock_minutes)
        page.sign_in_requested.connect(self._wanted)
        page.forget_requested.connect(self.forget_requested)
        page.recovery_requested.connect(self._ask_recovery)
        page.forgotten.set_recovery(here=self._recover is not None)
        return page

    def _lock_turned(self, locked: bool) -> None:
        if self.workspace is not None:
            self.workspace.rest(locked)
        if locked:
            self.idle.stop()
        elif self.workspace is not None:
            self.idle.start()

    def _refused(self, error: "ClinicError") -> None:
        from clinicdesk.errors import DeskNotEnrolled

        self.sign_in_page.refused(error)
        if isinstance(error, DeskNotEnrolled):
            self.enrolment_lost.emit(error)


def _prove(signed_in: "SignedIn", password: str) -> None:
    from clinicdesk.errors import SignInRefused
    from clinicdesk.usecases.staff import knows_password

    if not knows_password(signed_in, password):
        raise SignInRefused
