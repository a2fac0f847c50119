"""One message beside the list: whom for, what stands in the way, what is known of it, and what may be decided."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk import allowed
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.dates import moment
from clinicdesk.desk.queue.words import DECISIONS, about, decision_word, whose
from clinicdesk.desk.shortcuts import QUEUE, key_for
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.chip import Chip
from clinicdesk.desk.widgets.icon_line import IconLine
from clinicdesk.desk.widgets.label import Label, narrow_label, separator
from clinicdesk.desk.wording_messages import (
    CHANNEL_ICONS,
    STATE_LOOKS,
    advice_words,
    channel_word,
    reason_word,
    state_word,
)
from clinicdesk.domain.messages import MessageState
from clinicdesk.domain.patients import show_phone
from clinicdesk.domain.queue import Decision, QueuedMessage, decisions
from clinicdesk.domain.staff import Capability
from clinicdesk.words import _, ngettext

OPEN_PATIENT, SHOW_VISIT, OPEN_TALK = "patient", "visit", "talk"


class MessagePanel(QWidget):
    """`decided` carries a Decision, `wanted` one of the places the message leads to."""

    decided = Signal(object)
    wanted = Signal(str)

    def __init__(self, message: QueuedMessage, clock: DeskClock) -> None:
        super().__init__()
        self.message = message
        self._clock = clock
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._add_head()
        self._add_why()
        self._add_decisions()
        self._column.addWidget(separator())
        self._add_facts()
        self._add_ways()
        self._column.addStretch(1)

    def _add_head(self) -> None:
        message = self.message
        icon, tone = STATE_LOOKS[message.state]
        row = QHBoxLayout()
        row.addWidget(Chip(state_word(message.state), tone, icon))
        row.addStretch(1)
        self._column.addLayout(row)
        self._column.addWidget(narrow_label(whose(message), "panel_name"))
        self._column.addWidget(narrow_label(about(message, self._clock.now(), self._clock.zone), "second", "muted"))

    def _add_why(self) -> None:
        message = self.message
        if message.state is MessageState.UNKNOWN:
            words = _("Handed over, and no answer came. Look on the clinic’s phone, or ask the patient.")
            self._column.addWidget(Banner("warn", _("Did it go out?"), detail=words, icon="circle-question-mark"))
        elif message.why:
            tone = "danger" if message.state is MessageState.FAILED else "info"
            why = reason_word(message.why)
            advice = advice_words(message.why) if message.state is MessageState.FAILED else ""
            self._column.addWidget(Banner(tone, why[:1].upper() + why[1:], detail=advice, icon="circle-alert"))

    def _add_decisions(self) -> None:
        offered: list[Decision] = [one for one in decisions(self.message) if one is not Decision.TAKE_BACK]
        if Decision.TAKE_BACK in decisions(self.message):
            who = _("Decided by {person}").format(person=self.message.decided_by)
            self._column.addWidget(IconLine("user-round", who))
            offered.append(Decision.TAKE_BACK)
        row = QHBoxLayout()
        row.setSpacing(8)
        for place, decision in enumerate(offered):
            row.addWidget(self._button(decision, place), 1)
        if offered:
            self._column.addLayout(row)

    def _button(self, decision: Decision, place: int) -> Button:
        settling = decision in (Decision.WENT_OUT, Decision.DID_NOT)
        kind = "primary" if not place and decision is Decision.RETRY else "soft" if settling else "secondary"
        key = key_for(QUEUE, decision)
        button = Button(decision_word(decision), kind, DECISIONS[decision][1], key if settling else "", "key")
        button.setToolTip(f"{decision_word(decision)} ({key})")
        button.clicked.connect(lambda: self.decided.emit(decision))
        allowed.guard(button, Capability.SEND_MESSAGES)
        return button

    def _add_facts(self) -> None:
        message, now, zone = self.message, self._clock.now(), self._clock.zone
        if message.channel_kind is not None:
            road = f"{message.channel_name} · {show_phone(message.recipient) or message.recipient}".strip(" ·")
            self._column.addWidget(
                IconLine(CHANNEL_ICONS[message.channel_kind], road or channel_word(message.channel_kind))
            )
        planned = _("Planned for {moment}").format(moment=moment(message.planned_for, now, zone))
        self._column.addWidget(IconLine("clock", planned))
        if message.tried_at is not None:
            tries = ngettext("{count} try", "{count} tries", message.attempts or 1).format(count=message.attempts or 1)
            last = _("the last {moment}").format(moment=moment(message.tried_at, now, zone))
            self._column.addWidget(IconLine("activity", f"{tries}, {last}"))
        if message.detail:
            self._column.addWidget(IconLine("info", _("The provider said: {words}").format(words=message.detail)))
        elif message.state is MessageState.UNKNOWN:
            said = _("The provider gave it a number") if message.provider_message_id else _("The provider said nothing")
            self._column.addWidget(IconLine("info", said))
        if message.body:
            self._column.addWidget(Label(_("Words"), "subsection"))
            self._column.addWidget(narrow_label(message.body, "control"))

    def _add_ways(self) -> None:
        ways = (
            (OPEN_TALK, _("Open the conversation"), "message-circle", self.message.conversation_id),
            (OPEN_PATIENT, _("Open the register"), "user-round", self.message.patient_id),
            (SHOW_VISIT, _("Show the visit"), "calendar-days", self.message.appointment_id),
        )
        for way, words, icon, there in ways:
            if there is not None:
                button = Button(words, "flat", icon)
                button.clicked.connect(lambda _checked=False, way=way: self.wanted.emit(way))
                row = QHBoxLayout()
                row.addWidget(button)
                row.addStretch(1)
                self._column.addLayout(row)
