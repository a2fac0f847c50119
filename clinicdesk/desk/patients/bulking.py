"""Changes to many patients as the page uses them: the panel, the use cases behind it, and the way back."""

from collections.abc import Callable, Sequence
from uuid import UUID

import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from clinicdesk import formats
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.patients.bulk import BulkPanel
from clinicdesk.desk.undo import Deed, Undo
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.bulk_update import BulkChange, BulkLine, UndoMany, UpdatedMany, UpdateMany
from clinicdesk.domain.custom_fields import CustomField, Entity
from clinicdesk.domain.tags import Tag
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import bulk_update, custom_fields, tags
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.words import _, ngettext

_NAMED = 3  # so many of those left out are named; of the others their number is told


class Bulking(QObject):
    """`changed` says that patients are not what they were; `failed` carries a ClinicError."""

    changed = Signal()
    failed = Signal(object)

    def __init__(
        self, owner: QWidget, clinic: Clinic, background: Background, clock: DeskClock, undo: Undo | None
    ) -> None:
        super().__init__(owner)
        self._owner = owner
        self._clinic = clinic
        self._background = background
        self._clock = clock
        self._undo = undo
        self.panel: BulkPanel | None = None

    def open(self, ids: Sequence[UUID]) -> None:
        """Ask what to change of these patients."""

        def read() -> tuple[list[Tag], list[CustomField]]:
            return tags.tags(self._clinic), custom_fields.fields(self._clinic, Entity.PATIENT)

        def show(found: tuple[list[Tag], list[CustomField]]) -> None:
            panel = BulkPanel(self._owner, len(ids), *found, self._clock.today)
            operation_id = new_id()
            panel.look_wanted.connect(lambda change: self._look(panel, change, ids))
            panel.done.connect(lambda change: self._update(panel, operation_id, change))
            panel.closed.connect(panel.deleteLater)
            self.panel = panel
            panel.open_centred()
            panel.ask()

        self._background.run(self, read, show, self.failed.emit, replaces="bulk")

    def _look(self, panel: BulkPanel, change: BulkChange, ids: Sequence[UUID]) -> None:
        self._background.run(
            panel,
            lambda: bulk_update.look(self._clinic, change, ids),
            lambda preview: panel.show_preview(change, preview),
            lambda error: panel.show_trouble(self._worded(error)),
            replaces="look",
        )

    def _update(self, panel: BulkPanel, operation_id: UUID, change: BulkChange) -> None:
        preview = panel.preview
        if preview is None:
            return
        command = UpdateMany(operation_id, change, preview.lines)

        def updated(result: UpdatedMany) -> None:
            if shiboken6.isValid(panel):
                panel.dismiss()
            self._did(self._deed(change, result.lines, result.left_out))

        def failed(error: ClinicError) -> None:
            if shiboken6.isValid(panel) and panel.isVisible():
                panel.show_trouble(self._worded(error))
            else:
                self.failed.emit(error)

        # Ours and not the panel's: put away meanwhile, what was done has to be told all the same.
        self._background.run(self, lambda: bulk_update.update(self._clinic, command), updated, failed, lane="writes")

    def _deed(self, change: BulkChange, lines: Sequence[BulkLine], left: Sequence[BulkLine] = ()) -> Deed:
        count = len(lines)
        words = ngettext("{count} patient changed", "{count} patients changed", count)
        said = words.format(count=formats.number(count))

        def take_back(done: Callable[[Deed], None]) -> None:
            command = UndoMany(new_id(), change, tuple(lines))

            def taken(result: UpdatedMany) -> None:
                self.changed.emit()
                done(self._again(change, result.lines, said + left_words(result.left_out)))

            self._do(lambda: bulk_update.take_back(self._clinic, command), taken)

        return Deed(said + left_words(left), take_back)

    def _again(self, change: BulkChange, lines: Sequence[BulkLine], words: str) -> Deed:
        """What is taken back by making the change once more, to whoever it was taken back from."""

        def update() -> UpdatedMany:
            preview = bulk_update.look(self._clinic, change, [one.patient_id for one in lines])
            return bulk_update.update(self._clinic, UpdateMany(new_id(), change, preview.lines))

        def take_back(done: Callable[[Deed], None]) -> None:
            def updated(result: UpdatedMany) -> None:
                self.changed.emit()
                done(self._deed(change, result.lines, result.left_out))

            self._do(update, updated)

        return Deed(words, take_back)

    def _do(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        self._background.run(self, work, done, self.failed.emit, lane="writes")

    def _did(self, deed: Deed) -> None:
        self.changed.emit()
        if self._undo is not None:
            self._undo.did(deed, "list-checks")

    def _worded(self, error: ClinicError) -> str:
        return sentence(error, self._clock.zone)


def left_words(left: Sequence[BulkLine]) -> str:
    """Who was left out because somebody changed them meanwhile; empty for nobody."""
    if not left:
        return ""
    names = [one.name for one in left[:_NAMED]]
    others = len(left) - len(names)
    if others:
        words = ngettext("{count} other", "{count} others", others)
        names.append(words.format(count=formats.number(others)))
    return "; " + _("changed meanwhile and left alone: {names}").format(names=", ".join(names))
