"""What is done with recalls, on the writes lane, each with its way back."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QObject

from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.dates import capitalised
from clinicdesk.desk.recalls.words import ICONS, outcome_word
from clinicdesk.desk.undo import Deed, TakeBack, Undo
from clinicdesk.desk.written import WrittenDeeds
from clinicdesk.domain.recall import AddRecall, ChangeRecall, NoteAttempt, Outcome, Recall, RecallState
from clinicdesk.formats import month_and_year
from clinicdesk.usecases import recall as recalls
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.words import _


class RecallDeeds(WrittenDeeds):
    """Deeds on recalls."""

    def __init__(
        self, clinic: Clinic, background: Background, undo: Undo, clock: DeskClock, parent: QObject | None = None
    ) -> None:
        super().__init__(clinic, background, undo, parent)
        self._clock = clock

    def add(self, command: AddRecall) -> None:
        """Have somebody come again; the way back gives it up."""
        today = self._clock.today()

        def added(found: Recall) -> None:
            month = month_and_year(found.due_month)
            words = _("{patient} is to be called in {month}").format(patient=found.patient_name, month=month)
            self._done(words, "repeat", self._put_back(found, replace(found, state=RecallState.GIVEN_UP), words))

        self.run(lambda: recalls.add(self._clinic, command, today), added)

    def note(self, recall: Recall, outcome: Outcome) -> None:
        """Note what came of a try."""
        words = f"{recall.patient_name}: {outcome_word(outcome)}"
        self._note(
            recall.id,
            outcome,
            lambda attempt: self._done(words, ICONS[outcome], self._unnote(recall.id, attempt, outcome, words)),
        )

    def note_quietly(self, recall: Recall, outcome: Outcome) -> None:
        """Note what the booking itself said already."""
        self._note(recall.id, outcome, lambda _attempt: None)

    def postpone(self, recall: Recall, due_month: dt.date) -> None:
        """Put it off to another month."""
        month = capitalised(month_and_year(due_month))
        words = _("{patient} put off: {month}").format(patient=recall.patient_name, month=month)
        self._change(recall, replace(recall, due_month=due_month), words, "calendar-clock")

    def set_state(self, recall: Recall, state: RecallState) -> None:
        """Give it up, or take it up again."""
        said = _("{patient} is to be called again") if state is RecallState.OPEN else _("{patient} is no longer called")
        self._change(recall, replace(recall, state=state), said.format(patient=recall.patient_name), "check")

    # --- within ---

    def _note(self, recall_id: UUID, outcome: Outcome, done: Callable[[UUID], None]) -> None:
        command = NoteAttempt(new_id(), recall_id, outcome)
        self.run(lambda: recalls.note_attempt(self._clinic, command), lambda found: done(found[1]))

    def _unnote(self, recall_id: UUID, attempt_id: UUID, outcome: Outcome, words: str) -> TakeBack:
        def take_back(tell: Callable[[Deed], None]) -> None:
            def again(tell_again: Callable[[Deed], None]) -> None:
                self._note(
                    recall_id,
                    outcome,
                    lambda attempt: tell_again(Deed(words, self._unnote(recall_id, attempt, outcome, words))),
                )

            self.run(
                lambda: recalls.take_attempt_back(self._clinic, recall_id, attempt_id),
                lambda _found: tell(Deed(words, again)),
            )

        return take_back

    def _change(self, before: Recall, wanted: Recall, words: str, icon: str) -> None:
        self._write(before.version, wanted, lambda after: self._done(words, icon, self._put_back(after, before, words)))

    def _put_back(self, after: Recall, before: Recall, words: str) -> TakeBack:
        """What takes `after` back to the month and state of `before`."""

        def take_back(tell: Callable[[Deed], None]) -> None:
            self._write(
                after.version, before, lambda restored: tell(Deed(words, self._put_back(restored, after, words)))
            )

        return take_back

    def _write(self, seen_version: int, wanted: Recall, done: Callable[[Recall], None]) -> None:
        command = ChangeRecall(new_id(), wanted.id, seen_version, wanted.due_month, wanted.state)
        self.run(lambda: recalls.change(self._clinic, command), done)

    def _done(self, words: str, icon: str, take_back: TakeBack) -> None:
        self._undo.did(Deed(words, take_back), icon)
