"""Fields tied to a form: each knows its name in the form, its value, and how to say a value in words."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk import formats
from clinicdesk.desk.preferences.icon_picker import IconPicker
from clinicdesk.desk.preferences.picks import Picks
from clinicdesk.desk.preferences.picture_edit import PictureEdit
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit, Select, TextArea
from clinicdesk.desk.widgets.hue_picker import HuePicker
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.masked_edit import MaskedEdit
from clinicdesk.desk.widgets.masks import Mask
from clinicdesk.desk.widgets.switch import Switch
from clinicdesk.desk.wording_fields import field_problem
from clinicdesk.errors import InvalidField
from clinicdesk.words import _

Check = Callable[[Any], Any]
Options = Sequence[tuple[Any, str]]


class Bound(QObject):
    """One field of a form. `widget` is what stands in the form, `changed` the person's own doing."""

    changed = Signal()

    def __init__(self, name: str, label: str, widget: QWidget, check: Check | None = None) -> None:
        super().__init__(widget)
        self.name = name
        self.label = label
        self.widget = widget
        self._check = check

    def value(self) -> Any:
        """What the field holds, as the form takes it. Raises InvalidField when it cannot be read."""
        raise NotImplementedError

    def put(self, value: Any) -> None:
        """Show a value, telling nobody."""
        raise NotImplementedError

    def shown(self, value: Any) -> str:
        """A value in words, as history and a stale save tell it."""
        return str(value) if value not in ("", None) else _("empty")

    def set_error(self, words: str) -> None:
        """What is wrong, under the field; empty takes it away."""
        if isinstance(self.widget, Field):
            self.widget.set_error(words)

    def set_hint(self, words: str, tone: str = "muted", icon: str = "") -> None:
        """Advice under the field."""
        if isinstance(self.widget, Field):
            self.widget.set_hint(words, tone, icon)

    def set_read_only(self, read_only: bool) -> None:
        """Let it be read and not changed."""
        self.widget.setEnabled(not read_only)

    def problem(self) -> str:
        """What is wrong with the value now, in words; empty when nothing is."""
        try:
            value = self.value()
            if self._check is not None:
                self._check(value)
        except InvalidField as problem:
            return field_problem(problem)
        return ""

    def focus(self) -> None:
        """Take the keyboard."""
        target = self.widget.editor if isinstance(self.widget, Field) else self.widget
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _left(self) -> None:
        self.set_error(self.problem())

    def _edited(self) -> None:
        if isinstance(self.widget, Field) and self.widget.error and not self.problem():
            self.widget.set_error("")
        self.changed.emit()


class LineBound(Bound):
    """One line of text; `read` turns what is typed into the value and `write` back."""

    def __init__(
        self,
        name: str,
        label: str,
        check: Check | None = None,
        optional: bool = False,
        mask: Mask | None = None,
        read: Callable[[str], Any] = str.strip,
        write: Callable[[Any], str] = str,
        placeholder: str = "",
        numbers: bool = False,
        hint: str = "",
    ) -> None:
        self.line = MaskedEdit(mask, placeholder) if mask else LineEdit(placeholder, numbers=numbers)
        super().__init__(name, label, Field(label, self.line, optional, hint), check)
        self._read, self._write = read, write
        self._given: tuple[str, Any] = ("", "")  # what was put, so that a field nobody typed in changes nothing
        self.line.textEdited.connect(self._edited)
        self.line.editingFinished.connect(self._left)

    def value(self) -> Any:
        text, value = self._given
        if self.line.text() == text:
            return value
        found = self._read(self.line.text())
        return self._check(found) if self._check is not None else found

    def put(self, value: Any) -> None:
        self.line.setText(self._write(value) if value is not None else "")
        self.line.setCursorPosition(0)
        self._given = (self.line.text(), value)

    def shown(self, value: Any) -> str:
        return (self._write(value) if value not in ("", None) else "") or _("empty")

    def set_read_only(self, read_only: bool) -> None:
        self.line.setReadOnly(read_only)


