"""What opens from a conversation: note, templates, quick replies, whose it is, who has it, and files."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from clinicdesk.desk import icons
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.messages.composer import Composer
from clinicdesk.desk.messages.deeds import InboxDeeds
from clinicdesk.desk.messages.files import Files
from clinicdesk.desk.messages.finding import FindPopover
from clinicdesk.desk.messages.note import NotePopover
from clinicdesk.desk.messages.quick_replies import QuickRepliesPopover, Suggestions
from clinicdesk.desk.messages.talk_head import TalkHead
from clinicdesk.desk.messages.template_picker import TemplatePicker
from clinicdesk.domain.inbox import QuickReply, Talk, TemplateOffer
from clinicdesk.domain.staff import CAPABILITIES, Capability, Person
from clinicdesk.errors import ClinicError
from clinicdesk.usecases import inbox, staff
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.words import _


class TalkTools(QObject):
    """`commanded` carries a command of the page, `failed` why something could not be done."""

    commanded = Signal(str)
    failed = Signal(object)

    def __init__(
        self,
        page: QWidget,
        clinic: Clinic,
        background: Background,
        clock: DeskClock,
        deeds: InboxDeeds,
        files: Files,
        composer: Composer,
        head: TalkHead,
    ) -> None:
        super().__init__(page)
        self._page, self._clinic, self._background, self._clock = page, clinic, background, clock
        self._deeds, self._files, self._composer, self._head = deeds, files, composer, head
        self.replies: tuple[QuickReply, ...] = ()
        self.people: tuple[Person, ...] = ()
        self.suggestions = Suggestions(composer, lambda: self.replies)
        composer.before_sending = self.suggestions.take

    def read(self) -> None:
        """Read the quick replies, and who else may have a conversation."""
        self._run(lambda: inbox.quick_replies(self._clinic), self._replies_came, "replies")
        self._run(lambda: staff.people(self._clinic), self._people_came, "people")

    def note(self, talk: Talk) -> None:
        """Leave a note for colleagues."""
        popover = NotePopover(self._page)
        popover.decided.connect(lambda words: self._deeds.note(talk, words))
        popover.open_at(self._composer.note)

    def templates(self, talk: Talk) -> None:
        """Choose a template to send."""
        now = self._clock.now()
        self._run(lambda: inbox.templates(self._clinic, talk.id, now), partial(self._offer, talk), "templates")

    def quick_replies(self) -> None:
        """Show the quick replies, to use, change, add or remove them."""
        popover = QuickRepliesPopover(self._page, self._clinic, self._background, self.failed.emit)
        popover.show_replies(self.replies)
        popover.taken.connect(self._composer.insert)
        popover.changed.connect(self.read)
        popover.open_at(self._composer.quick)

    def find(self, talk: Talk) -> None:
        """Say whose conversation it is."""
        popover = FindPopover(self._page, self._clinic, self._background, self._clock)
        popover.decided.connect(lambda match: self._deeds.link(talk, match.id))
        popover.new_wanted.connect(lambda _text: self.commanded.emit("new_patient"))
        popover.open_centred()

    def attach(self, talk: Talk) -> None:
        """Choose a file of this computer and send it with what is typed."""
        path, _kind = QFileDialog.getOpenFileName(self._page, _("Send a file"))
        if path:
            self.send_file(talk, Path(path))

    def send_file(self, talk: Talk, path: Path) -> None:
        """Send a file with what is typed; what is typed goes once the file was taken."""
        words = self._composer.text

        def sent() -> None:
            if self._composer.text == words:
                self._composer.set_text("")
            self._deeds.changed.emit()

        self._files.send(talk.id, path, words, sent)

    def more(self, talk: Talk) -> None:
        """Everything else that can be done with a conversation."""
        menu = QMenu(self._page)
        menu.aboutToHide.connect(menu.deleteLater)
        for name, icon, words in _entries(talk):
            menu.addAction(icons.icon(icon, "muted"), words, partial(self.commanded.emit, name))
        others = [one for one in self.people if one.id not in (self._clinic.person.id, talk.person_id)]
        if others:
            give = menu.addMenu(icons.icon("user-round", "muted"), _("Give to"))
            for person in others:
                give.addAction(person.name.replace("&", "&&"), partial(self._deeds.hand, talk, person.id))
        button = self._head.more
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    # --- within ---

    def _offer(self, talk: Talk, found: tuple[Sequence[TemplateOffer], Decimal]) -> None:
        picker = TemplatePicker(self._page, *found)
        picker.decided.connect(lambda offer: self._deeds.send_template(talk, offer.id))
        picker.open_centred()

    def _replies_came(self, replies: Sequence[QuickReply]) -> None:
        self.replies = tuple(replies)
        self._composer.show_replies(replies)

    def _people_came(self, people: Sequence[Person]) -> None:
        here = self._clinic.id
        self.people = tuple(
            one
            for one in people
            if one.active
            and not one.invited
            and here in one.clinic_ids
            and Capability.SEND_MESSAGES in CAPABILITIES[one.role]
        )

    def _run(self, work: Callable[[], object], done: Callable[..., None], replaces: str) -> None:
        self._background.run(self, work, done, self._refused, replaces=replaces)

    def _refused(self, error: ClinicError) -> None:
        self.failed.emit(error)


def _entries(talk: Talk) -> list[tuple[str, str, str]]:
    entries = [("note", "sticky-note", _("Note for the team")), ("template", "message-square", _("Send a template"))]
    if talk.patient_id is None:
        return [
            *entries,
            ("find_patient", "search", _("Find the patient")),
            ("new_patient", "user-plus", _("Register a new patient")),
        ]
    return [
        *entries,
        ("open_patient", "external-link", _("Open the record")),
        ("unlink", "unlink", _("This is not the patient")),
    ]
