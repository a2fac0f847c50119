"""The fields a clinic added to its services, one below the other, as one value of the form."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinicdesk.desk.preferences.bound import Bound
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit, Select
from clinicdesk.desk.widgets.masked_edit import MaskedEdit
from clinicdesk.desk.widgets.masks import mask_date, read_date
from clinicdesk.domain.custom_fields import CustomField, Kind, Value, clean_value, from_stored, read_number, to_stored
from clinicdesk.formats import numeric_date
from clinicdesk.words import _

_FAR = dt.date(2100, 1, 1)


class CustomBound(Bound):
    """Values by the ids of their fields; what belongs to a field that is not asked any more is kept as it is."""

    def __init__(self, name: str, words: str, fields: Sequence[CustomField]) -> None:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.fields = {str(one.id): (one, _part(one)) for one in fields}
        for one, part in self.fields.values():
            column.addWidget(Field(one.name, part, optional=True))
        super().__init__(name, words, holder)
        self._given: dict[str, Any] = {}
        for _one, part in self.fields.values():
            if isinstance(part, Select):
                part.activated.connect(lambda _row: self.changed.emit())
            else:
                part.textEdited.connect(lambda _text: self.changed.emit())

    def value(self) -> dict[str, Any]:
        found = {key: kept for key, kept in self._given.items() if key not in self.fields}
        for key, (one, part) in self.fields.items():
            value = clean_value(one, _read(one, part))
            if value is not None:
                found[key] = to_stored(value)
        return found

    def put(self, value: Any) -> None:
        self._given = dict(value)
        for key, (one, part) in self.fields.items():
            kept = from_stored(one, self._given.get(key))
            if isinstance(part, Select):
                part.set_value(kept)
                if kept is None:
                    part.setCurrentIndex(0)
            else:
                part.setText(_written(kept))

    def shown(self, value: Any) -> str:
        named = []
        for key, kept in value.items():
            one = self.fields[key][0] if key in self.fields else None
            known = from_stored(one, kept) if one else None
            if one and known is not None:
                named.append(f"{one.name}: {_written(known)}")
        return "; ".join(named) or _("empty")


def _part(one: CustomField) -> LineEdit | Select:
    if one.kind is Kind.CHOICE:
        return Select([(None, "–"), *((choice, choice) for choice in one.choices)])
    if one.kind is Kind.YES_NO:
        return Select([(None, "–"), (True, _("yes")), (False, _("no"))])
    if one.kind is Kind.DATE:
        return MaskedEdit(mask_date, _("dd/mm/yyyy"))
    return LineEdit(numbers=one.kind is Kind.NUMBER)


def _read(one: CustomField, part: LineEdit | Select) -> Value | None:
    if isinstance(part, Select):
        value = part.value
        return value if isinstance(value, str | bool) else None
    text = part.text().strip()
    if not text:
        return None
    if one.kind is Kind.NUMBER:
        return read_number(text)
    return read_date(text, _FAR, "date") if one.kind is Kind.DATE else text


def _written(value: Value | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str):
        return value
    return numeric_date(value) if isinstance(value, dt.date) else f"{value:f}".replace(".", ",")
