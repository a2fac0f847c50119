"""One recall beside the list: whom to call, what for, what was tried, and what came of it now."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.dates import moment
from clinicdesk.desk.recalls.words import ICONS, due_words, last_visit_words, outcome_word, what_for
from clinicdesk.desk.shortcuts import RECALLS, key_for
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.chip import Chip
from clinicdesk.desk.widgets.icon_line import IconLine
from clinicdesk.desk.widgets.label import Label, narrow_label, separator
from clinicdesk.domain.patients import age, show_phone
from clinicdesk.domain.recall import Attempt, Outcome, Recall, RecallState
from clinicdesk.words import _, ngettext

TRIES = (Outcome.NO_ANSWER, Outcome.LEFT_MESSAGE, Outcome.CALL_BACK, Outcome.REFUSED)


class RecallPanel(QWidget):
    """`commanded` carries a command of the table of keys."""

    commanded = Signal(str)

    def __init__(self, recall: Recall, clock: DeskClock) -> None:
        super().__init__()
        self.recall = recall
        self._clock = clock
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._tried = QVBoxLayout()
        self._tried.setSpacing(8)
        self._build()

    def show_attempts(self, attempts: Sequence[Attempt]) -> None:
        """What was tried, the latest first."""
        while (item := self._tried.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for one in attempts:
            when = moment(one.at, self._clock.now(), self._clock.zone)
            words = " · ".join(filter(None, (outcome_word(one.outcome), when, one.person_name, one.note)))
            self._tried.addWidget(IconLine(ICONS[one.outcome], words))
        if not attempts:
            self._tried.addWidget(Label(_("Not tried yet"), "second", "muted"))

    def _build(self) -> None:
        recall, today = self.recall, self._clock.today()
        words, tone = due_words(recall, today)
        row = QHBoxLayout()
        row.addWidget(Chip(words, tone, "calendar-days"))
        row.addStretch(1)
        self._column.addLayout(row)
        self._column.addWidget(narrow_label(recall.patient_name, "panel_name"))
        self._column.addWidget(narrow_label(self._who(), "second", "muted"))
        self._column.addWidget(IconLine("stethoscope", what_for(recall)))
        phone = show_phone(recall.patient_phone) or _("No phone")
        self._column.addWidget(IconLine("phone", phone))
        if recall.reason:
            self._column.addWidget(Banner("info", recall.reason, icon="sticky-note"))
        if recall.booked_for is not None:
            when = moment(recall.booked_for, self._clock.now(), self._clock.zone)
            self._column.addWidget(Banner("ok", _("Booked for {when}").format(when=when), icon="calendar-check"))
        self._add_actions()
        self._column.addWidget(separator())
        self._column.addWidget(Label(_("Attempts"), "subsection"))
        self._column.addLayout(self._tried)
        self._column.addStretch(1)

    def _who(self) -> str:
        born, today = self.recall.patient_birth_date, self._clock.today()
        parts = [last_visit_words(self.recall, today, self._clock.zone)]
        if born is not None:
            years = age(born, today)
            parts.insert(0, ngettext("{count} year old", "{count} years old", years).format(count=years))
        return " · ".join(parts)

    def _add_actions(self) -> None:
        if self.recall.state is RecallState.BOOKED:
            self._column.addWidget(self._button("show", _("Show the visit"), "calendar-days", "secondary"))
            return
        if self.recall.state is not RecallState.OPEN:
            self._column.addWidget(self._button("reopen", _("Call again"), "undo-2", "primary"))
            return
        self._column.addWidget(self._button("book", _("Book"), "calendar-plus", "primary"))
        grid = QGridLayout()
        grid.setSpacing(8)
        for place, outcome in enumerate(TRIES):
            button = self._button(outcome, outcome_word(outcome), "", "secondary")
            grid.addWidget(button, place // 2, place % 2)
        self._column.addLayout(grid)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._button("postpone", _("Next month"), "calendar-clock", "flat"))
        row.addWidget(self._button("give_up", _("Give up"), "ban", "flat"))
        self._column.addLayout(row)

    def _button(self, command: str, words: str, icon: str, kind: str) -> Button:
        key = key_for(RECALLS, command) if command not in ("show", "reopen") else ""
        button = Button(words, kind, icon, key if kind == "primary" else "", "key" if kind == "primary" else "normal")
        if key and kind != "primary":
            button.setToolTip(f"{words} ({key})")
        button.clicked.connect(lambda: self.commanded.emit(command))
        return button
