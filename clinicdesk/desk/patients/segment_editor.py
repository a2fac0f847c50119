"""Making or changing a segment: conditions that all have to hold, and how many patients that are while one makes it."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from clinicdesk.desk.patients.condition_edit import ConditionEdit, World, speaks_of
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.widgets.banner import Banner
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.field import Field
from clinicdesk.desk.widgets.fields import LineEdit
from clinicdesk.desk.widgets.label import Label
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.widgets.scrolled import scrolled
from clinicdesk.desk.wording_fields import field_problem
from clinicdesk.domain.segments import LONGEST_NAME, MOST_CONDITIONS, Condition, Definition, Segment, clean_segment
from clinicdesk.errors import InvalidField
from clinicdesk.formats import number
from clinicdesk.words import _, ngettext

_WIDTH = 720
_CONDITIONS_HEIGHT = 300
_PAUSE = 250  # milliseconds without a change before it is counted


class SegmentEditor(Popover):
    """`save_wanted` carries name and definition, `count_wanted` a definition; the count comes back by `show_count`."""

    save_wanted = Signal(str, object)
    count_wanted = Signal(object)

    def __init__(self, owner: QWidget, world: World, segment: Segment | None) -> None:
        super().__init__(owner, veiled=True, radius=16, light=False)
        self._world = world
        self._counted: Definition = ()
        self.name = LineEdit(segment.name if segment else "")
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setPlaceholderText(_("Away for six months"))
        self.field = Field(_("Name"), self.name, reserve=True)
        self.notice = Banner("warn", "", icon="triangle-alert")
        self.notice.hide()
        self.count = Label("", "control", numbers=True)
        self.add = Button(_("Add condition"), "flat", "plus", size="dense")
        self.save = Button(_("Save segment"), "primary", key="Ctrl Enter", size="key")
        self.conditions: list[ConditionEdit] = []
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self.set_content(self._arrange(segment), self.name)
        kept = [one for one in (segment.definition or ()) if speaks_of(one, world)] if segment else []
        for one in kept:
            self.add_condition(one)
        if not kept:
            self.add_condition()
        if segment is not None and len(kept) < len(segment.definition or (None,)):
            self._say_lost(segment.definition is None)
        if segment is not None:
            self.name.setText(segment.name)
        self._pause.timeout.connect(self._ask_count)
        self.add.clicked.connect(lambda: self.add_condition())
        self.save.clicked.connect(self._save)
        self.closed.connect(self.deleteLater)
        self._pause.start()

    def add_condition(self, condition: Condition | None = None) -> None:
        """One more row, holding a condition or still empty."""
        row = ConditionEdit(self._world, condition)
        row.changed.connect(self._changed)
        row.remove_wanted.connect(lambda: self._remove(row))
        self.conditions.append(row)
        self._list.addWidget(row)
        self.add.setEnabled(len(self.conditions) < MOST_CONDITIONS)
        row.about.setFocus()

    def definition(self) -> Definition:
        """What is said so far."""
        found = [row.condition() for row in self.conditions]
        return tuple(one for one in found if one is not None)

    def show_count(self, definition: Definition, count: int) -> None:
        """How many patients a definition finds; one that is no longer on screen is not told."""
        if definition == self.definition():
            words = ngettext("{count} patient", "{count} patients", count)
            self.count.setText(words.format(count=number(count)))

    def show_problem(self, problem: InvalidField) -> None:
        """Say under the name, or above the foot, what is wrong."""
        if problem.field == "name":
            self.field.set_error(field_problem(problem))
            self.name.setFocus()
        else:
            self.notice.say("warn", field_problem(problem))
            self.notice.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        entered = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if entered and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._save()
        else:
            super().keyPressEvent(event)

    def _changed(self) -> None:
        self.notice.hide()
        self.count.setText("")
        self._pause.start()

    def _ask_count(self) -> None:
        definition = self.definition()
        if definition:
            self.count_wanted.emit(definition)

    def _remove(self, row: ConditionEdit) -> None:
        self.conditions.remove(row)
        row.hide()
        row.deleteLater()
        self.add.setEnabled(True)
        self._changed()

    def _save(self) -> None:
        try:
            name, definition = clean_segment(self.name.text(), self.definition())
        except InvalidField as problem:
            self.show_problem(problem)
            return
        self.save_wanted.emit(name, definition)

    def _say_lost(self, unreadable: bool) -> None:
        words = (
            _("What this segment searched for cannot be read here. Say it anew, or leave it as it is.")
            if unreadable
            else _("Some of what this segment searched for is no longer there and was left out.")
        )
        self.notice.say("warn", words)
        self.notice.show()

    def _arrange(self, segment: Segment | None) -> QWidget:
        body = QWidget()
        body.setFixedWidth(_WIDTH)
        column = QVBoxLayout(body)
        column.setContentsMargins(24, 18, 24, 18)
        column.setSpacing(10)
        head = QHBoxLayout()
        head.addWidget(Label(_("Change segment") if segment else _("New segment"), "title"))
        head.addStretch(1)
        close = icon_button("x", _("Close"), key="Esc")
        close.clicked.connect(self.dismiss)
        head.addWidget(close)
        column.addLayout(head)
        column.addWidget(self.field)
        column.addWidget(Label(_("Patients of whom all of this is true"), "label", "muted"))
        column.addWidget(self._scroll())
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.notice)
        foot = QHBoxLayout()
        foot.addWidget(self.count)
        foot.addStretch(1)
        foot.addWidget(self.save)
        column.addLayout(foot)
        return body

    def _scroll(self) -> QScrollArea:
        inner = QWidget()
        stand_on(inner, "surface")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._list)
        column.addStretch(1)
        scroll = scrolled(inner)
        scroll.setFixedHeight(_CONDITIONS_HEIGHT)
        return scroll
