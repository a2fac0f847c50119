"""Two entries side by side: one chooses where they differ, sees what is the same, and is told what follows."""

import datetime as dt
from collections.abc import Callable, Sequence
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from clinicdesk.desk.patients.choice import Choice
from clinicdesk.desk.patients.merging_words import field_name, goes_along, since_words, value_words
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.widgets.avatar import Avatar
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.chip import Chip
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.desk.widgets.patient_words import breakable, patient_hue
from clinicdesk.domain.custom_fields import CustomField
from clinicdesk.domain.merging import Entry, MergePatients, differing, fields_of, proposed
from clinicdesk.domain.patients import shorter_names
from clinicdesk.words import _, ngettext

KEPT, MERGED, BOTH = "kept", "merged", "both"
_NAMES_WIDTH = 148
_LONGEST_ON_BUTTON = 26


class SideBySide(QWidget):
    """`merge_wanted` and `distinct_wanted` are the two answers; `choices` says which value each field takes.

    The entry that is kept stands at the left. Arrows walk and choose, Space chooses, Ctrl+Enter merges.
    """

    merge_wanted = Signal()
    distinct_wanted = Signal()

    def __init__(self, zone: Callable[[], dt.tzinfo], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stand_on(self, "bg")
        self._zone = zone
        self._own: Sequence[CustomField] = ()
        self.kept: Entry | None = None
        self.merged: Entry | None = None
        self.choices: dict[str, str] = {}
        self.rows: dict[str, dict[str, Choice]] = {}
        self._groups: list[QButtonGroup] = []
        self.notice = Banner("info", "")
        self.merge = Button("", "primary", "merge", "Ctrl Enter", size="key")
        self.distinct = Button(_("These are two people"), "secondary", "users", size="key")
        self.swap = Button(_("Keep this one instead"), "link", "arrow-left-right", size="dense")
        self._follows = Label("", "body", "muted", wrap=True)
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._arrange()
        self.merge.clicked.connect(self.merge_wanted)
        self.distinct.clicked.connect(self.distinct_wanted)
        self.swap.clicked.connect(self._swap)

    @property
    def ids(self) -> frozenset[UUID]:
        """Which two entries are shown."""
        return frozenset(one.id for one in (self.kept, self.merged) if one is not None)

    def show_entries(self, kept: Entry, merged: Entry, own: Sequence[CustomField]) -> None:
        """Compare these; what was chosen before stays where neither of the two values changed."""
        fresh = {name: MERGED if name in proposed(kept, merged) else KEPT for name in differing(kept, merged)}
        if fresh.get("note") == KEPT and kept.value("note") and merged.value("note"):
            fresh["note"] = BOTH
        if self.ids == {kept.id, merged.id} and self.kept is not None and self.merged is not None:
            if self.kept.id != kept.id:
                kept, merged = merged, kept
            fresh = self._kept_choices(kept, merged, fresh)
        else:
            self.notice.hide()
        self.kept, self.merged, self._own, self.choices = kept, merged, own, fresh
        self._fill()

    def say(self, tone: str, words: str) -> None:
        """Say something over the comparison."""
        self.notice.say(tone, words)
        self.notice.show()

    def command(self, operation_id: UUID) -> MergePatients:
        """What was chosen."""
        assert self.kept is not None and self.merged is not None
        taken = frozenset(name for name, choice in self.choices.items() if choice == MERGED)
        return MergePatients(
            operation_id,
            self.kept.id,
            self.kept.version,
            self.merged.id,
            self.merged.version,
            taken,
            self.choices.get("note") == BOTH,
        )

    @property
    def name(self) -> str:
        """What the one entry will be called."""
        return self._chosen("social_name") or self._chosen("full_name")

    def focus_first(self) -> None:
        """Give the keyboard to the first field that differs, else to the button."""
        first = next(iter(self.rows), None)
        (self.rows[first][self.choices[first]] if first else self.merge).setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.merge.isEnabled():
            self.merge_wanted.emit()
        else:
            super().keyPressEvent(event)

    # --- choosing ---

    def _kept_choices(self, kept: Entry, merged: Entry, fresh: dict[str, str]) -> dict[str, str]:
        assert self.kept is not None and self.merged is not None
        before = {self.kept.id: self.kept, self.merged.id: self.merged}
        same = [
            name
            for name in fresh
            if name in self.choices and all(before[one.id].value(name) == one.value(name) for one in (kept, merged))
        ]
        return fresh | {name: self.choices[name] for name in same}

    def _chosen(self, name: str) -> str:
        entry = self.merged if self.choices.get(name) == MERGED else self.kept
        return str(entry.value(name) or "") if entry is not None else ""

    def _choose(self, name: str, choice: str) -> None:
        self.choices[name] = choice
        self._say_follows()

    def _swap(self) -> None:
        if self.kept is None or self.merged is None:
            return
        other = {KEPT: MERGED, MERGED: KEPT, BOTH: BOTH}
        self.kept, self.merged = self.merged, self.kept
        self.choices = {name: other[choice] for name, choice in self.choices.items()}
        self._fill()
        self.swap.setFocus(Qt.FocusReason.OtherFocusReason)

    def _step(self, name: str, choice: str, across: int, down: int) -> None:
        if across:
            options = list(self.rows[name])
            place = min(max(options.index(choice) + across, 0), len(options) - 1)
            self.rows[name][options[place]].click()
            self.rows[name][options[place]].setFocus(Qt.FocusReason.TabFocusReason)
            return
        names = list(self.rows)
        wanted = names.index(name) + down
        if 0 <= wanted < len(names):
            box = self.rows[names[wanted]][self.choices[names[wanted]]]
            box.setFocus(Qt.FocusReason.TabFocusReason)
            self._scroll.ensureWidgetVisible(box)

    # --- what is shown ---

    def _fill(self) -> None:
        assert self.kept is not None and self.merged is not None
        had_focus = self._body.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
        self.swap.setParent(self)  # it outlives the heads it stands in
        self.swap.hide()
        _empty(self._column)
        self.rows, self._groups = {}, []
        self._column.addWidget(self._heads(self.kept, self.merged))
        differ = list(self.choices)
        if differ:
            words = ngettext("{count} field differs", "{count} fields differ", len(differ)).format(count=len(differ))
            self._column.addWidget(Label(words, "section"))
            self._column.addWidget(self._table(differ))
        same = [name for name in fields_of(self.kept, self.merged) if name not in self.choices]
        if same:
            self._column.addSpacing(8)
            self._column.addWidget(Label(_("The same in both"), "section"))
            self._column.addWidget(self._facts(same))
        self._column.addStretch(1)
        self._say_follows()
        self._chain()
        if had_focus:
            self.focus_first()

    def _heads(self, kept: Entry, merged: Entry) -> QWidget:
        holder = QWidget()
        grid = _grid(holder)
        grid.addWidget(_name_label(""), 0, 0)
        grid.addWidget(self._head(kept, Chip(_("stays"), "accent", "check")), 0, 1)
        grid.addWidget(self._head(merged, Chip(_("goes"), "muted")), 0, 2)
        grid.addWidget(self.swap, 1, 2, Qt.AlignmentFlag.AlignLeft)
        self.swap.show()
        return holder

    def _head(self, entry: Entry, chip: Chip) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(Avatar(entry.name, patient_hue(entry.id), 40), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(breakable(entry.name), "section", wrap=True))
        words.addWidget(Label(since_words(entry, self._zone()), "second", "muted", numbers=True, wrap=True))
        words.addWidget(chip, 0, Qt.AlignmentFlag.AlignLeft)  # a fixed one would keep the words as narrow
        words.addStretch(1)
        row.addLayout(words, 1)
        return holder

    def _table(self, names: list[str]) -> QWidget:
        assert self.kept is not None and self.merged is not None
        holder = QWidget()
        grid = _grid(holder)
        line = 0
        for name in names:
            label = field_name(name, self._own)
            grid.addWidget(_name_label(label), line, 0, Qt.AlignmentFlag.AlignTop)
            group = QButtonGroup(holder)
            self._groups.append(group)
            self.rows[name] = {}
            for column, (choice, entry) in enumerate(((KEPT, self.kept), (MERGED, self.merged)), start=1):
                value = value_words(entry, name, self._own)
                said = value or _("nothing")
                grid.addWidget(self._box(name, choice, value, f"{label}: {said}", group), line, column)
            if name == "note" and self.kept.value(name) and self.merged.value(name):
                words = _("Both notes, one after the other")
                line += 1
                grid.addWidget(self._box(name, BOTH, words, f"{label}: {words}", group), line, 1, 1, 2)
            line += 1
        return holder

    def _box(self, name: str, choice: str, value: str, spoken: str, group: QButtonGroup) -> Choice:
        box = Choice(value, spoken)
        group.addButton(box)
        box.setChecked(self.choices[name] == choice)
        box.clicked.connect(lambda _on=False: self._choose(name, choice))
        box.stepped.connect(lambda across, down: self._step(name, choice, across, down))
        self.rows[name][choice] = box
        return box

    def _facts(self, names: list[str]) -> QWidget:
        assert self.kept is not None
        holder = QWidget()
        grid = _grid(holder, 6)
        for line, name in enumerate(names):
            grid.addWidget(_name_label(field_name(name, self._own), 0), line, 0, Qt.AlignmentFlag.AlignTop)
            value = breakable(value_words(self.kept, name, self._own))
            grid.addWidget(Label(value, "body", numbers=True, wrap=True), line, 1, 1, 2)
        return holder

    def _say_follows(self) -> None:
        assert self.merged is not None
        short = next((one for one in shorter_names(self.name) if len(one) <= _LONGEST_ON_BUTTON), self.name)
        self.merge.setText(_("Merge into {name}").format(name=short))
        self.merge.updateGeometry()
        along = goes_along(self.merged)
        self._follows.setText(
            _("Goes along: {what}.").format(what=along) if along else _("Nothing else hangs on the entry that goes.")
        )

    def _chain(self) -> None:
        """Tab follows the fields, whatever order they were made in."""
        before: QWidget = self.swap
        for boxes in self.rows.values():
            for box in boxes.values():
                QWidget.setTabOrder(before, box)
                before = box
        QWidget.setTabOrder(before, self.distinct)
        QWidget.setTabOrder(self.distinct, self.merge)

    def _arrange(self) -> None:
        self._column.setContentsMargins(32, 24, 32, 24)
        self._column.setSpacing(12)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._body)
        foot = QWidget()
        stand_on(foot, "surface")
        row = QHBoxLayout(foot)
        row.setContentsMargins(32, 12, 32, 12)
        row.setSpacing(12)
        row.addWidget(self._follows, 1)
        row.addWidget(self.distinct)
        row.addWidget(self.merge)
        above = QHBoxLayout()
        above.setContentsMargins(32, 0, 32, 0)
        above.addWidget(self.notice)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(above)
        column.addWidget(self._scroll, 1)
        column.addWidget(separator())
        column.addWidget(foot)
        self.notice.hide()


def _grid(holder: QWidget, spacing: int = 8) -> QGridLayout:
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(spacing)
    grid.setColumnMinimumWidth(0, _NAMES_WIDTH)
    grid.setColumnStretch(1, 1)
    grid.setColumnStretch(2, 1)
    return grid


def _name_label(words: str, above: int = 9) -> QWidget:
    label = Label(words, "label", "muted", wrap=True)
    label.setContentsMargins(0, above, 0, 0)
    label.setFixedWidth(_NAMES_WIDTH)
    return label


def _empty(column: QVBoxLayout) -> None:
    while (item := column.takeAt(0)) is not None:
        old = item.widget()
        if old is not None:
            old.hide()
            old.deleteLater()
