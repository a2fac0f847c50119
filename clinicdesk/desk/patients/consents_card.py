"""What a patient lets the clinic send them, as a card beside the timeline."""

import datetime as dt
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk import formats
from clinicdesk.desk import allowed
from clinicdesk.desk.patients.facts import empty, fact_row
from clinicdesk.desk.patients.reading import Profile
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.wording_messages import channels_words, purpose_word
from clinicdesk.domain.consents import Consent, said_at, standing, was_asked
from clinicdesk.domain.messages import ChannelKind, Purpose
from clinicdesk.domain.staff import Capability
from clinicdesk.words import _


class ConsentsCard(QFrame):
    """`change_wanted` asks for the popover in which consents are given and taken back."""

    change_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 20, 16)
        column.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(Label(_("May we write?"), "strong"))
        head.addStretch(1)
        self.change = Button(_("Edit"), "link", size="dense")
        self.change.setAccessibleName(_("Change consents"))
        self.change.clicked.connect(self.change_wanted)
        allowed.guard(self.change, Capability.WRITE_PATIENTS)
        head.addWidget(self.change)
        column.addLayout(head)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(10)
        column.addLayout(self._rows)

    def show_profile(self, profile: Profile, zone: dt.tzinfo) -> None:
        """Show what stands; who was never asked about something is shown to be that."""
        empty(self._rows)
        for purpose in Purpose:
            icon, value, what = consent_fact(profile.consents, purpose, zone)
            self._rows.addWidget(fact_row(icon, value, what))


def consent_fact(consents: Sequence[Consent], purpose: Purpose, zone: dt.tzinfo) -> tuple[str, str, str]:
    """Icon, by which channels and since when, and what for."""
    stands = standing(consents, purpose)
    what = purpose_word(purpose)
    if stands:
        ordered = tuple(str(one) for one in ChannelKind if one in stands)
        newest = max(one.given_at for one in consents if one.purpose is purpose and one.stands)
        since = _("since {day}").format(day=formats.numeric_date(newest.astimezone(zone).date()))
        return "message-circle", channels_words(ordered), f"{what} · {since}"
    if was_asked(consents, purpose):
        last = max(said_at(one) for one in consents if one.purpose is purpose)
        day = formats.numeric_date(last.astimezone(zone).date())
        return "ban", _("Not any more"), f"{what} · {_('since {day}').format(day=day)}"
    return "circle-question-mark", _("Never asked"), what
