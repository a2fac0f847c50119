"""One form at the right: its fields, what a change of them touches, and the bar that says what is not saved yet."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from clinicdesk.desk.preferences.bound import Bound
from clinicdesk.desk.preferences.wording import effect_words
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.icon_label import IconLabel
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.desk.widgets.scrolled import scrolled_column
from clinicdesk.desk.wording_fields import field_problem
from clinicdesk.domain.effects import Effect
from clinicdesk.domain.preferences import Kept, changed_fields
from clinicdesk.errors import InvalidField
from clinicdesk.words import _, ngettext

Line = str | QWidget | Sequence[Bound | QWidget]
_WIDEST = 760


class FormEditor(QWidget):
    """`save_wanted` asks to keep the form, `edited` tells of a change, `history_wanted` of a press on who changed it.

    `effect_opened` carries an Effect whose visits somebody wants to see.
    """

    save_wanted = Signal()
    edited = Signal()
    discarded = Signal()
    history_wanted = Signal()
    effect_opened = Signal(object)

    def __init__(self, lines: Sequence[Line], actions: Sequence[Button] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stand_on(self, "surface")
        self.bounds: dict[str, Bound] = {}
        self.kept: Kept[Any] | None = None
        self.read_only_words = ""  # why nothing can be changed here; empty: as it is for most pages
        self._can_write = True
        self._new = False
        self._saving = False
        self._on_notice: Callable[[], object] = lambda: None
        self._focused: QWidget | None = None
        self.title = Label("", "section", wrap=True)
        self.changed_button = Button("", "quiet", "history", size="dense")
        self.notice = Banner("info", "")
        self.effects = EffectList()
        self.unsaved = Label("", "strong", "warnText")
        self.discard_button = Button(_("Discard"), "secondary", size="key")
        self.save_button = Button(_("Save"), "primary", "check", "Ctrl S", size="key")
        self._extra = list(actions)
        self._arrange(lines)
        self._listen()

    # --- what is shown ---

    def open(self, kept: Kept[Any], draft: Any, title: str, changed: str, can_write: bool, new: bool = False) -> None:
        """Show a form as it stands, or the draft of it that was left here; a `new` one waits to be saved."""
        self._settle()
        self._new = new
        self.kept = kept
        self._can_write = can_write
        self.title.setText(title)
        self.changed_button.setText(changed)
        self.changed_button.setVisible(bool(changed) and can_write)
        self.notice.hide()
        self.effects.show_effects([])
        for name, bound in self.bounds.items():
            bound.put(getattr(draft, name))
            bound.set_error("")
            bound.set_read_only(not can_write)
        if not can_write:
            self._say("info", self.read_only_words or _("Only managers and owners change this"))
        self._show_unsaved()

    def form(self) -> Any:
        """What the fields hold now. Raises InvalidField for what cannot be read."""
        assert self.kept is not None
        return replace(self.kept.form, **{name: bound.value() for name, bound in self.bounds.items()})

    def draft(self) -> Any | None:
        """What the fields hold when it is not what stands; None when nothing is unsaved or something cannot be read."""
        if self.kept is None or not self._can_write:
            return None
        try:
            form = self.form()
        except InvalidField:
            return None
        return form if form != self.kept.form or self._new else None

    @property
    def changes(self) -> int:
        """How many fields differ from what stands; one that cannot be read differs."""
        if self.kept is None or not self._can_write:
            return 0
        count = 0
        for name, bound in self.bounds.items():
            try:
                count += bound.value() != getattr(self.kept.form, name)
            except InvalidField:
                count += 1
        return count

    def ready(self) -> bool:
        """Whether every field can be kept; what is wrong is said under it, and the first such has the keyboard."""
        first: Bound | None = None
        for bound in self.bounds.values():
            words = bound.problem()
            bound.set_error(words)
            first = first or (bound if words else None)
        if first is not None:
            first.focus()
            self._scroll.ensureWidgetVisible(first.widget)
        return first is None

    # --- saving ---

    def begin_saving(self) -> None:
        """The save is under way: nothing is typed until its answer is here."""
        self._saving = True
        self.notice.hide()
        self._focused = QApplication.focusWidget()
        self.save_button.set_busy(True)
        self._body.setEnabled(False)

    def show_problems(self, problems: Iterable[InvalidField]) -> None:
        """What the form cannot be kept for, under its fields."""
        self._settle()
        first: Bound | None = None
        for problem in problems:
            bound = self.bounds.get(problem.field)
            if bound is None:
                self._say("warn", field_problem(problem))
                continue
            bound.set_error(field_problem(problem))
            first = first or bound
        if first is not None:
            first.focus()

    def show_refusal(
        self, tone: str, words: str, action: str = "", acts: Callable[[], object] = lambda: None, detail: str = ""
    ) -> None:
        """Say why it was not kept; what was typed stays."""
        self._settle()
        self._say(tone, words, action, acts, detail)

    def rebase(self, newer: Kept[Any]) -> int:
        """Go on over what another desk saved: what was not touched here follows, both values stand where both were.

        How many fields have to be looked at.
        """
        assert self.kept is not None
        before, count = self.kept.form, 0
        for name in changed_fields(before, newer.form):
            bound = self.bounds.get(name)
            if bound is None:
                continue
            theirs = getattr(newer.form, name)
            try:
                mine = bound.value()
            except InvalidField:
                mine = None
            if mine == getattr(before, name):
                bound.put(theirs)
                bound.set_hint(_("Changed at the other desk"), "infoText", "circle-alert")
            elif mine != theirs:
                count += 1
                words = _("Other desk: {value}; here: {mine}").format(value=bound.shown(theirs), mine=bound.shown(mine))
                bound.set_hint(words, "infoText", "circle-alert")
        self.kept = newer
        self._show_unsaved()
        return count

    def discard(self) -> None:
        """Back to what stands."""
        if self.kept is not None:
            for name, bound in self.bounds.items():
                bound.put(getattr(self.kept.form, name))
                bound.set_error("")
                bound.set_hint("")
            self.notice.hide()
            self._edited()
            self.discarded.emit()

    def focus_field(self, name: str) -> None:
        """Bring one field into sight, with the keyboard in it."""
        bound = self.bounds.get(name)
        if bound is not None:
            self._scroll.ensureWidgetVisible(bound.widget)
            bound.focus()

    # --- inside ---

    def _settle(self) -> None:
        self._saving = False
        self.save_button.set_busy(False)
        self._body.setEnabled(True)
        if self._focused is not None and self.isAncestorOf(self._focused):
            self._focused.setFocus(Qt.FocusReason.OtherFocusReason)
        self._focused = None

    def _say(
        self,
        tone: str,
        words: str,
        action: str = "",
        acts: Callable[[], object] = lambda: None,
        detail: str = "",
    ) -> None:
        self._on_notice = acts
        self.notice.say(tone, words, action, detail)
        self.notice.show()

    def _edited(self) -> None:
        self._show_unsaved()
        self.edited.emit()

    def _show_unsaved(self) -> None:
        count = self.changes
        new = self._new and self._can_write
        words = ngettext("{count} change not saved yet", "{count} changes not saved yet", count).format(count=count)
        self.unsaved.setText(words if not new else _("New, not saved yet"))
        self._bar.setVisible(bool(count) or new)
        if not count:
            self.effects.show_effects([])

    def _listen(self) -> None:
        for bound in self.bounds.values():
            bound.changed.connect(self._edited)
        self.save_button.clicked.connect(self.save_wanted)
        self.discard_button.clicked.connect(self.discard)
        self.changed_button.clicked.connect(self.history_wanted)
        self.notice.acted.connect(lambda: self._on_notice())
        self.effects.opened.connect(self.effect_opened)

    def _arrange(self, lines: Sequence[Line]) -> None:
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(28, 20, 28, 20)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title, 1)
        for action in self._extra:
            head.addWidget(action)
        head.addWidget(self.changed_button)
        column.addLayout(head)
        column.addSpacing(12)
        column.addWidget(self.notice)
        self.notice.hide()
        column.addSpacing(4)
        for line in lines:
            self._add_line(column, line)
        column.addStretch(1)
        self._scroll = scrolled_column(self._body, _WIDEST)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._scroll, 1)
        outer.addWidget(self._foot())

    def _add_line(self, column: QVBoxLayout, line: Line) -> None:
        if isinstance(line, str):
            if line:
                column.addSpacing(8)
                column.addWidget(Label(line, "subsection"))
                column.addSpacing(8)
            else:
                column.addSpacing(4)
                column.addWidget(separator())
                column.addSpacing(12)
            return
        if isinstance(line, QWidget):
            column.addWidget(line)
            return
        row = QHBoxLayout()
        row.setSpacing(16)
        for part in line:
            if isinstance(part, Bound):
                self.bounds[part.name] = part
                part.setParent(self)
            widget = part.widget if isinstance(part, Bound) else part
            row.addWidget(widget, 1, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)

    def _foot(self) -> QWidget:
        self._bar = QWidget()
        stand_on(self._bar, "surface")
        column = QVBoxLayout(self._bar)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(separator())
        column.addWidget(self.effects)
        row = QHBoxLayout()
        row.setContentsMargins(28, 12, 28, 12)
        row.setSpacing(8)
        row.addWidget(IconLabel("circle-dot", "warnText"))
        row.addWidget(self.unsaved, 1)
        row.addWidget(self.discard_button)
        row.addWidget(self.save_button)
        column.addLayout(row)
        return self._bar


class EffectList(QWidget):
    """What a change touches, a line each; `opened` carries the Effect whose visits are wanted."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("What this change affects"))
        self.shown: list[Effect] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(28, 12, 28, 0)
        self._column.setSpacing(2)
        self.hide()

    def show_effects(self, effects: Sequence[Effect]) -> None:
        """Say these."""
        if list(effects) == self.shown:
            return
        self.shown = list(effects)
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for one in effects:
            button = Button(effect_words(one), "link", "info", size="dense")
            button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            button.setToolTip(_("Show the visits"))
            button.clicked.connect(lambda _checked=False, one=one: self.opened.emit(one))
            self._column.addWidget(button)
        self.setVisible(bool(effects))