class AreaBound(Bound):
    """Several lines of text."""

    def __init__(
        self, name: str, label: str, check: Check | None = None, optional: bool = True, lines: int = 3
    ) -> None:
        self.area = TextArea(lines=lines)
        super().__init__(name, label, Field(label, self.area, optional), check)
        self.area.textChanged.connect(self._edited)

    def value(self) -> str:
        return self.area.toPlainText().strip()

    def put(self, value: Any) -> None:
        self.area.blockSignals(True)
        self.area.setPlainText(value or "")
        self.area.blockSignals(False)

    def set_read_only(self, read_only: bool) -> None:
        self.area.setReadOnly(read_only)


class ChoiceBound(Bound):
    """One of several values; one that is not offered any more is offered while it stands."""

    def __init__(
        self,
        name: str,
        label: str,
        options: Options,
        check: Check | None = None,
        optional: bool = False,
        hint: str = "",
    ) -> None:
        self.select = Select(options)
        self._options = list(options)
        super().__init__(name, label, Field(label, self.select, optional, hint), check)
        self.select.activated.connect(lambda _row: self._edited())

    def set_options(self, options: Options) -> None:
        """Offer these."""
        if list(options) != self._options:
            self._options = list(options)
            self.select.set_options(options)

    def value(self) -> Any:
        # Qt gives a member of an enumeration back as a mere text.
        chosen = self.select.value
        return next((one for one, _word in self._options if one == chosen), chosen)

    def put(self, value: Any) -> None:
        if all(one != value for one, _word in self._options):
            self._options.append((value, self.shown(value)))
            self.select.set_options(self._options)
        self.select.set_value(value)
        if value is None:
            self.select.setCurrentIndex(next(at for at, one in enumerate(self._options) if one[0] is None))

    def shown(self, value: Any) -> str:
        return next((word for one, word in self._options if _same(one, value)), str(value))


class MinutesBound(ChoiceBound):
    """A length of time out of the usual ones."""

    def __init__(self, name: str, label: str, usual: Sequence[int], none_word: str = "", hint: str = "") -> None:
        self._none_word = none_word
        super().__init__(name, label, [(one, self.shown_minutes(one)) for one in usual], hint=hint)

    def shown_minutes(self, minutes: int) -> str:
        """How a length is written."""
        return self._none_word if not minutes and self._none_word else _("{minutes} min").format(minutes=minutes)

    def put(self, value: Any) -> None:
        if all(one != value for one, _word in self._options):
            self._options = sorted([*self._options, (value, self.shown_minutes(value))])
            self.select.set_options(self._options)
        self.select.set_value(value)

    def shown(self, value: Any) -> str:
        return self.shown_minutes(int(value or 0))


class SwitchBound(Bound):
    """Yes or no, with what it means beside it."""

    def __init__(self, name: str, label: str, detail: str = "", yes: str = "", no: str = "") -> None:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 4, 0, 12)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(label, "strong"))
        if detail:
            words.addWidget(Label(detail, "second", "muted", wrap=True))
        line.addLayout(words, 1)
        self.switch = Switch(name=label)
        line.addWidget(self.switch)
        super().__init__(name, label, row)
        self._yes, self._no = yes, no
        self.switch.clicked.connect(self._edited)

    def value(self) -> bool:
        return self.switch.isChecked()

    def put(self, value: Any) -> None:
        self.switch.setChecked(bool(value))

    def shown(self, value: Any) -> str:
        return (self._yes or _("yes")) if value else (self._no or _("no"))

    def focus(self) -> None:
        self.switch.setFocus(Qt.FocusReason.OtherFocusReason)


class HueBound(Bound):
    """A colour out of the offered hues, or any other that is not danger's."""

    def __init__(self, name: str, label: str, check: Check | None = None) -> None:
        self.picker = HuePicker(label)
        super().__init__(name, label, Field(label, self.picker), check)
        self.picker.picked.connect(self._edited)

    def value(self) -> int:
        return self.picker.hue

    def put(self, value: Any) -> None:
        self.picker.set_hue(int(value))

    def shown(self, value: Any) -> str:
        return self.picker.word(int(value))


