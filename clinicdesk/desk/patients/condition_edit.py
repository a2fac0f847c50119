"""One condition of a segment: what it is about, and the parts that say how much, when or which."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from babel.dates import get_month_names
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from clinicdesk import formats
from clinicdesk.desk.dates import capitalised
from clinicdesk.desk.patients.chip_flow import ChipFlow
from clinicdesk.desk.widgets.button import icon_button
from clinicdesk.desk.widgets.chip import FilterChip
from clinicdesk.desk.widgets.fields import LineEdit, Select
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.masked_edit import MaskedEdit
from clinicdesk.desk.widgets.masks import mask_date, read_date
from clinicdesk.domain.custom_fields import CustomField, Kind, read_number
from clinicdesk.domain.segments import (
    KINDS,
    AgeBetween,
    AverageDays,
    Birthday,
    Condition,
    HasTags,
    How,
    LastVisit,
    LateCancellations,
    NextVisit,
    NoShows,
    OwnDate,
    OwnNumber,
    OwnText,
    OwnYesNo,
    Source,
    Span,
    Vip,
    Visits,
)
from clinicdesk.domain.tags import Tag
from clinicdesk.errors import InvalidField
from clinicdesk.words import _, language, marked

_BOUNDED: dict[type, str] = {
    AgeBetween: marked("years"),
    LastVisit: marked("days ago"),
    Visits: marked("visits"),
    NoShows: marked("no-shows"),
    LateCancellations: marked("times"),
    AverageDays: marked("days"),
}
ABOUT: dict[type, str] = {
    LastVisit: marked("Last visit"),
    NextVisit: marked("Next visit"),
    Visits: marked("Visits that took place"),
    NoShows: marked("No-shows"),
    LateCancellations: marked("Late cancellations"),
    AverageDays: marked("Days between visits"),
    HasTags: marked("Tags"),
    AgeBetween: marked("Age"),
    Birthday: marked("Birthday"),
    Vip: marked("VIP"),
    Source: marked("How they found us"),
}
_OWN = {
    Kind.TEXT: OwnText,
    Kind.CHOICE: OwnText,
    Kind.NUMBER: OwnNumber,
    Kind.DATE: OwnDate,
    Kind.YES_NO: OwnYesNo,
}


@dataclass(frozen=True)
class World:
    """What conditions may speak of, and which day it is."""

    tags: Sequence[Tag]
    fields: Sequence[CustomField]
    today: Callable[[], date]

    def field(self, field_id: UUID) -> CustomField | None:
        """One of the clinic's own fields."""
        return next((one for one in self.fields if one.id == field_id), None)


