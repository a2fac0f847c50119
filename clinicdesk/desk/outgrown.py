"""The clinic's database came to need a newer ClinicDesk while somebody was at work: said at once, with nothing lost."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.background import Background
from clinicdesk.desk.widgets.dialog import Dialog
from clinicdesk.desk.wording import sentence
from clinicdesk.errors import ClinicError, SchemaNewer
from clinicdesk.usecases.clinic import Change, Clinic
from clinicdesk.usecases.schema import check_here
from clinicdesk.words import _

KIND = "schema_release"


class Outgrown(QObject):
    """`found` comes once, when this desk is too old; `closing_wanted` when the person has read it and leaves."""

    found = Signal()
    closing_wanted = Signal()

    def __init__(self, clinic: Clinic, background: Background, keep: Callable[[], None], over: QWidget) -> None:
        super().__init__(over)
        self._clinic, self._background, self._keep, self._over = clinic, background, keep, over
        self.dialog: Dialog | None = None

    def heard(self, changes: Sequence[Change]) -> None:
        """Look when the schema was changed; most changes of it leave this desk what it needs."""
        if any(change.kind == KIND for change in changes):
            self.look()

    def look(self) -> None:
        """Ask the database whether it still serves this desk."""
        if self.dialog is None:
            self._background.run(self, lambda: check_here(self._clinic), lambda _none: None, self._refused)

    def _refused(self, error: ClinicError) -> None:
        if not isinstance(error, SchemaNewer) or self.dialog is not None:
            return
        self._keep()
        self.dialog = Dialog(
            self._over,
            _("This ClinicDesk is too old for the clinic now"),
            sentence(error) + "\n\n" + _("What you typed is kept and offered again after the update."),
            _("Close ClinicDesk"),
            safe_verb=_("See what I was typing"),
            danger=False,
        )
        self.dialog.confirmed.connect(self.closing_wanted)
        self.dialog.open()
        self.found.emit()
