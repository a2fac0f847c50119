"""How the agenda is looked at: grid, height of an hour, which visits are drawn, and whether names are hidden."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from clinicdesk.desk.agenda import privacy
from clinicdesk.desk.agenda.spoken import status_word
from clinicdesk.desk.shortcuts import AGENDA, key_for
from clinicdesk.desk.theme import COMFORTABLE, COMPACT, WIDE, current
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.key_cap import KeyCap
from clinicdesk.desk.widgets.label import Label, separator
from clinicdesk.desk.widgets.popover import Popover
from clinicdesk.desk.widgets.segmented import Segmented
from clinicdesk.desk.widgets.switch import CheckBox, Switch
from clinicdesk.domain.agenda import Status
from clinicdesk.domain.clinics import Service
from clinicdesk.domain.saved_views import GRIDS, Mode, ViewSettings
from clinicdesk.words import _, pgettext

_HEIGHTS = (COMPACT, COMFORTABLE, WIDE)
_STATUSES = tuple(status for status in Status if status is not Status.CANCELLED)
_COLUMNS = 2
_Key = TypeVar("_Key")


class ViewOptions(Popover):
    """`changed` carries the settings as they are wanted; what the popover does not ask about stays as it was."""

    changed = Signal(object)  # ViewSettings

    def __init__(self, owner: QWidget, settings: ViewSettings, services: Sequence[Service]) -> None:
        super().__init__(owner)
        self._settings = settings
        self._statuses: dict[Status, CheckBox] = {}
        self._categories: dict[UUID | None, CheckBox] = {}
        body = QWidget()
        self._parts = QVBoxLayout(body)
        self._parts.setContentsMargins(20, 16, 20, 16)
        self._parts.setSpacing(8)
        if settings.mode in (Mode.DAY, Mode.WEEK):
            self._add_scale()
        self._add_statuses()
        self._add_categories(services)
        self._add_privacy()
        self.set_content(body)
        self.closed.connect(self.deleteLater)

    # --- building ---

    def _add_scale(self) -> None:
        options = [("0", _("Automatic")), *((str(step), str(step)) for step in GRIDS)]
        self.grid = Segmented(options, _("Grid, in minutes"))
        self.grid.set_current(str(self._settings.grid_minutes))
        self.grid.chosen.connect(lambda key: self._take(replace(self._settings, grid_minutes=int(key))))
        names = {COMPACT: _("Compact"), COMFORTABLE: _("Comfortable"), WIDE: _("Wide")}
        self.heights = Segmented([(str(one.pixels_per_hour), names[one]) for one in _HEIGHTS], _("Height of an hour"))
        pixels = self._settings.pixels_per_hour or current().density.pixels_per_hour
        nearest = min(_HEIGHTS, key=lambda one: abs(one.pixels_per_hour - pixels))
        self.heights.set_current(str(nearest.pixels_per_hour))
        self.heights.chosen.connect(lambda key: self._take(replace(self._settings, pixels_per_hour=int(key))))
        self._parts.addWidget(Label(_("Grid, in minutes"), "label", "muted"))
        self._parts.addWidget(self.grid)
        self._parts.addSpacing(4)
        self._parts.addWidget(Label(_("Height of an hour"), "label", "muted"))
        self._parts.addWidget(self.heights)

    def _add_statuses(self) -> None:
        sieve = self._settings.sieve
        boxes = [(status, status_word(status), not sieve.statuses or status in sieve.statuses) for status in _STATUSES]
        self._statuses = self._add_boxes(_("Visits by status"), pgettext("visits", "All"), boxes)
        self.cancelled = Switch(_("Show cancelled visits"), checked=sieve.cancelled)
        self.cancelled.toggled.connect(self._sieve_changed)
        self._parts.addWidget(self.cancelled)

    def _add_categories(self, services: Sequence[Service]) -> None:
        names: dict[UUID | None, str] = {one.category_id: one.category_name for one in services if one.category_id}
        if any(one.category_id is None for one in services):
            names[None] = _("No category")
        if len(names) > 1:
            kept = self._settings.sieve.categories
            boxes = [(key, name, not kept or key in kept) for key, name in names.items()]
            self._categories = self._add_boxes(_("Services by category"), _("All"), boxes)

    def _add_boxes(self, title: str, every: str, boxes: Sequence[tuple[_Key, str, bool]]) -> dict[_Key, CheckBox]:
        if self._parts.count():
            self._parts.addWidget(separator())
        head = QHBoxLayout()
        head.addWidget(Label(title, "label", "muted"))
        head.addStretch(1)
        everything = Button(every, "link", size="small")
        head.addWidget(everything)
        self._parts.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        made: dict[_Key, CheckBox] = {}
        for number, (key, name, checked) in enumerate(boxes):
            box = made[key] = CheckBox(name, checked=checked)
            box.toggled.connect(lambda _on, box=box: self._checked(box, made))
            grid.addWidget(box, number // _COLUMNS, number % _COLUMNS, Qt.AlignmentFlag.AlignLeft)
        everything.setAccessibleName(f"{title}: {every}")
        for box in made.values():
            everything.clicked.connect(lambda _on=False, box=box: box.setChecked(True))
        self._parts.addLayout(grid)
        return made

    def _add_privacy(self) -> None:
        self._parts.addWidget(separator())
        row = QHBoxLayout()
        self.names = Switch(_("Hide names: initials only"), checked=privacy.hides())
        self.names.toggled.connect(privacy.hide)
        row.addWidget(self.names)
        row.addStretch(1)
        row.addWidget(KeyCap(key_for(AGENDA, "hide_names")))
        self._parts.addLayout(row)

    # --- wishes ---

    def _checked(self, box: CheckBox, boxes: Mapping[_Key, CheckBox]) -> None:
        if any(one.isChecked() for one in boxes.values()):
            self._sieve_changed()
        else:
            box.setChecked(True)  # the last one stays: nothing at all would be an empty agenda

    def _sieve_changed(self, *_checked: object) -> None:
        sieve = replace(
            self._settings.sieve,
            statuses=_some(self._statuses),
            categories=_some(self._categories),
            cancelled=self.cancelled.isChecked(),
        )
        self._take(replace(self._settings, sieve=sieve))

    def _take(self, settings: ViewSettings) -> None:
        self._settings = settings
        self.changed.emit(settings)


def _some(boxes: Mapping[_Key, CheckBox]) -> frozenset[_Key]:
    """What is checked; empty when everything is, so that what comes later is let through too."""
    checked = frozenset(key for key, box in boxes.items() if box.isChecked())
    return frozenset() if len(checked) == len(boxes) else checked
