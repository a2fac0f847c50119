"""The fields that a clinic added, in a patient's form: an editor for each, read back as the domain wants it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import cast
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from clinicdesk import formats
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit, Select
from clinicdesk.desk.widgets.masked_edit import MaskedEdit
from clinicdesk.desk.widgets.masks import mask_date, read_date
from clinicdesk.desk.wording_fields import field_problem
from clinicdesk.domain.custom_fields import CustomField, Kind, Value, clean_value, name_in_form, read_number
from clinicdesk.errors import InvalidField
from clinicdesk.words import _

_YEARS_AHEAD = 20  # how far ahead a year of two figures may lie


class OwnFields(QWidget):
    """Two in a row, in the clinic's order. `changed` is any change a person makes."""

    changed = Signal()

    def __init__(
        self, definitions: Sequence[CustomField], today: Callable[[], date], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._today = today
        self._definitions = {one.id: one for one in definitions}
        self._editors: dict[UUID, QWidget] = {one.id: _editor(one) for one in definitions}
        self.fields: dict[str, Field] = {
            name_in_form(one.id): Field(one.name, self._editors[one.id], True, check=self._check(one))
            for one in definitions
        }
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(0)
        for place, field in enumerate(self.fields.values()):
            grid.addWidget(field, place // 2, place % 2, Qt.AlignmentFlag.AlignTop)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        for editor in self._editors.values():
            if isinstance(editor, Select):
                editor.activated.connect(lambda _row: self.changed.emit())
            elif isinstance(editor, QLineEdit):
                editor.textEdited.connect(lambda _text: self.changed.emit())
        self.setVisible(bool(definitions))

    def values(self) -> dict[UUID, Value | None]:
        """What was typed, None for nothing; what is not accepted counts as nothing, and its check says so."""
        return {field_id: self._value(field_id) for field_id in self._definitions}

    def show_values(self, values: Mapping[UUID, Value | None]) -> None:
        """Show these values."""
        for field_id in self._definitions:
            self.show_value(field_id, values.get(field_id))

    def show_value(self, field_id: UUID, value: Value | None) -> None:
        """Show one value. A choice that is no longer offered is offered to whoever has it."""
        editor = self._editors.get(field_id)
        if isinstance(editor, Select):
            definition = self._definitions[field_id]
            if definition.kind is Kind.CHOICE and isinstance(value, str) and value not in definition.choices:
                editor.set_options([*_options(definition), (value, value)])
            editor.set_value("" if value is None else value)
        elif isinstance(editor, QLineEdit):
            editor.setText(own_words(value))

    def _value(self, field_id: UUID) -> Value | None:
        definition, editor = self._definitions[field_id], self._editors[field_id]
        if isinstance(editor, Select):
            return cast("str | bool | None", None if editor.value == "" else editor.value)
        try:
            return self._read(definition, cast(QLineEdit, editor).text())
        except InvalidField:
            return None

    def _check(self, definition: CustomField) -> Callable[[str], str]:
        def check(text: str) -> str:
            if definition.kind in (Kind.CHOICE, Kind.YES_NO):
                return ""
            try:
                clean_value(definition, self._read(definition, text))
            except InvalidField as problem:
                return field_problem(problem)
            return ""

        return check

    def _read(self, definition: CustomField, text: str) -> Value | None:
        if definition.kind is Kind.NUMBER:
            return read_number(text)
        if definition.kind is Kind.DATE:
            return read_date(text, self._today() + timedelta(days=366 * _YEARS_AHEAD), "date")
        return text.strip() or None


def _editor(definition: CustomField) -> QWidget:
    match definition.kind:
        case Kind.CHOICE | Kind.YES_NO:
            return Select(_options(definition))
        case Kind.DATE:
            return MaskedEdit(mask_date, _("dd/mm/yyyy"))
        case Kind.NUMBER:
            return LineEdit(numbers=True)
    return LineEdit()


def _options(definition: CustomField) -> list[tuple[object, str]]:
    if definition.kind is Kind.YES_NO:
        return [("", "–"), (True, _("Yes")), (False, _("No"))]
    return [("", "–"), *((choice, choice) for choice in definition.choices)]


def own_words(value: Value | None) -> str:
    """What a field holds as it is written on screen."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Decimal):
        return formats.decimal(value)
    return formats.numeric_date(value) if isinstance(value, date) else value
