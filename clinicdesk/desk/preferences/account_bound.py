"""What a provider asks for: its settings, and its credentials, which are typed once and never shown again."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from clinicdesk import formats
from clinicdesk.desk import dates
from clinicdesk.desk.preferences.bound import Bound
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit, PasswordEdit, Select
from clinicdesk.desk.widgets.icon_label import IconLabel
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.wording_messages import CHANNEL_CHOICES, CHANNEL_HINTS, channel_field_word
from clinicdesk.domain.channel_fields import FIELDS, ChannelField
from clinicdesk.domain.messages import Provider
from clinicdesk.words import _


class _Account(Bound):
    """The fields of one provider, in two columns; another provider has others."""

    secret = False

    def __init__(self, name: str, label: str, chosen: Callable[[], Provider]) -> None:
        self._chosen = chosen  # the provider as it stands in the form, whose field is put before this one
        self._holder = QWidget()
        self._grid = QGridLayout(self._holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self.provider: Provider | None = None
        self.fields: dict[str, Field] = {}
        self._read_only = False
        super().__init__(name, label, self._holder)

    def set_provider(self, provider: Provider) -> None:
        """Ask what this one needs."""
        if provider is self.provider:
            return
        self.provider = provider
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        asked = [one for one in FIELDS[provider] if one.secret is self.secret]
        self.fields = {one.name: self._field(one) for one in asked}
        for at, field in enumerate(self.fields.values()):
            self._grid.addWidget(field, at // 2, at % 2, Qt.AlignmentFlag.AlignTop)
        self.set_read_only(self._read_only)

    def set_field_error(self, name: str, words: str) -> bool:
        """What is wrong with one of them; whether it is one of these."""
        field = self.fields.get(name)
        if field is not None:
            field.set_error(words)
        return field is not None

    def set_error(self, words: str) -> None:
        if not words:
            for field in self.fields.values():
                field.set_error("")

    def set_read_only(self, read_only: bool) -> None:
        self._read_only = read_only
        for field in self.fields.values():
            field.editor.setEnabled(not read_only)

    def focus(self) -> None:
        first = next(iter(self.fields.values()), None)
        if first is not None:
            first.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _field(self, one: ChannelField) -> Field:
        raise NotImplementedError


class SettingsBound(_Account):
    """Numbers and accounts: nothing secret. What a provider has by itself is shown and not written down."""

    def __init__(self, name: str, label: str, chosen: Callable[[], Provider]) -> None:
        super().__init__(name, label, chosen)
        self._given: dict[str, str] = {}
        self._defaults: dict[str, str] = {}

    def value(self) -> dict[str, str]:
        found = {name: text for name, field in self.fields.items() if (text := _text(field.editor))}
        return {name: text for name, text in found.items() if text != self._defaults.get(name) or name in self._given}

    def put(self, value: Any) -> None:
        self.set_provider(self._chosen())
        self._given = dict(value)
        assert self.provider is not None
        self._defaults = {one.name: one.default for one in FIELDS[self.provider]}
        for name, field in self.fields.items():
            _write(field.editor, str(self._given.get(name) or self._defaults[name]))

    def shown(self, value: Any) -> str:
        named = (f"{channel_field_word(name)}: {words}" for name, words in dict(value).items())
        return "; ".join(named) or _("empty")

    def _field(self, one: ChannelField) -> Field:
        editor: LineEdit | Select
        if one.choices:
            editor = Select([(choice, _(CHANNEL_CHOICES[choice])) for choice in one.choices])
            editor.activated.connect(lambda _row: self._edited())
        else:
            editor = LineEdit()
            editor.textEdited.connect(lambda _text: self._edited())
        hint = _(CHANNEL_HINTS[one.name]) if one.name in CHANNEL_HINTS else ""
        return Field(channel_field_word(one.name), editor, optional=not one.required, hint=hint)


class SecretsBound(_Account):
    """Credentials: one that was sealed is only told of, until somebody wants to type another."""

    secret = True

    def __init__(
        self,
        name: str,
        label: str,
        chosen: Callable[[], Provider],
        now: Callable[[], dt.datetime],
        zone: Callable[[], dt.tzinfo],
    ) -> None:
        super().__init__(name, label, chosen)
        self._now, self._zone = now, zone

    def show_sealed(self, sealed: Mapping[str, dt.datetime]) -> None:
        """Which are there, and since when; what is typed now stays."""
        for name, field in self.fields.items():
            editor = field.editor
            if isinstance(editor, SecretEdit):
                at = sealed.get(name)
                editor.show_sealed(self._when(at) if at is not None else "")

    def value(self) -> dict[str, str]:
        return {
            name: typed
            for name, field in self.fields.items()
            if isinstance(field.editor, SecretEdit) and (typed := field.editor.typed)
        }

    def put(self, value: Any) -> None:
        self.set_provider(self._chosen())
        for name, field in self.fields.items():
            if isinstance(field.editor, SecretEdit):
                field.editor.line.setText(str(dict(value).get(name, "")))

    def shown(self, value: Any) -> str:
        return "•••" if value else _("empty")

    def _when(self, at: dt.datetime) -> str:
        local = at.astimezone(self._zone())
        day = dates.relative_day(local.date(), self._now().astimezone(self._zone()).date())
        return _("sealed {day} at {time}").format(day=day, time=formats.clock(at, self._zone()))

    def _field(self, one: ChannelField) -> Field:
        editor = SecretEdit(channel_field_word(one.name))
        editor.line.textEdited.connect(lambda _text: self._edited())
        hint = _(CHANNEL_HINTS[one.name]) if one.name in CHANNEL_HINTS else ""
        if one.receiving and one.required:
            hint = hint or _("Only needed to receive")
        return Field(channel_field_word(one.name), editor, optional=not one.required or one.receiving, hint=hint)


class SecretEdit(QWidget):
    """A hidden line; once sealed, the line gives way to when that was, and a press brings it back."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = PasswordEdit()
        self.line.setAccessibleName(name)
        self.sealed = Label("", "body", "muted", numbers=True)
        self.change = Button(_("replace"), "link", size="dense")
        self.change.setAccessibleName(_("Replace {name}").format(name=name))
        self._icon = IconLabel("lock", "muted", 16)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.line, 100)
        row.addWidget(self._icon)
        row.addWidget(self.sealed)
        row.addWidget(self.change)
        row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.line)
        self.change.clicked.connect(self._open)
        self.show_sealed("")

    @property
    def typed(self) -> str:
        """What was typed now."""
        return self.line.text().strip()

    def show_sealed(self, words: str) -> None:
        """Say since when it is there; without words it is asked for."""
        self.sealed.setText(words)
        shut = bool(words) and not self.typed
        self.line.setVisible(not shut)
        for part in (self._icon, self.sealed, self.change):
            part.setVisible(shut)
        self.setFocusProxy(self.change if shut else self.line)

    def _open(self) -> None:
        self.line.show()
        for part in (self._icon, self.sealed, self.change):
            part.hide()
        self.setFocusProxy(self.line)
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)


def _text(editor: QWidget) -> str:
    if isinstance(editor, Select):
        return str(editor.value or "")
    return editor.text().strip() if isinstance(editor, LineEdit) else ""


def _write(editor: QWidget, words: str) -> None:
    if isinstance(editor, Select):
        editor.set_value(words)
    elif isinstance(editor, LineEdit):
        editor.setText(words)
        editor.setCursorPosition(0)
