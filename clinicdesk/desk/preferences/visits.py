"""The visits a change touches, one line each, for whoever wants to see them before saving."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.preferences.wording import effect_words
from clinicdesk.desk.widgets.button import icon_button
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.effects import Effect
from clinicdesk.formats import day_and_time
from clinicdesk.words import _, ngettext

_WIDTH = 520
_MOST = 100


class VisitsPopover(Popover):
    """A list to read; Esc closes it."""

    def __init__(self, owner: QWidget, effect: Effect, clock: DeskClock) -> None:
        super().__init__(owner, veiled=True, radius=16)
        card = QWidget()
        card.setFixedWidth(_WIDTH)
        column = QVBoxLayout(card)
        column.setContentsMargins(24, 16, 12, 16)
        head = QHBoxLayout()
        head.addWidget(Label(effect_words(effect), "subsection", wrap=True), 1)
        close = icon_button("x", _("Close"), size="dense", key="Esc")
        close.clicked.connect(self.dismiss)
        head.addWidget(close)
        column.addLayout(head)
        lines = QWidget()
        lines.setAutoFillBackground(False)
        inner = QVBoxLayout(lines)
        inner.setContentsMargins(0, 8, 12, 0)
        inner.setSpacing(6)
        for visit in effect.visits[:_MOST]:
            inner.addWidget(visit_line(visit, clock))
        more = len(effect.visits) - _MOST
        if more > 0:
            words = ngettext("and {count} more", "and {count} more", more).format(count=more)
            inner.addWidget(Label(words, "second", "muted"))
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.viewport().setAutoFillBackground(False)
        scroll.setWidget(lines)
        scroll.setFixedHeight(min(420, 16 + 46 * min(len(effect.visits), _MOST + 1)))
        column.addWidget(scroll)
        self.set_content(card, close)


def visit_line(visit: Appointment, clock: DeskClock) -> QWidget:
    """When, who, what, with whom and where."""
    line = QWidget()
    column = QVBoxLayout(line)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(Label(visit.patient_name, "strong"))
    place = (day_and_time(visit.starts_at, clock.zone), visit.service_name, visit.professional_name, visit.room_name)
    column.addWidget(Label(" · ".join(filter(None, place)), "second", "muted", numbers=True))
    return line
