"""What is done with conversations, on the writes lane; each with its way back where there is one."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QObject

from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.messages.words import name_of
from clinicdesk.desk.undo import Deed, TakeBack, Undo
from clinicdesk.desk.written import WrittenDeeds
from clinicdesk.domain.inbox import Assign, LinkPatient, Outgoing, SendTemplate, SendWords, Talk, WriteNote
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import inbox
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.words import _


class InboxDeeds(WrittenDeeds):
    """Deeds in conversations."""

    def __init__(
        self, clinic: Clinic, background: Background, undo: Undo, clock: DeskClock, parent: QObject | None = None
    ) -> None:
        super().__init__(clinic, background, undo, parent)
        self._clock = clock

    def send(self, talk: Talk, words: str, refused: Callable[[ClinicError], None]) -> None:
        """Say something. What is on its way has no way back, so none is offered."""
        command, now = SendWords(new_id(), talk.id, words), self._clock.now()
        self.run(lambda: inbox.send_words(self._clinic, command, now), lambda _id: None, refused)

    def send_template(self, talk: Talk, template_id: UUID) -> None:
        """Send a template."""
        command, now = SendTemplate(new_id(), talk.id, template_id), self._clock.now()
        self.run(lambda: inbox.send_template(self._clinic, command, now), lambda _id: None)

    def take_back(self, message: Outgoing) -> None:
        """Have a message not sent that nobody began to send."""
        self.run(lambda: inbox.take_back(self._clinic, message.id), lambda _none: None)

    def note(self, talk: Talk, words: str) -> None:
        """Leave a note for colleagues."""
        command = WriteNote(new_id(), talk.id, words)
        self.run(lambda: inbox.write_note(self._clinic, command), lambda _id: None)

    def hand(self, talk: Talk, person_id: UUID | None) -> None:
        """Take a conversation, give it to a colleague, or back to the robot."""
        self._assign(talk, person_id, lambda after: self._handed(talk, after))

    def link(self, talk: Talk, patient_id: UUID | None) -> None:
        """Say whose conversation it is."""

        def linked(after: Talk) -> None:
            named = _("This is {name}’s conversation now").format(name=name_of(after))
            words = named if after.patient_id else _("This is no patient’s conversation now")
            self._undo.did(Deed(words, self._relink(after, talk.patient_id, words)), "link")

        self._link(talk, patient_id, linked)

    def seen(self, talk: Talk) -> None:
        """Everything in it was seen."""
        version = talk.version
        self.run(lambda: inbox.mark_read(self._clinic, talk.id, version), lambda _none: None, lambda _error: None)

    # --- within ---

    def _handed(self, before: Talk, after: Talk) -> None:
        name = name_of(after)
        if after.person_id is None:
            words, icon = _("{name}: back to the robot").format(name=name), "bot"
        elif after.person_id == self._clinic.person.id:
            words, icon = _("{name}: with you now").format(name=name), "user-round"
        else:
            words, icon = _("{name}: with {person} now").format(name=name, person=after.person_name), "user-round"
        self._undo.did(Deed(words, self._rehand(after, before.person_id, words)), icon)

    def _rehand(self, after: Talk, wanted: UUID | None, words: str) -> TakeBack:
        def take_back(tell: Callable[[Deed], None]) -> None:
            self._assign(after, wanted, lambda found: tell(Deed(words, self._rehand(found, after.person_id, words))))

        return take_back

    def _assign(self, talk: Talk, wanted: UUID | None, done: Callable[[Talk], None]) -> None:
        command = Assign(new_id(), talk.id, talk.person_id, wanted)
        self.run(lambda: inbox.assign(self._clinic, command), done)

    def _relink(self, after: Talk, wanted: UUID | None, words: str) -> TakeBack:
        def take_back(tell: Callable[[Deed], None]) -> None:
            self._link(after, wanted, lambda found: tell(Deed(words, self._relink(found, after.patient_id, words))))

        return take_back

    def _link(self, talk: Talk, wanted: UUID | None, done: Callable[[Talk], None]) -> None:
        command = LinkPatient(new_id(), talk.id, talk.patient_id, wanted)
        self.run(lambda: inbox.link(self._clinic, command), done)
