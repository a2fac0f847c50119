"""Keeping the register in order, as the page offers it: the doors in the header and what opens behind them."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from clinicdesk import formats
from clinicdesk.desk import icons
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.patients.bulking import Bulking
from clinicdesk.desk.patients.exporting import Exporting, whom_to_export
from clinicdesk.desk.patients.finder import Finder
from clinicdesk.desk.patients.merging import Merging
from clinicdesk.desk.patients.reading import Profile
from clinicdesk.desk.undo import Undo
from clinicdesk.desk.widgets.button import Button, icon_button
from clinicdesk.desk.widgets.header import Header
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.usecases import bulk_update
from clinicdesk.usecases.clinic import Change, Clinic
from clinicdesk.words import _, ngettext


class Upkeep(QObject):
    """`changed` says that the register is not what it was; `failed` carries a ClinicError.

    `waiting_wanted`: the patient whose menu it is wants an earlier time than there is.
    """

    changed = Signal()
    failed = Signal(object)
    waiting_wanted = Signal()

    def __init__(
        self,
        owner: QWidget,
        header: Header,
        finder: Finder,
        clinic: Clinic,
        background: Background,
        clock: DeskClock,
        undo: Undo | None,
        toasts: ToastArea,
    ) -> None:
        super().__init__(owner)
        self._owner = owner
        self._finder = finder
        self._clinic = clinic
        self._background = background
        self._clock = clock
        self.merging = Merging(owner, clinic, background, clock, undo)
        self.bulking = Bulking(owner, clinic, background, clock, undo)
        self.duplicates = Button("", "quiet", "merge", size="dense")
        self.duplicates.hide()
        self.exporting = Exporting(owner, clinic, background, clock, toasts)
        self.export = icon_button("download", _("Export patients…"), size="dense")
        for door in (self.duplicates, self.export):
            header.add_navigation(door)
        self.export.setVisible(self.exporting.allowed)
        finder.selecting.bar.export.setVisible(self.exporting.allowed)
        self._listen()

    def reload(self) -> None:
        """Look again at what the doors say."""
        self.merging.count()

    def apply_change(self, change: Change) -> None:
        """Another desk, or this one, changed something."""
        self.merging.apply_change(change)

    def open_menu(self, profile: Profile, anchor: QWidget) -> QMenu | None:
        """What else can be done with a patient; nothing for whoever may do none of it."""
        if not self.merging.allowed:
            return None
        menu = QMenu(self._owner)
        menu.aboutToHide.connect(menu.deleteLater)
        wait = QAction(icons.icon("list-plus", "muted"), _("Put on the waiting list…"), menu)
        wait.triggered.connect(self.waiting_wanted)
        menu.addAction(wait)
        join = QAction(icons.icon("merge", "muted"), _("Join with another patient…"), menu)
        join.triggered.connect(lambda: self.merging.open_with(profile.patient))
        menu.addAction(join)
        menu.popup(anchor.mapToGlobal(anchor.rect().bottomLeft()))
        return menu

    def open_export(self) -> None:
        """Ask what is to leave in a file: everybody, who is found, or who is chosen."""
        chosen, segment = self._finder.selecting.ids, self._finder.segments
        if segment.definition is None and not self._finder.text:
            self.exporting.open(whom_to_export(None, None, chosen))
            return
        name = segment.segment.name if segment.segment is not None else _("Those found")
        self._find_all(lambda ids: self.exporting.open(whom_to_export(None, (name, ids), chosen)))

    def _find_all(self, done: Callable[[list[UUID]], None]) -> None:
        """Everybody who is found now, and not only those whose rows are on screen."""
        text, definition = self._finder.text, self._finder.segments.definition
        now, zone = self._clock.now(), self._clock.zone

        def found(ids: list[UUID]) -> None:
            if (text, definition) == (self._finder.text, self._finder.segments.definition):
                done(ids)

        self._background.run(
            self,
            lambda: bulk_update.everybody_found(self._clinic, text, definition, now, zone),
            found,
            self.failed.emit,
            replaces="everybody",
        )

    def _change_many(self) -> None:
        ids = self._finder.selecting.ids
        if ids:
            self.bulking.open(ids)

    def _say_pairs(self, count: int, more: bool) -> None:
        shown = f"{formats.number(count)}+" if more else formats.number(count)
        words = ngettext("{count} possible duplicate", "{count} possible duplicates", count)
        self.duplicates.setText(words.format(count=shown))
        self.duplicates.updateGeometry()
        self.duplicates.setVisible(count > 0)

    def _listen(self) -> None:
        self.duplicates.clicked.connect(self.merging.open)
        self.merging.counted.connect(self._say_pairs)
        self.merging.joined.connect(lambda _id: self.changed.emit())
        self.merging.parted.connect(lambda _id: self.changed.emit())
        self.bulking.changed.connect(self.changed)
        self._finder.selecting.all_wanted.connect(lambda: self._find_all(self._finder.selecting.choose_all))
        self._finder.selecting.bar.export.clicked.connect(self.open_export)
        self.export.clicked.connect(self.open_export)
        self._finder.selecting.bar.change.clicked.connect(self._change_many)
        for room in (self.merging, self.bulking):
            room.failed.connect(self.failed)