class IconBound(Bound):
    """One of the shipped icons."""

    def __init__(self, name: str, label: str) -> None:
        self.picker = IconPicker(label)
        super().__init__(name, label, Field(label, self.picker))
        self.picker.picked.connect(self._edited)

    def value(self) -> str:
        return self.picker.icon

    def put(self, value: Any) -> None:
        self.picker.set_icon(str(value))

    def shown(self, value: Any) -> str:
        return self.picker.word(str(value))


class PicksBound(Bound):
    """Any number out of a list of people or things, as chips; none chosen means what `nobody` says."""

    def __init__(
        self, name: str, label: str, options: Options, nobody: str, hues: Mapping[Any, int] | None = None
    ) -> None:
        self.picks = Picks(label, options, hues)
        self._words = dict(options)
        self._nobody = nobody
        super().__init__(name, label, Field(label, self.picks, hint=nobody))
        self.picks.picked.connect(self._edited)
        self.picks.picked.connect(self._say)

    def value(self) -> tuple[UUID, ...]:
        return tuple(sorted(self.picks.chosen))

    def put(self, value: Any) -> None:
        self.picks.set_chosen(value)
        self._say()

    def shown(self, value: Any) -> str:
        return ", ".join(self._words.get(one, "–") for one in value) if value else self._nobody

    def _say(self) -> None:
        self.set_hint("" if self.picks.chosen else self._nobody)


class PictureBound(Bound):
    """A picture from a file, within limits."""

    def __init__(self, name: str, label: str, check: Check | None = None) -> None:
        self.edit = PictureEdit(label)
        super().__init__(name, label, Field(label, self.edit, optional=True), check)
        self.edit.picked.connect(self._picked)

    def value(self) -> bytes | None:
        return self.edit.picture

    def put(self, value: Any) -> None:
        self.edit.set_picture(bytes(value) if value else None)

    def shown(self, value: Any) -> str:
        return _("a picture") if value else _("none")

    def _picked(self) -> None:
        problem = self.problem()
        if problem:
            self.edit.take_back()
            self.set_error(problem)
        else:
            self.set_error("")
            self.changed.emit()


def whole_number(field: str) -> Callable[[str], int]:
    """A reader of whole numbers: nothing typed is zero. Raises InvalidField."""

    def read(text: str) -> int:
        digits = text.strip()
        if not digits:
            return 0
        if not digits.isdecimal() or len(digits) > 6:
            raise InvalidField(field, "not_whole")
        return int(digits)

    return read


def amount(field: str) -> Callable[[str], Decimal]:
    """A reader of money as it is typed here, `1.150,00` or `1150`. Raises InvalidField."""

    def read(text: str) -> Decimal:
        written = text.replace("R$", "").replace("\u00a0", "").replace(" ", "")
        if not written:
            return Decimal("0.00")
        written = written.replace(".", "").replace(",", ".") if "," in written or _thousands(written) else written
        try:
            found = Decimal(written)
        except InvalidOperation:
            raise InvalidField(field, "not_an_amount") from None
        if not found.is_finite():
            raise InvalidField(field, "not_an_amount")
        return found.quantize(Decimal("0.01"))

    return read


def _thousands(written: str) -> bool:
    """`1.150` is a thousand, `1.5` is not."""
    parts = written.split(".")
    return len(parts) > 1 and all(len(part) == 3 for part in parts[1:])


def money_bound(name: str, label: str, check: Check | None = None) -> LineBound:
    """A field for money, without the currency while one types."""
    return LineBound(
        name, label, check, read=amount(name), write=lambda value: formats.money(Decimal(str(value))), numbers=True
    )


def number_bound(name: str, label: str, check: Check | None = None, hint: str = "") -> LineBound:
    """A field for a whole number."""
    return LineBound(name, label, check, read=whole_number(name), numbers=True, hint=hint)


def spacer() -> QWidget:
    """Keeps a place in a row of fields empty."""
    empty = QWidget()
    empty.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return empty


def _same(one: object, other: object) -> bool:
    return one == other or (one is not None and other is not None and str(one) == str(other))
