"""Segments as the page uses them: the menu, the editor, the use cases behind them, and the way back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.patients.condition_edit import World
from clinicdesk.desk.patients.segment_editor import SegmentEditor
from clinicdesk.desk.patients.segment_menu import SegmentMenu
from clinicdesk.desk.undo import Deed, Undo
from clinicdesk.domain.custom_fields import CustomField, Entity
from clinicdesk.domain.segments import AddSegment, Definition, SaveSegment, Segment
from clinicdesk.domain.staff import Role
from clinicdesk.domain.tags import Tag
from clinicdesk.errors import ClinicError, InvalidField
from clinicdesk.usecases import custom_fields, segments, tags
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.words import _


@dataclass(frozen=True)
class _Read:
    segments: list[Segment]
    tags: list[Tag]
    fields: list[CustomField]


class Segmenting(QObject):
    """`opened` carries the Segment to filter by, `gone` one that is no longer there, `failed` a ClinicError."""

    opened = Signal(object)
    gone = Signal(object)
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
        self._world = World((), (), clock.today)
        self.editor: SegmentEditor | None = None
        self.menu = SegmentMenu(owner, clinic.person.role is not Role.PROFESSIONAL)
        self.menu.chosen.connect(self.opened)
        self.menu.new_wanted.connect(lambda: self._edit(None))
        self.menu.edit_wanted.connect(self._edit)
        self.menu.remove_wanted.connect(self._remove)

    def open_menu(self, anchor: QWidget) -> None:
        """Open the kept segments under `anchor`; their counts come when they are known."""
        self._read(lambda: self.menu.open_at(anchor))

    def refresh(self) -> None:
        """Somebody changed segments, tags or fields."""
        if self.menu.isVisible():
            self._read(lambda: None)

    def _read(self, then: Callable[[], None]) -> None:
        def read() -> _Read:
            return _Read(
                segments.segments(self._clinic),
                tags.tags(self._clinic),
                custom_fields.fields(self._clinic, Entity.PATIENT),
            )

        def show(found: _Read) -> None:
            self._world = World(found.tags, found.fields, self._clock.today)
            self.menu.show_segments(found.segments, self._world)
            then()
            self._count(found.segments)

        self._background.run(self, read, show, self.failed.emit, replaces="segments")

    def _count(self, found: list[Segment]) -> None:
        now, zone = self._clock.now(), self._clock.zone

        def count() -> Mapping[UUID, int]:
            kept = [(one.id, one.definition) for one in found if one.definition is not None]
            return {key: segments.count(self._clinic, definition, now, zone) for key, definition in kept}

        self._background.run(self, count, self.menu.show_counts, self.failed.emit, replaces="segment counts")

    # --- making and changing ---

    def _edit(self, segment: Segment | None) -> None:
        self.menu.dismiss()
        editor = SegmentEditor(self._owner, self._world, segment)
        operation_id = new_id()
        editor.count_wanted.connect(lambda definition: self._count_one(editor, definition))
        editor.save_wanted.connect(lambda name, one: self._save(editor, operation_id, segment, name, one))
        self.editor = editor
        editor.open_centred()

    def _count_one(self, editor: SegmentEditor, definition: Definition) -> None:
        now, zone = self._clock.now(), self._clock.zone
        self._background.run(
            editor,
            lambda: segments.count(self._clinic, definition, now, zone),
            lambda count: editor.show_count(definition, count),
            lambda _error: None,
            replaces="segment count",
        )

    def _save(
        self, editor: SegmentEditor, operation_id: UUID, before: Segment | None, name: str, definition: Definition
    ) -> None:
        def write() -> Segment:
            if before is None:
                return segments.add(self._clinic, AddSegment(operation_id, name, definition))
            return segments.save(self._clinic, SaveSegment(new_id(), before.id, before.version, name, definition))

        def saved(after: Segment) -> None:
            editor.dismiss()
            self.opened.emit(after)
            words = _("Segment {name} saved").format(name=after.name)
            self._did(self._added_deed(after, words) if before is None else self._saved_deed(before, after, words))

        def failed(error: ClinicError) -> None:
            if isinstance(error, InvalidField):
                editor.show_problem(error)
            else:
                self.failed.emit(error)

        self._background.run(editor, write, saved, failed, lane="writes")

    def _saved_deed(self, before: Segment, after: Segment, words: str) -> Deed:
        def take_back(done: Callable[[Deed], None]) -> None:
            def back(now: Segment) -> None:
                self.opened.emit(now)
                done(self._saved_deed(after, now, words))

            definition = before.definition
            if definition is None:  # it could not be read, so it cannot be written again
                self.failed.emit(InvalidField("conditions", "missing"))
                return
            operation_id = new_id()

            def write() -> Segment:
                # One that was removed and brought back is the same under another version.
                same = (after.id, after.name, after.definition)
                there = [one for one in segments.segments(self._clinic) if (one.id, one.name, one.definition) == same]
                version = there[0].version if there else after.version
                return segments.save(
                    self._clinic, SaveSegment(operation_id, after.id, version, before.name, definition)
                )

            self._do(write, back)

        return Deed(words, take_back)

    def _added_deed(self, segment: Segment, words: str) -> Deed:
        def take_back(done: Callable[[Deed], None]) -> None:
            self._take_away(segment, lambda removed: done(self._removed_deed(removed, words)))

        return Deed(words, take_back)

    def _remove(self, segment: Segment) -> None:
        words = _("Segment {name} removed").format(name=segment.name)
        self._take_away(segment, lambda removed: self._did(self._removed_deed(removed, words)))

    def _take_away(self, segment: Segment, then: Callable[[Segment], None]) -> None:
        def taken(removed: Segment) -> None:
            self.gone.emit(removed)
            self.refresh()
            then(removed)

        self._do(lambda: segments.remove(self._clinic, segment.id, segment.version), taken)

    def _removed_deed(self, removed: Segment, words: str) -> Deed:
        def take_back(done: Callable[[Deed], None]) -> None:
            def back(segment: Segment) -> None:
                self.refresh()
                done(self._added_deed(segment, words))

            self._do(lambda: segments.restore(self._clinic, removed), back)

        return Deed(words, take_back)

    def _do(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        self._background.run(self, work, done, self.failed.emit, lane="writes")

    def _did(self, deed: Deed) -> None:
        if self._undo is not None:
            self._undo.did(deed, "users")
