"""The inbox as a place of the window: the rail's number, the ways to agenda and register, and what Ctrl+K offers."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject

from clinicdesk.desk import allowed
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.drafts import Drafts
from clinicdesk.desk.messages.page import InboxPage
from clinicdesk.desk.messages.words import name_of
from clinicdesk.desk.palette.entries import Entries, Entry, Group
from clinicdesk.desk.places import INBOX_PLACE, QUEUE_PLACE
from clinicdesk.desk.shortcuts import INBOX, Shortcuts
from clinicdesk.desk.undo import Undo
from clinicdesk.desk.widgets.rail import Place
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.drafts import Draft
from clinicdesk.domain.inbox import Talk
from clinicdesk.domain.patients import Patient, PatientMatch
from clinicdesk.domain.staff import CAPABILITIES, Capability, Role
from clinicdesk.usecases import inbox
from clinicdesk.usecases import patients as patient_usecases
from clinicdesk.usecases.clinic import Change, Clinic
from clinicdesk.words import _

KEY = "Ctrl 4"
_OFFERED = 40  # conversations that Ctrl+K knows by name


@dataclass(frozen=True)
class Doors:
    """Where the inbox leads: whatever the window knows how to open."""

    go: Callable[[str], None]
    reschedule: Callable[[Appointment], None]
    show_visit: Callable[[Appointment], None]
    book: Callable[[PatientMatch], None]
    show_patient: Callable[[UUID], None]
    search: Callable[[], None]
    badge: Callable[[str, int], None]
    refuse_offline: Callable[[], bool]
    register: Callable[[str, str, Callable[[UUID], None]], None]


def reads_messages(role: Role) -> bool:
    """Whether a role has conversations at all: whoever may send may read."""
    return Capability.SEND_MESSAGES in CAPABILITIES[role]


def places(role: Role) -> list[Place]:
    """The inbox on the rail, for whom it is one."""
    return [Place(INBOX_PLACE, "message-circle", _("Messages"), KEY)] if reads_messages(role) else []


class InboxOpening(QObject):
    """The page with its ways out; it is made once for each person at work."""

    def __init__(
        self,
        clinic: Clinic,
        background: Background,
        undo: Undo,
        toasts: ToastArea,
        clock: DeskClock,
        doors: Doors,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._clinic, self._background, self._toasts, self._doors = clinic, background, toasts, doors
        self.page = InboxPage(clinic, background, undo, toasts, clock, doors.refuse_offline)
        page = self.page
        page.badge_changed.connect(lambda count: doors.badge(INBOX_PLACE, count))
        page.search_requested.connect(doors.search)
        page.queue_requested.connect(lambda: doors.go(QUEUE_PLACE))
        page.reschedule_requested.connect(doors.reschedule)
        page.visit_requested.connect(doors.show_visit)
        page.patient_requested.connect(doors.show_patient)
        page.book_requested.connect(self._book)
        page.register_requested.connect(self._register)
        page.count()

    def join(self, shortcuts: Shortcuts, entries: Entries, drafts: Drafts) -> None:
        """Bind its keys, offer it in the palette, and keep what is typed in it."""
        shortcuts.bind(INBOX, self.page, self.page.commands())
        entries.add(Entry(Group.PAGES, _("Messages"), partial(self._doors.go, INBOX_PLACE), "message-circle", KEY,
                          also=_("inbox WhatsApp conversations")))  # fmt: skip
        entries.add_source(self._talk_entries)
        drafts.add("message", self.page.typed, self._resume)

    def heard(self, changes: Sequence[Change]) -> None:
        """Take in what happened at any desk."""
        self.page.apply_changes(changes)

    def came_back(self) -> None:
        """The server is there again: read what is on show, or how much waits."""
        if self.page.isVisible():
            self.page.reload()
        else:
            self.page.count()

    def show_talk(self, talk_id: UUID) -> None:
        """Go to one conversation."""
        self._doors.go(INBOX_PLACE)
        self.page.show_talk(talk_id)

    def write_to(self, patient_id: UUID) -> None:
        """Open the conversation with a patient, or begin one."""
        if allowed.refused(Capability.SEND_MESSAGES, self._toasts):
            return
        self._background.run(
            self, lambda: inbox.begin(self._clinic, patient_id), self.show_talk, self._failed, lane="writes"
        )

    # --- within ---

    def _resume(self, draft: Draft) -> None:
        self._doors.go(INBOX_PLACE)
        self.page.resume(draft)

    def _talk_entries(self) -> Iterable[Entry]:
        for talk in self.page.model.talks[:_OFFERED]:
            words = _("Conversation with {name}").format(name=name_of(talk))
            yield Entry(Group.PAGES, words, partial(self.show_talk, talk.id), "message-circle", also=talk.phone)

    def _book(self, patient_id: UUID) -> None:
        self._background.run(
            self, lambda: patient_usecases.patient(self._clinic, patient_id), self._book_for, self._failed
        )

    def _book_for(self, patient: Patient) -> None:
        alert = patient.alerts[0].text if patient.alerts else ""
        match = PatientMatch(
            patient.id, patient.name, patient.phone, patient.birth_date, patient.guardian_name, patient.vip,
            next_visit=None, last_visit=None, alert=alert,
        )  # fmt: skip
        self._doors.book(match)

    def _register(self, talk: Talk) -> None:
        """Register whoever writes from an unknown number; who is saved is whose conversation it is."""
        if allowed.refused(Capability.WRITE_PATIENTS, self._toasts):
            return
        self._doors.register(talk.display_name, talk.phone, partial(self.page.deeds.link, talk))

    def _failed(self, error: object) -> None:
        self.page.deeds.failed.emit(error)
