"""The sign-in: people as tiles, a password, and in the demo one click."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from clinicdesk.desk import dates
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.sign_in.side import SignInSide
from clinicdesk.desk.sign_in.tiles import PersonTiles, Tile
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.widgets.avatar import Avatar
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit, PasswordEdit
from clinicdesk.desk.widgets.label import Label, card, separator
from clinicdesk.words import _

_WIDTH = 784
_NARROW_SIDE, _WIDE_SIDE = 400, 480


class SignInPage(QWidget):
    """Emits `sign_in_requested(login, password)`; the answer comes back by `refused`, or the page is left.

    `demo_passwords` lets a click on a tile be enough: the demo clinic holds nobody real.
    """

    sign_in_requested = Signal(str, str)

    def __init__(self, clock: DeskClock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stand_on(self, "bg")
        self._clock = clock
        self._tile: Tile | None = None
        self._demo_passwords: dict[str, str] = {}
        self._busy = False
        self.side = SignInSide()
        self.tiles = PersonTiles()
        self.tiles.looked_at.connect(self._show_person)
        self.tiles.chosen.connect(self._person_chosen)
        self.login = LineEdit()
        self.password = PasswordEdit()
        self.button = Button(_("Sign in"), "primary", icon="log-in", key=_("Enter"))
        self.banner = Banner("danger", "")
        self.notice = Banner("warn", "")
        self.notice.acted.connect(lambda: self._notice_act())
        self._notice_act: Callable[[], None] = lambda: None
        self._arrange()
        self.button.clicked.connect(self._submit)
        self.password.returnPressed.connect(self._submit)
        self.login.returnPressed.connect(self.password.setFocus)
        clock.minute_passed.connect(self._greet)
        self._greet()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.side.setFixedWidth(min(_WIDE_SIDE, max(_NARROW_SIDE, round(self.width() * 0.35))))

    def set_people(self, tiles: Sequence[Tile], demo_passwords: Mapping[str, str] | None = None) -> None:
        """Who this computer remembers; without anybody the login is typed."""
        self._demo_passwords = dict(demo_passwords or {})
        self.tiles.set_tiles(tiles)
        self.tiles.setVisible(bool(tiles))
        self._login_field.setVisible(not tiles)
        self._other.setVisible(bool(tiles) and not demo_passwords)
        self._password_card.setVisible(not demo_passwords)
        self._demo_note.setVisible(bool(demo_passwords))
        self._hint.setText(
            _("One click signs in: the people are invented, and nothing real is touched.")
            if demo_passwords
            else _("Choose with the mouse, the arrows or the first letter of the name. Quick switch: F9 on any screen.")
        )
        self._tile = None
        if tiles and not demo_passwords:
            self.tiles.look_at(tiles[0].login)
        if self.isVisible():  # behind somebody's workspace the keyboard is theirs
            self.take_focus()

    def show_opening(self) -> None:
        """Before the clinic is open nobody can be asked for anything; `set_people` shows who there is."""
        self.set_busy(True)
        self._hint.setText(_("Opening the clinic’s database…"))
        for part in (self.tiles, self._password_card, self._demo_note):
            part.hide()

    def refused(self, sentence: str) -> None:
        """Say why nobody was signed in; the name stays, the password is typed again."""
        self.set_busy(False)
        self.banner.say("danger", sentence)
        self.banner.show()
        self.password.clear()
        self.take_focus()

    def set_notice(self, words: str, action: str = "", act: Callable[[], None] = lambda: None) -> None:
        """What is so whoever signs in, such as a server that does not answer; without words it goes."""
        self.notice.say("warn", words, action)
        self.notice.setVisible(bool(words))
        self._notice_act = act

    def take_focus(self) -> None:
        """Put the keyboard where the next person begins: on a tile, on the login, or on the password."""
        if self._demo_passwords:
            self.tiles.take_focus()
        elif self._tile is None and not self.login.text():
            self.login.setFocus()
        else:
            self.password.setFocus()

    def set_busy(self, busy: bool) -> None:
        """While the clinic is asked nothing can be pressed twice."""
        self._busy = busy
        self.button.set_busy(busy)
        self.tiles.setEnabled(not busy)

    def reset(self) -> None:
        """Ready for the next person: no password on screen, no old refusal."""
        self.set_busy(False)
        self.login.clear()
        self.password.clear()
        self.password.conceal()
        self.banner.hide()

    def _person_chosen(self, tile: Tile) -> None:
        if tile.login in self._demo_passwords:
            self.banner.hide()
            self.set_busy(True)
            self.sign_in_requested.emit(tile.login, self._demo_passwords[tile.login])
            return
        self._show_person(tile)
        self.password.setFocus()

    def _show_person(self, tile: Tile) -> None:
        self.banner.hide()
        if tile.login in self._demo_passwords:
            return
        self._tile = tile
        first_name = next((word for word in tile.name.split() if not word.endswith(".")), tile.name)
        self._hello.setText(_("Hello, {name}").format(name=first_name))
        self._avatar.set_person(tile.name, tile.hue)
        self._avatar.show()
        self._login_field.hide()
        self.password.clear()

    def _somebody_else(self) -> None:
        self._tile = None
        self._hello.setText(_("Sign in"))
        self._avatar.hide()
        self._login_field.show()
        self.login.setFocus()

    def _submit(self) -> None:
        if self._busy:
            return
        login = self._tile.login if self._tile else self.login.text().strip()
        if not login or not self.password.text():
            (self.password if login else self.login).setFocus()
            return
        self.banner.hide()
        self.set_busy(True)
        self.sign_in_requested.emit(login, self.password.text())

    def _greet(self) -> None:
        self.side.say(dates.greeting(self._clock.now(), self._clock.zone) + ".", dates.day_title(self._clock.today()))

    # --- arranging ---

    def _arrange(self) -> None:
        body = QWidget()
        body.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._hint = Label("", "body", "muted", wrap=True)
        column.addWidget(Label(_("Who is going to use this computer?"), "hero", wrap=True))
        column.addSpacing(6)
        column.addWidget(self._hint)
        column.addSpacing(12)
        column.addWidget(self.notice)
        self.notice.hide()
        column.addSpacing(12)
        column.addWidget(self.tiles)
        column.addSpacing(16)
        column.addWidget(self._password_part())
        column.addSpacing(12)
        column.addWidget(self.banner)
        self.banner.hide()
        column.addSpacing(16)
        column.addWidget(separator())
        column.addSpacing(12)
        self._demo_note = Label(
            _("Demo clinic, with invented people. It never leaves this computer."), "second", "muted", wrap=True
        )
        column.addWidget(self._demo_note)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setAutoFillBackground(False)
        holder = QWidget()
        middle = QHBoxLayout(holder)
        middle.setContentsMargins(48, 32, 48, 32)
        middle.addStretch(1)
        middle.addWidget(body, 20, Qt.AlignmentFlag.AlignVCenter)
        middle.addStretch(1)
        scroll.setWidget(holder)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.side)
        row.addWidget(scroll, 1)

    def _password_part(self) -> QWidget:
        self._password_card = card()
        self._avatar = Avatar("", 200, 64)
        self._hello = Label(_("Sign in"), "section")
        self._login_field = Field(_("Login"), self.login, reserve=False)
        self._other = Button(_("Somebody else"), "link")
        self._other.clicked.connect(self._somebody_else)
        fields = QVBoxLayout()
        fields.setSpacing(6)
        fields.addWidget(self._hello)
        fields.addWidget(self._login_field)
        fields.addWidget(Field(_("Password"), self.password, reserve=False))
        line = QHBoxLayout()
        line.setSpacing(16)
        line.addWidget(self._avatar)
        line.addLayout(fields, 1)
        line.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignBottom)
        line.addWidget(self._other, alignment=Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self._password_card)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addLayout(line)
        self._avatar.hide()
        return self._password_card
