"""The head of a conversation: with whom, who speaks for the clinic, and the way to give it to somebody else."""

from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk.desk.messages.listing import fitting_name
from clinicdesk.desk.messages.words import name_of, owner_words, reached_at
from clinicdesk.desk.shortcuts import INBOX, key_for
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.theme import current
from clinicdesk.desk.widgets.avatar import Avatar
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.chip import Chip
from clinicdesk.desk.widgets.drawing import width_of
from clinicdesk.desk.widgets.label import Label, plain_tip
from clinicdesk.desk.widgets.patient_words import patient_hue
from clinicdesk.desk.wording_messages import channel_word
from clinicdesk.domain.inbox import Owner, Talk
from clinicdesk.words import _

_NAME = 150  # below it a name is hardly one


class TalkHead(QWidget):
    """`hand_wanted` takes the conversation, or gives it back to the robot; `side_wanted` shows what is beside it."""

    hand_wanted = Signal()
    more_wanted = Signal()
    side_wanted = Signal()

    def __init__(self, me: UUID, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stand_on(self, "surface")
        self._me = me
        self._whole = ""
        self._places: tuple[str, ...] = ("",)
        self._avatar = Avatar("", 200, 40)
        self._name = Label("", "section")
        self._reached = Label("", "second", "muted", numbers=True)
        self.owner = Chip("")
        self.hand = Button("", "secondary")
        self.hand.clicked.connect(self.hand_wanted)
        self.more = icon_button("ellipsis", _("More"))
        self.more.clicked.connect(self.more_wanted)
        self.side = icon_button("panel-right", _("Visit and patient"))
        self.side.clicked.connect(self.side_wanted)
        self.side.hide()
        for label in (self._name, self._reached):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._reached)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 11, 20, 11)
        row.setSpacing(12)
        row.addWidget(self._avatar)
        row.addLayout(words, 1)
        row.addWidget(self.owner)
        row.addWidget(self.hand)
        row.addWidget(self.side)
        row.addWidget(self.more)

    def show_talk(self, talk: Talk) -> None:
        """Show whose conversation it is and who has it."""
        name = name_of(talk)
        self._avatar.set_person(name, patient_hue(talk.patient_id or talk.id))
        self._whole = name
        self._fit_name()
        self._name.setToolTip(plain_tip(name))
        what = channel_word(talk.channel) if talk.patient_id else _("Not a patient yet")
        self._places = (reached_at(talk), what) if reached_at(talk) != name else (what,)
        icon, word = owner_words(talk, self._me)
        mine = talk.person_id == self._me
        with_whom = _("With you") if mine else _("With the robot") if talk.owner is Owner.BOT else _("With {name}")
        self.owner.set_state(with_whom.format(name=word), "accent" if mine else "muted", icon)
        self.hand.setText(_("Back to the robot") if mine else _("Take it over"))
        self.hand.set_icon("bot" if mine else "user-round")
        self.hand.setToolTip(key_for(INBOX, "hand"))
        self._fit_name()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_name()

    def _fit_name(self) -> None:
        """Shorten the name by its rule where there is no room for all of it."""
        buttons = [self.hand, self.more] if self.side.isHidden() else [self.hand, self.side, self.more]
        room = self.width() - sum(one.sizeHint().width() + 12 for one in buttons) - 24 - 20 - 40 - 12
        chip = self.owner.sizeHint().width() + 12
        self.owner.setVisible(room - chip >= _NAME)  # the button beside it says as much
        room -= chip if room - chip >= _NAME else 0
        font = current().font("second", numbers=True)
        forms = (" · ".join(self._places), *self._places[:1])
        self._reached.setText(next((one for one in forms if width_of(one, font) <= room), ""))
        self._name.setText(fitting_name(self._whole, current().font("section"), max(80, room)))
