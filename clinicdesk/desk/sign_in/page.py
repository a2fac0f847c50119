"""The sign-in: people as tiles, a password, and in the demo one click."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinicdesk.desk import dates
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.sign_in.card import PasswordCard
from clinicdesk.desk.sign_in.forgotten import Forgotten
from clinicdesk.desk.sign_in.halves import Halves, foot_line
from clinicdesk.desk.sign_in.refusal import Refusal
from clinicdesk.desk.sign_in.tiles import PersonTiles, Tile
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.fields import LineEdit, PasswordEdit
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.errors import ClinicError
from clinicdesk.keychain import one_time_code_of
from clinicdesk.words import _, ngettext


class SignInPage(Halves):
    """Emits `sign_in_requested(login, password)`; the answer comes back by `refused`, or the page is left.

    `demo_passwords` lets a click on a tile be enough: the demo clinic holds nobody real. `forget_requested` asks that
    this computer remember somebody no more.
    """

    sign_in_requested = Signal(str, str)
    forget_requested = Signal(str)
    recovery_requested = Signal(str)  # an owner's way by the printed key; the login that stood there

    def __init__(self, clock: DeskClock, idle_minutes: int = 5, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clock = clock
        self._idle_minutes = idle_minutes
        self._tile: Tile | None = None
        self._demo_passwords: dict[str, str] = {}
        self.tiles = PersonTiles()
        self.tiles.looked_at.connect(self._show_person)
        self.tiles.chosen.connect(self._person_chosen)
        self.tiles.forget_wanted.connect(self.forget_requested)
        self.tiles.lift_moved.connect(self.body.update)
        self.body.lift(self.tiles.lifted)
        self.forgot = Button(_("I forgot the password"), "link")
        self.other = Button(_("Somebody else"), "link")
        self.card = PasswordCard(_("Sign in"), "log-in", (self.forgot, self.other))
        self.banner = Refusal()
        self.forgotten = Forgotten(self)
        self.forgotten.recovery_wanted.connect(self._recovery_wanted)
        self._code_typed = False
        self.notice = Banner("warn", "")
        self.notice.acted.connect(lambda: self._notice_act())
        self._notice_act: Callable[[], None] = lambda: None
        self._arrange()
        self.card.submitted.connect(self._submitted)
        self.banner.barred.connect(self.card.bar)
        self.forgot.clicked.connect(lambda: self.forgotten.open_at(self.forgot))
        self.other.clicked.connect(self._somebody_else)
        clock.minute_passed.connect(self._greet)
        self._greet()

    @property
    def login(self) -> LineEdit:
        """Where somebody who has no tile types who they are."""
        return self.card.login

    @property
    def password(self) -> PasswordEdit:
        """Where the password is typed."""
        return self.card.password

    @property
    def button(self) -> Button:
        """What signs in."""
        return self.card.button

    def demo_password(self, login: str) -> str:
        """The password of one of the demo's people, empty for everybody else."""
        return self._demo_passwords.get(login, "")

    def set_people(self, tiles: Sequence[Tile], demo_passwords: Mapping[str, str] | None = None) -> None:
        """Who this computer remembers; without anybody the login is typed."""
        self._demo_passwords = dict(demo_passwords or {})
        self._question.setText(_("Who is going to use this computer?"))
        self.tiles.set_tiles(tiles, forgettable=not demo_passwords)
        self.tiles.setVisible(bool(tiles))
        self.other.setVisible(bool(tiles))
        self.card.setVisible(not demo_passwords)
        self._demo_note.setVisible(bool(demo_passwords))
        self._hint.setText(self._advice(bool(tiles)))
        self._tile = None
        self.card.ask_who()
        if tiles and not demo_passwords:
            self.tiles.look_at(tiles[0].login)
        if self.isVisible():  # behind somebody's workspace the keyboard is theirs
            self.take_focus()

    def set_idle_minutes(self, minutes: int) -> None:
        """After how many minutes this desk locks, as the foot says."""
        self._idle_minutes = minutes
        self._lock_words.setText(self._lock_sentence())

    def show_opening(self, words: str = "") -> None:
        """Before the clinic is open nobody can be asked for anything; `set_people` shows who there is."""
        self.set_busy(True)
        self._hint.setText(words or _("Opening the clinic’s database…"))
        self._question.setText(_("One moment") if words else _("Who is going to use this computer?"))
        for part in (self.tiles, self.card, self._demo_note):
            part.hide()

    def refused(self, why: ClinicError | str) -> None:
        """Say why nobody was signed in; the name stays, the password is typed again."""
        self.set_busy(False)
        if isinstance(why, str):
            self.banner.say_plainly(why)
        else:
            self.banner.tell(why, self._code_typed)
        self.password.clear()
        self.take_focus()
        self.bring_into_view(self.banner)

    def show_closed(self) -> None:
        """The clinic could not be opened; why is said by what is shown next."""
        self._hint.setText("")

    def clear_refusal(self) -> None:
        """Take an old refusal away; what is typed stays."""
        self.banner.clear()

    def set_notice(self, words: str, action: str = "", act: Callable[[], None] = lambda: None) -> None:
        """What is so whoever signs in, such as a server that does not answer; without words it goes."""
        self.notice.say("warn", words, action)
        self.notice.setVisible(bool(words))
        self._notice_act = act

    def take_focus(self) -> None:
        """Put the keyboard where the next person begins: on a tile, on the login, or on the password."""
        if self._demo_passwords:
            self.tiles.take_focus()
        else:
            self.card.take_focus()
            self.bring_into_view(self.card)

    def set_busy(self, busy: bool) -> None:
        """While the clinic is asked nothing can be pressed twice."""
        self.card.set_busy(busy)
        self.tiles.setEnabled(not busy)

    def reset(self) -> None:
        """Ready for the next person: no password on screen, no old refusal."""
        self.set_busy(False)
        self.card.clear()
        self.banner.clear()
        self.forgotten.dismiss()

    def _person_chosen(self, tile: Tile) -> None:
        if password := self.demo_password(tile.login):
            self.banner.clear()
            self.set_busy(True)
            self.sign_in_requested.emit(tile.login, password)
            return
        self._show_person(tile)
        self.password.setFocus()
        self.bring_into_view(self.card)

    def _show_person(self, tile: Tile) -> None:
        if self._demo_passwords:
            self.banner.clear()
            return
        if self._tile is None or self._tile.login != tile.login:
            self.banner.clear()
        self._tile = tile
        self.card.show_person(tile.login, tile.name, tile.hue)

    def _somebody_else(self) -> None:
        self._tile = None
        self.tiles.look_at("")
        self.banner.clear()
        self.card.ask_who()
        self.login.setFocus()

    def _submitted(self, login: str, password: str) -> None:
        self.banner.clear()
        self._code_typed = bool(one_time_code_of(password))
        self.tiles.setEnabled(False)
        self.sign_in_requested.emit(login, password)

    def _recovery_wanted(self) -> None:
        self.recovery_requested.emit(self._tile.login if self._tile else self.login.text().strip())

    def _advice(self, anybody: bool) -> str:
        if self._demo_passwords:
            return _("One click signs in: the people are invented, and nothing real is touched.")
        if not anybody:
            return _("Type your login name; next time this computer will know you. Quick switch: F9 on any screen.")
        return _("Choose with the mouse, the arrows or the first letter of the name. Quick switch: F9 on any screen.")

    def _lock_sentence(self) -> str:
        minutes = self._idle_minutes
        return ngettext(
            "The screen locks after {count} minute without use and keeps what you were writing.",
            "The screen locks after {count} minutes without use and keeps what you were writing.",
            minutes,
        ).format(count=minutes)

    def _greet(self) -> None:
        self.side.say(dates.greeting(self._clock.now(), self._clock.zone) + ".", dates.day_title(self._clock.today()))

    # --- arranging ---

    def _arrange(self) -> None:
        column: QVBoxLayout = self.column
        self._hint = Label("", "body", "muted", wrap=True)
        self._question = Label(_("Who is going to use this computer?"), "hero", wrap=True)
        column.addWidget(self._question)
        column.addSpacing(6)
        column.addWidget(self._hint)
        column.addSpacing(12)
        column.addWidget(self.notice)
        self.notice.hide()
        column.addSpacing(12)
        column.addWidget(self.tiles)
        column.addSpacing(16)
        column.addWidget(self.card)
        column.addSpacing(12)
        column.addWidget(self.banner)
        column.addSpacing(12)
        column.addWidget(separator())
        column.addSpacing(12)
        self._demo_note = foot_line(
            "flask-conical", _("Demo clinic, with invented people. It never leaves this computer.")
        )
        column.addWidget(self._demo_note)
        foot = foot_line("lock", self._lock_sentence())
        found = foot.findChild(Label)
        assert isinstance(found, Label)
        self._lock_words = found
        column.addSpacing(4)
        column.addWidget(foot)
