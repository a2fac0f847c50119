"""The promotions of a service: what it costs from one day to another, and what one says when two share a day."""

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.preferences.bound import Bound, amount, whole_number
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.chip import Chip
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit, Select
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.masked_edit import MaskedEdit
from clinicdesk.desk.widgets.masks import mask_date, read_date
from clinicdesk.domain.clinics import Promotion
from clinicdesk.domain.preferences import clean_promotion, overlapping
from clinicdesk.errors import InvalidField
from clinicdesk.formats import money, numeric_date
from clinicdesk.words import _

PERCENT, PRICE = "percent", "price"
_DECADE = dt.timedelta(days=3653)


def promotion_words(one: Promotion) -> str:
    """A promotion in one line: “Verão, 01/12/2026–31/12/2026, −20 %”."""
    days = f"{numeric_date(one.first_day)}–{numeric_date(one.last_day)}"
    return f"{one.name}, {days}, {_how_much(one)}"


def _how_much(one: Promotion) -> str:
    return money(one.price) if one.price is not None else f"−{one.percent_off} %"


class PromotionsEdit(QWidget):
    """`edited` is the person's doing. What is half typed is in `promotions` only once it can be read."""

    edited = Signal()

    def __init__(self, today: Callable[[], dt.date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self.rows: list[_PromotionRow] = []
        self.overlap = Label("", "second", "infoText", wrap=True)
        self.overlap.hide()
        self.add_button = Button(_("Add a promotion"), icon="plus")
        self.add_button.clicked.connect(self._add)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 8)
        self._column.setSpacing(6)
        self._column.addWidget(self.overlap)
        self._column.addWidget(self.add_button, alignment=Qt.AlignmentFlag.AlignLeft)

    def promotions(self) -> tuple[Promotion, ...]:
        """The promotions in order of time. Raises InvalidField for one that cannot be read."""
        return tuple(sorted((row.promotion() for row in self.rows), key=lambda one: (one.first_day, one.name)))

    def set_promotions(self, promotions: Sequence[Promotion]) -> None:
        """Show these, telling nobody."""
        for row in list(self.rows):
            self._drop(row)
        for one in promotions:
            self._insert().put(one)
        self._say_overlaps()

    def set_read_only(self, read_only: bool) -> None:
        """Let them be looked at only."""
        self.add_button.setVisible(not read_only)
        for row in self.rows:
            row.setEnabled(not read_only)

    def _add(self) -> None:
        row = self._insert()
        today = self._today()
        row.put(Promotion("", today, today + dt.timedelta(days=30), None, 10))
        row.name.setFocus(Qt.FocusReason.OtherFocusReason)
        self._edited()

    def _insert(self) -> "_PromotionRow":
        row = _PromotionRow(self._today())
        row.edited.connect(self._edited)
        row.gone.connect(lambda: self._remove(row))
        self._column.insertWidget(len(self.rows), row)
        self.rows.append(row)
        return row

    def _remove(self, row: "_PromotionRow") -> None:
        self._drop(row)
        self._edited()

    def _drop(self, row: "_PromotionRow") -> None:
        self.rows.remove(row)
        row.hide()
        row.deleteLater()

    def _edited(self) -> None:
        self._say_overlaps()
        self.edited.emit()

    def _say_overlaps(self) -> None:
        try:
            pairs = overlapping(self.promotions())
        except InvalidField:
            pairs = []
        self.overlap.setVisible(bool(pairs))
        if pairs:
            one, other = pairs[0]
            words = _("{one} and {other} share days; on those the cheaper price holds")
            self.overlap.setText(words.format(one=one.name, other=other.name))


class PromotionsBound(Bound):
    """The promotions of a service."""

    def __init__(self, name: str, words: str, today: Callable[[], dt.date]) -> None:
        self.edit = PromotionsEdit(today)
        super().__init__(name, words, Field(words, self.edit, optional=True))
        self.edit.edited.connect(self._edited)

    def value(self) -> tuple[Promotion, ...]:
        return self.edit.promotions()

    def put(self, value: Any) -> None:
        self.edit.set_promotions(value)

    def shown(self, value: Any) -> str:
        return "; ".join(map(promotion_words, value)) or _("none")

    def set_read_only(self, read_only: bool) -> None:
        self.edit.set_read_only(read_only)


class _PromotionRow(QWidget):
    edited = Signal()
    gone = Signal()

    def __init__(self, today: dt.date) -> None:
        super().__init__()
        self._today = today
        self.name = LineEdit(_("Name"))
        self.first_day, self.last_day = MaskedEdit(mask_date, _("dd/mm/yyyy")), MaskedEdit(mask_date, _("dd/mm/yyyy"))
        self.how = Select([(PERCENT, _("% off")), (PRICE, _("for R$"))])
        self.amount = LineEdit(numbers=True)
        self._state = Chip("", "muted")
        named = (
            (self.name, _("Name of the promotion"), 0),
            (self.first_day, _("First day"), 116),
            (self.last_day, _("Last day"), 116),
            (self.how, _("How it is given"), 132),
            (self.amount, _("How much"), 88),
        )
        remove = icon_button("x", _("Remove the promotion"), size="dense")
        remove.clicked.connect(self.gone)
        head, foot = QHBoxLayout(), QHBoxLayout()
        for widget, words, width in named:
            widget.setAccessibleName(words)
            widget.setToolTip(words)
            if width:
                widget.setFixedWidth(width)
        head.addWidget(self.name, 1)
        head.addWidget(self._state)
        head.addWidget(remove)
        for part in (self.first_day, Label("–", "body", "muted"), self.last_day, self.how, self.amount):
            foot.addWidget(part)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(6)
        for line in (head, foot):
            line.setSpacing(8)
            column.addLayout(line)
        for edit in (self.name, self.first_day, self.last_day, self.amount):
            edit.textEdited.connect(self._typed)
        self.how.activated.connect(lambda _row: self._typed())

    def put(self, one: Promotion) -> None:
        self.name.setText(one.name)
        self.first_day.setText(numeric_date(one.first_day))
        self.last_day.setText(numeric_date(one.last_day))
        self.how.set_value(PERCENT if one.percent_off is not None else PRICE)
        self.amount.setText(str(one.percent_off) if one.percent_off is not None else _plain(one.price))
        self._show_state()

    def promotion(self) -> Promotion:
        """What is typed. Raises InvalidField."""
        first, last = self._day(self.first_day, "first_day"), self._day(self.last_day, "last_day")
        percent = self.how.value == PERCENT
        return clean_promotion(
            Promotion(
                self.name.text().strip(),
                first,
                last,
                None if percent else amount("price")(self.amount.text()),
                whole_number("percent_off")(self.amount.text()) if percent else None,
            )
        )

    def _day(self, line: MaskedEdit, field: str) -> dt.date:
        day = read_date(line.text(), self._today + _DECADE, field)
        if day is None:
            raise InvalidField(field, "missing")
        return day

    def _typed(self) -> None:
        self._show_state()
        self.edited.emit()

    def _show_state(self) -> None:
        try:
            one = self.promotion()
        except InvalidField:
            self._state.set_state(_("unfinished"), "warn")
            return
        if one.holds_on(self._today):
            self._state.set_state(_("in force"), "ok")
        else:
            over = one.last_day < self._today
            self._state.set_state(_("over") if over else _("to come"), "muted" if over else "info")


def _plain(price: Decimal | None) -> str:
    return f"{price:.2f}".replace(".", ",") if price is not None else ""
