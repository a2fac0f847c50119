"""Keeping the register in order, as the page offers it: the doors in the header and what opens behind them."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from clinicdesk import formats
from clinicdesk.desk import icons
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.patients.merging import Merging
from clinicdesk.desk.patients.reading import Profile
from clinicdesk.desk.undo import Undo
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.header import Header
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
        clinic: Clinic,
        background: Background,
        clock: DeskClock,
        undo: Undo | None,
    ) -> None:
        super().__init__(owner)
        self._owner = owner
        self.merging = Merging(owner, clinic, background, clock, undo)
        self.duplicates = Button("", "quiet", "merge", size="dense")
        self.duplicates.hide()
        header.add_navigation(self.duplicates)
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
        self.merging.failed.connect(self.failed)