class ConditionEdit(QWidget):
    """`changed` is any change a person makes; `remove_wanted` is the press on its cross."""

    changed = Signal()
    remove_wanted = Signal()

    def __init__(self, world: World, condition: Condition | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._world = world
        self._read: Callable[[], Condition | None] = lambda: None
        self._parts = QWidget()
        self.about = Select([("", _("Choose what")), *_subjects(world)])
        self.about.setFixedWidth(208)
        self.about.setAccessibleName(_("What the condition is about"))
        remove = icon_button("x", _("Remove this condition"))
        remove.clicked.connect(self.remove_wanted)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addWidget(self.about)
        self._row.addWidget(self._parts, 1)
        self._row.addWidget(remove)
        if condition is not None:
            self.about.set_value(_subject(condition))
        self._show(condition)
        self.about.activated.connect(lambda _row: self._chosen())

    def condition(self) -> Condition | None:
        """What is said; None while it says nothing."""
        return self._read()

    def _chosen(self) -> None:
        self._show(None)
        self.changed.emit()

    def _show(self, given: Condition | None) -> None:
        """Put up the parts of what the condition is about, holding what `given` says."""
        self._parts.hide()
        self._parts.deleteLater()
        self._parts = QWidget()
        row = QHBoxLayout(self._parts)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        subject = self.about.value
        self._read = lambda: None
        if isinstance(subject, UUID):
            field = self._world.field(subject)
            if field is not None:
                self._read = self._own(row, field, given)
        elif isinstance(subject, str) and subject:
            self._read = self._common(row, KINDS[subject], given)
        if self._parts.findChild(ChipFlow) is None:  # chips take what room there is
            row.addStretch(1)
        self._row.insertWidget(1, self._parts, 1)

    def _common(self, row: QHBoxLayout, kind: type, given: Any) -> Callable[[], Condition | None]:
        if kind in _BOUNDED:
            return self._bounds(row, kind, given)
        if kind in (NextVisit, Vip):
            says = (_("is booked"), _("is not booked")) if kind is NextVisit else (_("yes"), _("no"))
            wanted = self._choice(row, [(True, says[0]), (False, says[1])], given.wanted if given else kind().wanted)
            return lambda: kind(wanted())
        if kind is Birthday:
            when = self._choice(row, _birthdays(), (given.span, given.month) if given else (Span.TODAY, 1))
            return lambda: Birthday(*when())
        if kind is Source:
            text = self._line(row, given.text if given else "", _("referral, Instagram, passing by…"))
            return lambda: Source(text()) if text() else None
        return self._tags(row, given)

    def _tags(self, row: QHBoxLayout, given: HasTags | None) -> Callable[[], Condition | None]:
        ways: list[tuple[object, str]] = [(How.ANY, _("any of")), (How.ALL, _("all of")), (How.NONE, _("none of"))]
        how = self._choice(row, ways, given.how if given else How.ANY)
        picked = self._chips(row, [(one.id, one.name) for one in self._world.tags], given.tags if given else ())
        return lambda: HasTags(tuple(picked()), how()) if picked() else None

    def _bounds(self, row: QHBoxLayout, kind: type, given: Any) -> Callable[[], Condition | None]:
        row.addWidget(Label(_("from"), "second", "muted"))
        least = self._number(row, given.least if given else None)
        row.addWidget(Label(_("to"), "second", "muted"))
        most = self._number(row, given.most if given else None)
        row.addWidget(Label(_(_BOUNDED[kind]), "second", "muted"))

        def read() -> Condition | None:
            lowest, highest = (None if one is None else int(one) for one in (least(), most()))
            return None if lowest is None and highest is None else kind(lowest, highest)

        return read

    def _own(self, row: QHBoxLayout, field: CustomField, given: Any) -> Callable[[], Condition | None]:
        match field.kind:
            case Kind.TEXT:
                text = self._line(row, given.texts[0] if given and given.texts else "", _("holds these letters"))
                return lambda: OwnText(field.id, (text(),)) if text() else None
            case Kind.CHOICE:
                picked = self._chips(row, [(one, one) for one in field.choices], given.texts if given else ())
                return lambda: OwnText(field.id, tuple(picked())) if picked() else None
            case Kind.YES_NO:
                wanted = self._choice(row, [(True, _("yes")), (False, _("no"))], given.wanted if given else True)
                return lambda: OwnYesNo(field.id, wanted())
            case Kind.NUMBER:
                return self._span(row, self._number, given, ("lowest", "highest"), partial(OwnNumber, field.id))
        return self._span(row, self._day, given, ("first", "last"), partial(OwnDate, field.id))

    def _span(
        self,
        row: QHBoxLayout,
        part: Callable[[QHBoxLayout, Any], Callable[[], Any]],
        given: Any,
        names: tuple[str, str],
        make: Callable[[Any, Any], Condition],
    ) -> Callable[[], Condition | None]:
        row.addWidget(Label(_("from"), "second", "muted"))
        first = part(row, getattr(given, names[0]) if given else None)
        row.addWidget(Label(_("to"), "second", "muted"))
        last = part(row, getattr(given, names[1]) if given else None)
        return lambda: None if first() is None and last() is None else make(first(), last())

    # --- parts ---

    def _choice(self, row: QHBoxLayout, options: Sequence[tuple[object, str]], value: object) -> Callable[[], Any]:
        select = Select(options)
        select.set_value(value)
        select.activated.connect(lambda _row: self.changed.emit())
        row.addWidget(select)
        return lambda: select.value

    def _line(self, row: QHBoxLayout, text: str, hint: str) -> Callable[[], str]:
        line = LineEdit(hint)
        line.setText(text)
        line.setMinimumWidth(200)
        line.textEdited.connect(lambda _text: self.changed.emit())
        row.addWidget(line)
        return lambda: line.text().strip()

    def _number(self, row: QHBoxLayout, value: int | Decimal | None) -> Callable[[], Decimal | None]:
        line = LineEdit(numbers=True)
        line.setFixedWidth(64)
        line.setText("" if value is None else formats.decimal(Decimal(value)))
        line.textEdited.connect(lambda _text: self.changed.emit())
        row.addWidget(line)

        def read() -> Decimal | None:
            try:
                return read_number(line.text())
            except InvalidField:
                return None

        return read

    def _day(self, row: QHBoxLayout, value: date | None) -> Callable[[], date | None]:
        line = MaskedEdit(mask_date, _("dd/mm/yyyy"))
        line.setFixedWidth(112)
        line.setText(formats.numeric_date(value) if value else "")
        line.textEdited.connect(lambda _text: self.changed.emit())
        row.addWidget(line)

        def read() -> date | None:
            try:
                return read_date(line.text(), self._world.today(), "date")
            except InvalidField:
                return None

        return read

    def _chips(
        self, row: QHBoxLayout, options: Sequence[tuple[Any, str]], on: Sequence[object]
    ) -> Callable[[], list[Any]]:
        chips = {value: FilterChip(words, value in on) for value, words in options}
        flow = ChipFlow(self)
        flow.keep_last(*chips.values())
        flow.show_chips([])
        flow.setSizePolicy(QSizePolicy.Policy.Expanding, flow.sizePolicy().verticalPolicy())
        for chip in chips.values():
            chip.toggled.connect(lambda _on: self.changed.emit())
        row.addWidget(flow, 1)
        return lambda: [value for value, chip in chips.items() if chip.isChecked()]


def _subjects(world: World) -> list[tuple[object, str]]:
    names = {kind: name for name, kind in KINDS.items()}
    return [
        *((names[kind], _(words)) for kind, words in ABOUT.items() if kind is not HasTags or world.tags),
        *((field.id, field.name) for field in world.fields),
    ]


def _subject(condition: Condition) -> object:
    if isinstance(condition, OwnText | OwnNumber | OwnDate | OwnYesNo):
        return condition.field
    return next(name for name, kind in KINDS.items() if kind is type(condition))


def _birthdays() -> list[tuple[object, str]]:
    months = get_month_names("wide", context="stand-alone", locale=language())
    return [
        ((Span.TODAY, 1), _("today")),
        ((Span.THIS_MONTH, 1), _("this month")),
        *(((Span.MONTH, month), capitalised(name)) for month, name in months.items()),
    ]


def speaks_of(condition: Condition, world: World) -> bool:
    """Whether all that a condition names is still there."""
    if isinstance(condition, OwnText | OwnNumber | OwnDate | OwnYesNo):
        field = world.field(condition.field)
        return field is not None and _OWN[field.kind] is type(condition)
    if isinstance(condition, HasTags):
        return {one.id for one in world.tags} >= set(condition.tags)
    return True


def condition_words(condition: Condition, world: World) -> str:
    """A condition in few words, for the list of segments."""
    match condition:
        case HasTags():
            names = [one.name for one in world.tags if one.id in condition.tags]
            said = {How.ANY: _("Tag"), How.ALL: _("All the tags"), How.NONE: _("Without the tag")}[condition.how]
            return f"{said}: {', '.join(names) or '?'}"
        case NextVisit():
            return _("Next visit booked") if condition.wanted else _("No next visit")
        case Vip():
            return _("VIP") if condition.wanted else _("not VIP")
        case Source():
            return condition.text
        case Birthday():
            words = dict(_birthdays())
            kept = 1 if condition.span is not Span.MONTH else condition.month
            return f"{_('Birthday')}: {words[condition.span, kept].lower()}"
        case OwnText() | OwnNumber() | OwnDate() | OwnYesNo():
            return _own_words(condition, world)
    return f"{_(ABOUT[type(condition)])}: {_between(condition.least, condition.most)} {_(_BOUNDED[type(condition)])}"


def _own_words(condition: OwnText | OwnNumber | OwnDate | OwnYesNo, world: World) -> str:
    field = world.field(condition.field)
    name = field.name if field else "?"
    match condition:
        case OwnText():
            return f"{name}: {', '.join(condition.texts)}"
        case OwnYesNo():
            return f"{name}: {_('yes') if condition.wanted else _('no')}"
        case OwnNumber():
            lowest, highest = (None if one is None else formats.decimal(one) for one in _ends(condition))
            return f"{name}: {_between(lowest, highest)}"
    first, last = (None if one is None else formats.numeric_date(one) for one in (condition.first, condition.last))
    return f"{name}: {_between(first, last)}"


def _ends(condition: OwnNumber) -> tuple[Decimal | None, Decimal | None]:
    return condition.lowest, condition.highest


def _between(first: object, last: object) -> str:
    if first is not None and last is not None:
        return str(first) if first == last else f"{first}–{last}"
    return _("from {value}").format(value=first) if last is None else _("to {value}").format(value=last)
