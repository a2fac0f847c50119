"""Consents of one patient: for each purpose the words and the channels, and below who wrote what down and when."""

import datetime as dt
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk import formats
from clinicdesk.desk.patients.facts import empty
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit
from clinicdesk.desk.widgets.icon_label import IconLabel
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.widgets.switch import Switch
from clinicdesk.desk.wording_messages import channel_word, consent_source_phrase, purpose_word
from clinicdesk.domain.consents import LONGEST_PROOF, Consent, standing
from clinicdesk.domain.messages import ChannelKind, Purpose
from clinicdesk.terms import asked_words
from clinicdesk.words import _

_WIDTH = 560
_HISTORY_HEIGHT = 216


class ConsentsPopover(Popover):
    """`give_wanted` carries Purpose, channels and the proof; `revoke_wanted` Purpose and channels."""

    give_wanted = Signal(object, tuple, str)
    revoke_wanted = Signal(object, tuple)

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner, veiled=True, light=False, radius=16)
        self.switches: dict[tuple[Purpose, ChannelKind], Switch] = {}
        self.all_buttons: dict[Purpose, Button] = {}
        self.proof = LineEdit(_("signed sheet, call of today, message…"))
        self.proof.setMaxLength(LONGEST_PROOF)
        self._name = Label("", "subsection", wrap=True)
        self._history = QVBoxLayout()
        self._history.setSpacing(10)
        self._history_head = Label(_("History"), "strong")
        self._close = icon_button("x", _("Close"), size="dense", key="Esc")
        self._close.clicked.connect(self.dismiss)
        self.set_content(self._body(), self._close)

    def show_consents(self, name: str, consents: Sequence[Consent], zone: dt.tzinfo) -> None:
        """What stands now, and everything that was ever written down."""
        self._name.setText(_("What {name} lets us send").format(name=name))
        for purpose in Purpose:
            stands = standing(consents, purpose)
            for channel in ChannelKind:
                self.switches[purpose, channel].setChecked(channel in stands)
            self.all_buttons[purpose].setText(_("Take all back") if stands else _("Said yes to all"))
            self.all_buttons[purpose].setProperty("stands", bool(stands))
        empty(self._history)
        for one in consents:
            self._history.addWidget(_history_row(one, zone))
        if not consents:
            self._history.addWidget(Label(_("Nobody asked yet."), "second", "muted"))

    def _switched(self, purpose: Purpose, channel: ChannelKind, on: bool) -> None:
        if on:
            self.give_wanted.emit(purpose, (channel,), self.proof.text().strip())
        else:
            self.revoke_wanted.emit(purpose, (channel,))

    def _all(self, purpose: Purpose) -> None:
        if self.all_buttons[purpose].property("stands"):
            self.revoke_wanted.emit(purpose, tuple(ChannelKind))
        else:
            self.give_wanted.emit(purpose, tuple(ChannelKind), self.proof.text().strip())

    def _body(self) -> QWidget:
        card = QWidget()
        card.setFixedWidth(_WIDTH)
        column = QVBoxLayout(card)
        column.setContentsMargins(24, 16, 16, 20)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(self._name, 1)
        head.addWidget(self._close)
        column.addLayout(head)
        for purpose in Purpose:
            column.addWidget(self._purpose(purpose))
            column.addWidget(separator())
        column.addWidget(Field(_("Proof of the next yes"), self.proof, optional=True, reserve=False))
        column.addWidget(self._history_head)
        column.addWidget(self._scrolled())
        return card

    def _purpose(self, purpose: Purpose) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(Label(purpose_word(purpose), "strong"), 1)
        every = Button("", "link", size="dense")
        every.clicked.connect(lambda: self._all(purpose))
        self.all_buttons[purpose] = every
        head.addWidget(every)
        column.addLayout(head)
        said = Label(_("“{words}”").format(words=asked_words(purpose)), "second", "muted", wrap=True)
        said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        column.addWidget(said)
        row = QHBoxLayout()
        row.setSpacing(24)
        for channel in ChannelKind:
            name = f"{purpose_word(purpose)}: {channel_word(channel)}"
            switch = Switch(channel_word(channel), name)
            switch.clicked.connect(lambda on, channel=channel: self._switched(purpose, channel, on))
            self.switches[purpose, channel] = switch
            row.addWidget(switch)
        row.addStretch(1)
        column.addLayout(row)
        return holder

    def _scrolled(self) -> QWidget:
        inner = QWidget()
        stand_on(inner, "surface")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 0)
        column.addLayout(self._history)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFixedHeight(_HISTORY_HEIGHT)
        scroll.setWidget(inner)
        return scroll


def history_lines(one: Consent, zone: dt.tzinfo) -> tuple[str, str, str]:
    """What was allowed, who wrote it down and when, and its end if it has one."""
    what = f"{channel_word(one.channel)} · {purpose_word(one.purpose)}"
    given = _said(_("Yes on {when}, {source}"), _("Yes on {when}, {source}, written down by {person}"),
                  formats.date_and_time(one.given_at, zone), one.source, one.given_by)  # fmt: skip
    if one.proof:
        given += f" · {one.proof}"
    over = ""
    if one.revoked_at is not None and one.revoked_source is not None:
        when = formats.date_and_time(one.revoked_at, zone)
        over = _said(_("Taken back on {when}, {source}"), _("Taken back on {when}, {source}, written down by {person}"),
                     when, one.revoked_source, one.revoked_by)  # fmt: skip
    return what, given, over


def _said(alone: str, by_somebody: str, when: str, source: str, person: str) -> str:
    words = by_somebody if person else alone
    return words.format(when=when, source=consent_source_phrase(source), person=person)


def _history_row(one: Consent, zone: dt.tzinfo) -> QWidget:
    what, given, over = history_lines(one, zone)
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(10)
    icon = IconLabel("check" if one.stands else "ban", "okText" if one.stands else "muted", 16)
    row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(Label(what, "strong", "text" if one.stands else "muted"))
    told = [given, over]
    if one.words != asked_words(one.purpose):
        told.append(_("In these words: “{words}”").format(words=one.words))
    for line in filter(None, told):
        label = Label(line, "second", "muted", wrap=True)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        words.addWidget(label)
    row.addLayout(words, 1)
    return holder
