"""Fields that messages alone need: hours of the day, spans of time, an order of channels, a text with its preview."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk.desk.preferences.bound import Bound, LineBound, MinutesBound, Options, PicksBound
from clinicdesk.desk.preferences.picks import Pill
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import TextArea
from clinicdesk.desk.widgets.icon_label import IconLabel
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.wording_fields import field_problem
from clinicdesk.desk.wording_messages import (
    channel_word,
    channels_words,
    variable_kept,
    variable_shown,
    variable_word,
    variables_kept,
    variables_shown,
)
from clinicdesk.domain.message_settings import telling_words
from clinicdesk.domain.messages import ChannelKind
from clinicdesk.domain.templates import (
    LONGEST_BODY,
    VARIABLES,
    TemplateFacts,
    check_template,
    fill,
    values_of,
    variables_in,
)
from clinicdesk.errors import InvalidField
from clinicdesk.words import _, ngettext

_DAY, _HOUR = 1440, 60


def read_time(field: str) -> Callable[[str], dt.time]:
    """A reader of hours as they are typed here: `21:00`, `21h`, `21`. Raises InvalidField."""

    def read(text: str) -> dt.time:
        hours, _sign, minutes = text.strip().lower().replace("h", ":").partition(":")
        try:
            return dt.time(int(hours), int(minutes or 0))
        except ValueError:
            raise InvalidField(field, "not_a_time") from None

    return read


def time_bound(name: str, label: str, hint: str = "") -> LineBound:
    """A field for an hour of the day."""
    return LineBound(name, label, read=read_time(name), write=shown_time, numbers=True, hint=hint)


def shown_time(value: Any) -> str:
    """`21:00`; an hour out of the history is a text already."""
    return value[:5] if isinstance(value, str) else f"{value:%H:%M}"


def span_words(minutes: int) -> str:
    """A stretch of time in its largest whole unit: `48 horas`, `7 dias`."""
    if minutes and minutes % _DAY == 0 and minutes > 2 * _DAY:
        days = minutes // _DAY
        return ngettext("{count} day", "{count} days", days).format(count=days)
    if minutes and minutes % _HOUR == 0:
        hours = minutes // _HOUR
        return ngettext("{count} hour", "{count} hours", hours).format(count=hours)
    return ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)


class SpanBound(MinutesBound):
    """A length of time from minutes to months, out of the usual ones."""

    def shown_minutes(self, minutes: int) -> str:
        return self._none_word if not minutes and self._none_word else span_words(minutes)


class ChannelOrder(QWidget):
    """Roads as chips that are in or out, numbered in the order in which they are tried: who is pressed comes last."""

    picked = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.chosen: tuple[ChannelKind, ...] = ()
        self.pills = {kind: Pill(channel_word(kind)) for kind in ChannelKind}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for kind, pill in self.pills.items():
            pill.clicked.connect(lambda on, kind=kind: self._pressed(kind, on))
            row.addWidget(pill)
        row.addStretch(1)
        self.setFocusProxy(self.pills[ChannelKind.WHATSAPP])

    def set_chosen(self, chosen: Sequence[ChannelKind]) -> None:
        """Show these, in this order."""
        self.chosen = tuple(ChannelKind(one) for one in chosen)
        for kind, pill in self.pills.items():
            at = self.chosen.index(kind) + 1 if kind in self.chosen else 0
            pill.setChecked(bool(at))
            pill.setText(f"{at}. {channel_word(kind)}" if at else channel_word(kind))
            pill.updateGeometry()

    def _pressed(self, kind: ChannelKind, on: bool) -> None:
        rest = tuple(one for one in self.chosen if one is not kind)
        self.set_chosen((*rest, kind) if on else rest)
        self.picked.emit()


class ChannelOrderBound(Bound):
    """By which roads, the first that reaches somebody first."""

    def __init__(self, name: str, label: str) -> None:
        self.order = ChannelOrder(label)
        super().__init__(name, label, Field(label, self.order))
        self.order.picked.connect(self._edited)

    def value(self) -> tuple[ChannelKind, ...]:
        return self.order.chosen

    def put(self, value: Any) -> None:
        self.order.set_chosen(value)

    def shown(self, value: Any) -> str:
        return channels_words(tuple(str(one) for one in value)) if value else _("none")

    def problem(self) -> str:
        return "" if self.order.chosen else _("Choose at least one")


class FoldedPicksBound(PicksBound):
    """Chips of a long list, folded away while none of them is in: most rules are for everybody."""

    def __init__(self, name: str, label: str, options: Options, nobody: str) -> None:
        super().__init__(name, label, options, nobody)
        self.unfold = Button(_("Choose"), "link", "plus", size="dense")
        self.unfold.setAccessibleName(_("Choose: {what}").format(what=label))
        self.unfold.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        layout = self.widget.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(1, self.unfold)
        self.unfold.clicked.connect(lambda: self._fold(False))

    def put(self, value: Any) -> None:
        super().put(value)
        self._fold(not value)

    def set_read_only(self, read_only: bool) -> None:
        super().set_read_only(read_only)
        self.unfold.setVisible(not read_only and self.picks.isHidden())

    def focus(self) -> None:
        self._fold(False)
        super().focus()

    def _fold(self, folded: bool) -> None:
        self.picks.setHidden(folded)
        self.unfold.setVisible(folded)


class VariablesBound(LineBound):
    """Variables in the order in which a provider counts them, as they stand in a text."""

    def __init__(self, name: str, label: str, hint: str = "") -> None:
        super().__init__(
            name,
            label,
            check=_check_variables,
            optional=True,
            read=_read_variables,
            write=lambda value: " ".join(variable_shown(one) for one in value),
            hint=hint,
        )


def _read_variables(text: str) -> tuple[str, ...]:
    if "{" in text:
        return variables_in(variables_kept(text))
    words = text.split(",") if "," in text else text.split()
    return tuple(variable_kept(one.strip()) for one in words if one.strip())


def _check_variables(value: tuple[str, ...]) -> tuple[str, ...]:
    check_template("x", "", value)
    return value


class BodyBound(Bound):
    """A text with its variables as chips, and below it what somebody would read, as soon as it is typed."""

    def __init__(self, name: str, label: str, telling: Callable[[], Sequence[str]]) -> None:
        self._telling = telling
        self.facts: TemplateFacts | None = None
        self.area = TextArea(lines=6)
        self.chips = {one: Button(variable_word(one), "soft", size="small") for one in VARIABLES}
        self.count = Label("", "second", "muted", numbers=True)
        self.preview = Label("", "body", wrap=True)
        self.advice = Label("", "second", "warnText", wrap=True)
        self.whose = Label("", "second", "muted", wrap=True)
        super().__init__(name, label, Field(label, self._stack()))
        self.area.textChanged.connect(self._typed)
        for variable, chip in self.chips.items():
            chip.setToolTip(variable_shown(variable))
            chip.clicked.connect(lambda _on=False, variable=variable: self._insert(variable))

    def value(self) -> str:
        return variables_kept(self.area.toPlainText().strip())

    def put(self, value: Any) -> None:
        self.area.blockSignals(True)
        self.area.setPlainText(variables_shown(value or ""))
        self.area.blockSignals(False)
        self._show()

    def shown(self, value: Any) -> str:
        return super().shown(variables_shown(value) if value else value)

    def set_read_only(self, read_only: bool) -> None:
        self.area.setReadOnly(read_only)
        for chip in self.chips.values():
            chip.setVisible(not read_only)

    def focus(self) -> None:
        self.area.setFocus(Qt.FocusReason.OtherFocusReason)

    def problem(self) -> str:
        try:
            check_template(self.value())
        except InvalidField as problem:
            return field_problem(problem)
        return ""

    def set_facts(self, facts: TemplateFacts | None) -> None:
        """Of whom the preview speaks."""
        self.facts = facts
        self._show()

    def _typed(self) -> None:
        # A variable that nobody has is said at once: it is rather a slip than something half typed.
        wrong = self.problem() if self.value().count("{") == self.value().count("}") and self.value() else ""
        self.set_error(wrong)
        self._show()
        self.changed.emit()

    def _insert(self, variable: str) -> None:
        self.area.insertPlainText(variable_shown(variable))
        self.area.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        text = self.value()
        self.count.setText(_("{count} of {most}").format(count=len(text), most=LONGEST_BODY))
        self.count.set_tone("dangerText" if len(text) > LONGEST_BODY else "muted")
        told = telling_words(text, self._telling())
        self.advice.setVisible(bool(told))
        if told:
            words = _("A phone is not an identity: better leave out {words}, which tells what the visit is for.")
            self.advice.setText(words.format(words=", ".join(f"“{one}”" for one in told)))
        if self.facts is not None:
            # What nobody has stands there as it was typed, so that one sees what would be missing.
            unknown = {one: variable_shown(one) for one in variables_in(text)}
            self.preview.setText(fill(text, unknown | values_of(self.facts)))
            self.whose.setText(_("As {name} would read it").format(name=self.facts.name))

    def _stack(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        rows = [QHBoxLayout(), QHBoxLayout()]
        for at, chip in enumerate(self.chips.values()):
            rows[at * 2 // len(self.chips)].addWidget(chip)
        for row in rows:
            row.setSpacing(6)
            row.addStretch(1)
            column.addLayout(row)
        column.addWidget(self.area)
        foot = QHBoxLayout()
        foot.addWidget(self.whose, 1)
        foot.addWidget(self.count)
        column.addLayout(foot)
        column.addWidget(self._bubble())
        self.advice.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.advice.hide()
        column.addWidget(self.advice)
        return holder

    def _bubble(self) -> QWidget:
        """What arrives, as a phone shows it."""
        bubble = QFrame()
        bubble.setProperty("kind", "card")
        stand_on(bubble, "sunken")
        row = QHBoxLayout(bubble)
        row.setContentsMargins(14, 10, 14, 10)
        row.setSpacing(10)
        row.addWidget(IconLabel("message-circle", "muted", 16), 0, Qt.AlignmentFlag.AlignTop)
        self.preview.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        row.addWidget(self.preview, 1)
        return bubble
