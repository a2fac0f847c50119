"""Joining entries as the page uses it: the surface, the use cases behind it, and the way back from each of them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.patients.duplicates import DuplicatesView
from clinicdesk.desk.undo import Deed, Undo
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.custom_fields import CustomField, Entity
from clinicdesk.domain.merging import Entry, LikelyPair, MergePatients, UndoneMerge, kept_first
from clinicdesk.domain.patients import Patient, PatientMatch
from clinicdesk.domain.staff import Capability
from clinicdesk.errors import ChangedElsewhere, ClinicError, MergeRefused, NotFound
from clinicdesk.formats import number
from clinicdesk.usecases import custom_fields, merging, patients
from clinicdesk.usecases.clinic import Change, Clinic, new_id
from clinicdesk.words import _, ngettext

Compared = tuple[Entry, Entry, Sequence[CustomField]]
_MOST_FOUND = 6


class Merging(QObject):
    """`counted` carries how many pairs look alike (and whether there may be more), `opened` and `closed` the surface.

    `joined` carries the id of the entry that was kept, `parted` that of the one that came back.
    """

    counted = Signal(int, bool)
    opened = Signal()
    closed = Signal()
    joined = Signal(object)
    parted = Signal(object)
    failed = Signal(object)

    def __init__(
        self, owner: QWidget, clinic: Clinic, background: Background, clock: DeskClock, undo: Undo | None
    ) -> None:
        super().__init__(owner)
        self._clinic = clinic
        self._background = background
        self._clock = clock
        self._undo = undo
        self._one: UUID | None = None  # the patient who is compared with somebody searched
        self._operation = new_id()
        self.allowed = clinic.person.rights.may(Capability.MERGE_PATIENTS)
        self.pairs: list[LikelyPair] = []
        self.view = DuplicatesView(self._search, clock.now, lambda: clock.zone, owner)
        self._listen()

    def count(self) -> None:
        """Look for pairs quietly; how many there are comes by `counted`."""
        if self.allowed:
            self._find(lambda _error: None)

    def open(self) -> None:
        """Show the pairs that look alike."""
        self._one = None
        self.view.show_waiting()
        if self.pairs:
            self.view.show_pairs(self.pairs)
        self.opened.emit()
        self.view.focus_first()
        self._find(lambda error: self.view.show_trouble(self._worded(error)))

    def open_with(self, patient: Patient) -> None:
        """Ask whom this patient is to be joined with."""
        self._one = patient.id
        self.opened.emit()
        self.view.show_picker(patient.name)

    def apply_change(self, change: Change) -> None:
        """Another desk, or this one, changed somebody who may be compared here."""
        if change.kind in ("patient_merge", "patient_distinct"):
            self.count()
        entries = [one for one in (self.view.compared.kept, self.view.compared.merged) if one is not None]
        seen = {one.id: one.version for one in entries}
        if change.kind == "patient" and change.id in seen and (change.version or 0) > seen[change.id]:
            self._compare_again(_("Somebody changed one of the two meanwhile. Compare them again."))

    # --- finding and comparing ---

    def _find(self, failed: Callable[[ClinicError], None]) -> None:
        def found(pairs: list[LikelyPair]) -> None:
            self.pairs = pairs
            if not self.view.alone:
                self.view.show_pairs(pairs)
            self._say_count()

        self._background.run(
            self, lambda: merging.likely_duplicates(self._clinic), found, failed, replaces="duplicates"
        )

    def _say_count(self) -> None:
        self.counted.emit(len(self.pairs), len(self.pairs) >= merging.MOST_PAIRS)

    def _search(self, text: str, done: Callable[[Sequence[PatientMatch]], None]) -> None:
        def found(matches: list[PatientMatch]) -> None:
            done([one for one in matches if one.id != self._one])

        self._background.run(
            self,
            lambda: patients.search(self._clinic, text, _MOST_FOUND + 1),
            found,
            lambda _error: done([]),
            replaces="search",
        )

    def _pick(self, pair: LikelyPair) -> None:
        self._operation = new_id()
        self._compare(pair.first.id, pair.second.id)

    def _pick_other(self, other: UUID) -> None:
        if self._one is not None:
            self._operation = new_id()
            self._compare(self._one, other)

    def _compare(self, one: UUID, other: UUID, said: str = "") -> None:
        """Read the two as they stand now; whoever was joined with somebody meanwhile is not compared any more."""

        def read() -> Compared | None:
            first, second = merging.standing(self._clinic, one), merging.standing(self._clinic, other)
            if first == second:
                return None
            own = custom_fields.fields(self._clinic, Entity.PATIENT, inactive=True)
            return *merging.side_by_side(self._clinic, first, second), own

        def show(found: Compared | None) -> None:
            if found is None:
                self._gone()
                return
            first, second, own = found
            self.view.compared.show_entries(*kept_first(first, second), own)
            self.view.show_comparison()
            if said:
                self.view.compared.say("info", said)
            if self.view.alone:
                self.view.compared.focus_first()

        self._background.run(self, read, show, self._not_read, replaces="compare")

    def _compare_again(self, said: str) -> None:
        kept, merged = self.view.compared.kept, self.view.compared.merged
        if kept is not None and merged is not None and self.view.isVisible():
            self._operation = new_id()
            self._compare(kept.id, merged.id, said)

    def _gone(self) -> None:
        """The two were joined elsewhere meanwhile."""
        self.failed.emit(MergeRefused("merged"))
        if self.view.alone:
            self.closed.emit()
        else:
            self._drop(self.view.compared.ids)
        self.count()

    def _not_read(self, error: ClinicError) -> None:
        self.failed.emit(error)
        if isinstance(error, NotFound):
            self.count()

    # --- joining ---

    def _merge(self) -> None:
        compared = self.view.compared
        if compared.kept is None or compared.merged is None or not compared.merge.isEnabled():
            return
        command, names = compared.command(self._operation), (compared.merged.name, compared.kept.name)
        self._busy(True)

        def joined(merge_id: UUID) -> None:
            self._busy(False)
            self._operation = new_id()
            self._did(self._merge_deed(merge_id, command, names))
            self._leave(frozenset({command.merged_id}))
            self.joined.emit(command.kept_id)

        self._background.run(self, lambda: merging.merge(self._clinic, command), joined, self._refused, lane="writes")

    def _leave(self, gone: frozenset[UUID]) -> None:
        """On to the next pair; who came from one patient goes back to them."""
        if self.view.alone:
            self.closed.emit()
        else:
            self._drop(gone)
        self.count()

    def _drop(self, gone: frozenset[UUID]) -> None:
        row = self.view.list.currentIndex().row()
        few = len(gone) == 1  # with one entry all its pairs go, with two only their own
        self.pairs = [
            one
            for one in self.pairs
            if not (gone & {one.first.id, one.second.id} if few else gone == {one.first.id, one.second.id})
        ]
        self.view.show_pairs(self.pairs)
        self.view.open_next(max(row, 0))
        self._say_count()

    def _refused(self, error: ClinicError) -> None:
        self._busy(False)
        if isinstance(error, ChangedElsewhere | MergeRefused):
            self._compare_again(self._worded(error))
        else:
            self.failed.emit(error)

    def _busy(self, busy: bool) -> None:
        self.view.compared.merge.set_busy(busy)
        self.view.compared.distinct.setEnabled(not busy)

    def _merge_deed(self, merge_id: UUID, command: MergePatients, names: tuple[str, str]) -> Deed:
        words = _("{one} joined with {other}").format(one=names[0], other=names[1])

        def take_back(done: Callable[[Deed], None]) -> None:
            def parted(undone: UndoneMerge) -> None:
                self.parted.emit(command.merged_id)
                self.count()
                done(self._part_deed(command, names, words + _stayed(undone.visits_kept, names[1])))

            self._do(lambda: merging.undo_merge(self._clinic, merge_id), parted)

        return Deed(words, take_back)

    def _part_deed(self, command: MergePatients, names: tuple[str, str], words: str) -> Deed:
        """What is taken back by joining the two once more, as they stand then."""

        def join_again() -> tuple[UUID, MergePatients]:
            kept, merged = merging.side_by_side(self._clinic, command.kept_id, command.merged_id)
            again = replace(command, operation_id=new_id(), kept_version=kept.version, merged_version=merged.version)
            return merging.merge(self._clinic, again), again

        def take_back(done: Callable[[Deed], None]) -> None:
            def joined(result: tuple[UUID, MergePatients]) -> None:
                merge_id, again = result
                self.joined.emit(again.kept_id)
                self.count()
                done(self._merge_deed(merge_id, again, names))

            self._do(join_again, joined)

        return Deed(words, take_back)

    # --- two people ---

    def _part(self) -> None:
        compared = self.view.compared
        if compared.kept is None or compared.merged is None or not compared.distinct.isEnabled():
            return
        one, other = compared.kept, compared.merged
        words = _("{one} and {other} are two people").format(one=one.name, other=other.name)

        def written(_none: None) -> None:
            self._did(self._distinct_deed(one.id, other.id, words, True))
            if self.view.alone:
                self.closed.emit()
            else:
                self._drop(frozenset({one.id, other.id}))

        self._do(lambda: merging.set_distinct(self._clinic, one.id, other.id), written)

    def _distinct_deed(self, one: UUID, other: UUID, words: str, distinct: bool) -> Deed:
        def take_back(done: Callable[[Deed], None]) -> None:
            def written(_none: None) -> None:
                self.count()
                done(self._distinct_deed(one, other, words, not distinct))

            self._do(lambda: merging.set_distinct(self._clinic, one, other, distinct=not distinct), written)

        return Deed(words, take_back)

    # --- what all of them share ---

    def _do(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        self._background.run(self, work, done, self.failed.emit, lane="writes")

    def _did(self, deed: Deed) -> None:
        if self._undo is not None:
            self._undo.did(deed, "merge")

    def _worded(self, error: ClinicError) -> str:
        return sentence(error, self._clock.zone)

    def _listen(self) -> None:
        self.view.picked.connect(self._pick)
        self.view.other_picked.connect(self._pick_other)
        self.view.closed.connect(self.closed)
        self.view.retry_wanted.connect(self.open)
        self.view.compared.merge_wanted.connect(self._merge)
        self.view.compared.distinct_wanted.connect(self._part)


def _stayed(count: int, name: str) -> str:
    if not count:
        return ""
    said = ngettext(
        "{count} visit booked since stays with {name}", "{count} visits booked since stay with {name}", count
    )
    return "; " + said.format(count=number(count), name=name)
