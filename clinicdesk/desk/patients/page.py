"""The patients' page: wiring between what a person does, the use cases, and what is shown."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from clinicdesk import formats
from clinicdesk.desk import allowed
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.patients.alerting import Alerting
from clinicdesk.desk.patients.consenting import Consenting
from clinicdesk.desk.patients.finder import Finder
from clinicdesk.desk.patients.forms import Forms
from clinicdesk.desk.patients.profile_view import ProfileView
from clinicdesk.desk.patients.reading import Profile, match_of, read_profile
from clinicdesk.desk.patients.saving import Writer
from clinicdesk.desk.patients.segmenting import Segmenting
from clinicdesk.desk.patients.tagging import Tagging
from clinicdesk.desk.patients.upkeep import Upkeep
from clinicdesk.desk.stylesheet import stand_on
from clinicdesk.desk.undo import Undo
from clinicdesk.desk.widgets.button import Button
from clinicdesk.desk.widgets.header import Header
from clinicdesk.desk.widgets.label import separator
from clinicdesk.desk.widgets.patient_picker import MOST
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.desk.wording import sentence
from clinicdesk.domain.custom_fields import CustomField, Entity
from clinicdesk.domain.patients import Patient, PatientMatch
from clinicdesk.domain.segments import Definition
from clinicdesk.domain.staff import Capability, Role
from clinicdesk.domain.timeline import Moment
from clinicdesk.errors import ClinicError, NotFound, ServerAway
from clinicdesk.usecases import custom_fields, patients, segments, timeline
from clinicdesk.usecases.clinic import Change, Clinic
from clinicdesk.words import _, ngettext

PAGE_OF_ROWS = 50
_GATHER_MILLISECONDS = 100
# Rows of other tables that the page of one patient shows.
_BESIDE = ("tag", "patient_tag", "patient_merge", "waiting_entry", "recall", "recall_attempt", "consent")
_LIST_WIDTH = (336, 400)


class PatientsPage(QWidget):
    """Put it in the window as it is: it has its own header.

    `book_requested` carries a PatientMatch and `visit_requested` an Appointment to be shown in the agenda. The window
    tells of changes by `apply_change`, and by `reload` when it may have missed some.
    """

    book_requested = Signal(object)
    visit_requested = Signal(object)
    search_requested = Signal()
    waiting_requested = Signal(object)  # PatientMatch
    patient_saved = Signal(object)  # Patient
    message_requested = Signal(object)  # patient id

    def __init__(
        self,
        clinic: Clinic,
        background: Background,
        toasts: ToastArea,
        clock: DeskClock | None = None,
        undo: Undo | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        stand_on(self, "bg")
        self.title = _("Patients")
        self._clinic = clinic
        self._background = background
        self._toasts = toasts
        self._clock = clock or DeskClock(parent=self)
        self._wanted: UUID | None = None
        self._begun = False
        self.header = Header(self.title)
        self.header.bell.hide()
        self.finder = Finder(self._clock.now, lambda: self._clock.zone)
        writes_alerts = clinic.person.role is Role.PROFESSIONAL
        self.profile = ProfileView(self._clock.now, lambda: self._clock.zone, writes_alerts)
        self.tagging = Tagging(self, clinic, background, undo)
        self.alerting = Alerting(self, clinic, background, undo)
        self.consenting = Consenting(self, clinic, background, self._clock, undo)
        self.segmenting = Segmenting(self, clinic, background, self._clock, undo)
        self._writer = Writer(self, clinic, background, toasts, self._clock, undo, lambda: self.forms.own)
        self.forms = Forms(
            self, clinic, background, self._clock, self._writer, lambda text: self._found(text, limit=MOST)
        )
        self.upkeep = Upkeep(self, self.header, self.finder, clinic, background, self._clock, undo, toasts)
        self._work, self._surfaces = QWidget(), QStackedWidget()
        self._stale_list = QTimer(self, singleShot=True, interval=_GATHER_MILLISECONDS)
        self._stale_profile = QTimer(self, singleShot=True, interval=_GATHER_MILLISECONDS)
        self._arrange()
        self._listen()

    # --- what the window calls ---

    def commands(self) -> Mapping[str, Callable[[], object]]:
        """The page's own keys, for the table of shortcuts."""
        return {"book": self.book, "edit": self.edit, "message": self.message}

    def reload(self) -> None:
        """Read everything that is shown again; what is shown stays until the answer is there."""
        self._begun = True
        self.finder.ask()
        self._count()
        self._read_own_fields()
        self.upkeep.reload()
        if self._wanted is not None:
            self._read(self._wanted)

    def apply_change(self, change: Change) -> None:
        """Another desk, or this one, changed something: read again what it may touch."""
        if self._begun:
            self.upkeep.apply_change(change)
        if change.kind in ("segment", "tag", "custom_field"):
            self.segmenting.refresh()
        if change.kind in _BESIDE and self._wanted is not None:
            self._stale_profile.start()
        elif change.kind in ("patient", "patient_alert"):
            self._patient_changed(change)
        elif change.kind == "appointment" and self._wanted is not None:
            self._stale_profile.start()
        elif change.kind == "custom_field" and self._begun:
            self._read_own_fields()
            self._stale_profile.start()
        if change.kind in ("patient", "appointment") and self._begun:
            self._stale_list.start()

    def show_patient(self, patient_id: UUID) -> None:
        """Open one patient, on the list or not."""
        self._close_surface()
        self.finder.select(patient_id)
        self._read(patient_id)

    def focus_search(self) -> None:
        """Search, with what stood in the box marked to be typed over."""
        if self._surfaces.currentWidget() is not self._work:
            self.upkeep.merging.view.focus_first()
            return
        self.finder.box.setFocus()
        self.finder.box.selectAll()

    def new_patient(self, text: str = "") -> None:
        """Register somebody, beginning with what was searched."""
        if not allowed.refused(Capability.WRITE_PATIENTS, self._toasts):
            self.forms.register(text)

    def edit(self) -> None:
        """Edit the patient who is shown, once all of the record was read."""
        profile = self.profile.profile
        if profile is not None and profile.partial:
            self._tell(ServerAway())
        elif profile is not None and not allowed.refused(Capability.WRITE_PATIENTS, self._toasts):
            self.forms.edit(profile)

    def book(self) -> None:
        """Wish for an appointment of the patient who is shown."""
        profile = self.profile.profile
        if profile is not None:
            self.book_requested.emit(match_of(profile, self._clock.now()))

    def message(self) -> None:
        """Wish for the conversation with the patient who is shown."""
        profile = self.profile.profile
        if profile is not None:
            self.message_requested.emit(profile.patient.id)

    def _wait(self) -> None:
        profile = self.profile.profile
        if profile is not None:
            self.waiting_requested.emit(match_of(profile, self._clock.now()))

    def _open_tags(self) -> None:
        if self.profile.profile is not None:
            self.tagging.open_for(self.profile.profile, self.profile.head.tag)

    def _open_alerts(self) -> None:
        if self.profile.profile is not None:
            self.alerting.open_for(self.profile.profile, self.profile.head.alert)

    def _open_consents(self) -> None:
        if self.profile.profile is not None:
            self.consenting.open_for(self.profile.profile, self.profile.consents.change)

    # --- the list ---

    def _search(self, text: str) -> None:
        definition = self.finder.segments.definition

        def show(found: Sequence[PatientMatch]) -> None:
            if definition == self.finder.segments.definition:
                self.finder.show_found(text, found, len(found) < PAGE_OF_ROWS)
                if definition is not None and len(found) == PAGE_OF_ROWS:
                    self._count_narrowed(definition, text)

        self._background.run(
            self,
            lambda: self._found(text, definition=definition),
            show,
            lambda error: self.finder.show_trouble(self._worded(error)),
            replaces="search",
        )

    def _more(self, offset: int) -> None:
        text, definition = self.finder.text, self.finder.segments.definition

        def add(found: Sequence[PatientMatch]) -> None:
            if definition == self.finder.segments.definition:
                self.finder.add_found(text, found, len(found) < PAGE_OF_ROWS)

        self._background.run(
            self,
            lambda: self._found(text, offset, definition=definition),
            add,
            lambda error: self.finder.show_trouble(self._worded(error)),
            replaces="more",
        )

    def _count_narrowed(self, definition: Definition, text: str) -> None:
        now, zone = self._clock.now(), self._clock.zone

        def show(total: int) -> None:
            if definition == self.finder.segments.definition and text == self.finder.text:
                self.finder.show_total(total)

        self._background.run(
            self,
            lambda: segments.count(self._clinic, definition, now, zone, text),
            show,
            _silent,
            replaces="narrowed",
        )

    def _found(
        self, text: str, offset: int = 0, limit: int = PAGE_OF_ROWS, definition: Definition | None = None
    ) -> Sequence[PatientMatch]:
        if definition is None:
            matches = patients.search(self._clinic, text, limit, offset)
        else:
            now, zone = self._clock.now(), self._clock.zone
            matches = segments.find(self._clinic, definition, text, now, zone, limit, offset)
        return patients.with_visits(self._clinic, matches, self._clock.now()) if matches else []

    def _count(self) -> None:
        self._background.run(self, lambda: patients.count(self._clinic), self._say_count, _silent, replaces="count")

    def _read_own_fields(self) -> None:
        def keep(fields: Sequence[CustomField]) -> None:
            self.forms.own = fields

        self._background.run(
            self, lambda: custom_fields.fields(self._clinic, Entity.PATIENT), keep, _silent, replaces="own_fields"
        )

    def _say_count(self, count: int) -> None:
        words = ngettext("{count} patient", "{count} patients", count).format(count=formats.number(count))
        self.header.set_title(self.title, words)

    # --- the chosen one ---

    def _picked(self, match: PatientMatch) -> None:
        if match.id != self._wanted:
            self._read(match.id)

    def _read(self, patient_id: UUID) -> None:
        self._wanted = patient_id
        held = self.profile.moments_of(patient_id)
        self.profile.expect(patient_id)
        self._background.run(
            self,
            lambda: read_profile(self._clinic, patient_id, held),
            lambda profile: self._read_done(patient_id, profile),
            lambda error: self._not_read(patient_id, error),
            replaces="profile",
        )

    def _read_older(self, before: Moment) -> None:
        patient_id = self._wanted
        if patient_id is None:
            return
        self._background.run(
            self,
            lambda: timeline.page(self._clinic, patient_id, before),
            lambda page: self.profile.show_older(patient_id, page),
            lambda error: self.profile.show_trouble(self._worded(error)),
            replaces="older",
        )

    def _read_done(self, asked: UUID, profile: Profile) -> None:
        if asked == self._wanted:
            if profile.patient.id != asked:  # it was joined with this one
                self._wanted = profile.patient.id
                self.finder.select(profile.patient.id)
            self.profile.show_profile(profile)
            self.tagging.refresh(profile)
            self.alerting.refresh(profile)
            self.consenting.refresh(profile)

    def _not_read(self, patient_id: UUID, error: ClinicError) -> None:
        if isinstance(error, NotFound):
            self._wanted = None
            self.profile.clear()
            self._tell(error)
        elif patient_id == self._wanted:
            self.profile.show_trouble(self._worded(error))

    def _patient_changed(self, change: Change) -> None:
        if change.kind == "patient_alert":
            if self._wanted is not None:
                self._stale_profile.start()
            return
        shown = self.profile.profile
        if shown is not None and change.id == shown.patient.id and (change.version or 0) > shown.patient.version:
            self._stale_profile.start()
        self.forms.notice_change(change)

    def _read_again(self) -> None:
        if self._wanted is not None:
            self._read(self._wanted)

    # --- what opens in place of list and patient ---

    def _open_surface(self) -> None:
        self._surfaces.setCurrentWidget(self.upkeep.merging.view)

    def _close_surface(self) -> None:
        if self._surfaces.currentWidget() is not self._work:
            self._surfaces.setCurrentWidget(self._work)
            self.finder.box.setFocus()

    def _open_menu(self) -> None:
        if self.profile.profile is not None:
            self.upkeep.open_menu(self.profile.profile, self.profile.head.more)

    def _register_changed(self) -> None:
        self.finder.ask()
        self._count()
        self._read_again()

    # --- after a save ---

    def _show_saved(self, saved: Patient) -> None:
        self.show_patient(saved.id)
        self.finder.ask()
        self._count()
        self.patient_saved.emit(saved)

    # --- the frame ---

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        if not self._begun:
            self.reload()
            self.finder.box.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.finder.setFixedWidth(max(_LIST_WIDTH[0], min(_LIST_WIDTH[1], round(self.width() * 0.3))))

    def _tell(self, error: ClinicError) -> None:
        self._toasts.show_toast(self._worded(error), icon="circle-alert")

    def _worded(self, error: ClinicError) -> str:
        return sentence(error, self._clock.zone)

    def _listen(self) -> None:
        self.finder.search_wanted.connect(self._search)
        self.finder.more_wanted.connect(self._more)
        self.finder.picked.connect(self._picked)
        self.finder.register_wanted.connect(self.new_patient)
        self.profile.book_wanted.connect(self.book)
        self.profile.edit_wanted.connect(self.edit)
        self.profile.retry_wanted.connect(self._read_again)
        bar = self.finder.segments
        bar.menu_wanted.connect(lambda: self.segmenting.open_menu(bar.kept))
        self.segmenting.opened.connect(bar.open)
        self.segmenting.gone.connect(bar.forget)
        self.segmenting.failed.connect(self._tell)
        self.profile.head.tags_wanted.connect(self._open_tags)
        self.profile.head.alerts_wanted.connect(self._open_alerts)
        self.profile.consents.change_wanted.connect(self._open_consents)
        for room in (self.tagging, self.alerting, self.consenting):
            room.changed.connect(self._stale_profile.start)
            room.failed.connect(self._tell)
        self.profile.older_wanted.connect(self._read_older)
        self.profile.visit_opened.connect(self.visit_requested)
        self.header.search_requested.connect(self.search_requested)
        self._writer.written.connect(self._show_saved)
        self.forms.saved.connect(self._show_saved)
        self.forms.use_wanted.connect(self.show_patient)
        self.forms.failed.connect(self._tell)
        self.upkeep.merging.opened.connect(self._open_surface)
        self.upkeep.merging.closed.connect(self._close_surface)
        self.upkeep.changed.connect(self._register_changed)
        self.upkeep.failed.connect(self._tell)
        self.profile.head.more_wanted.connect(self._open_menu)
        self.upkeep.waiting_wanted.connect(self._wait)
        self.profile.head.more.setVisible(self.upkeep.merging.allowed)
        self._stale_list.timeout.connect(self.finder.ask)
        self._stale_profile.timeout.connect(self._read_again)

    def _arrange(self) -> None:
        new = Button(_("New patient"), "primary", "user-plus", "N")
        allowed.guard(new, Capability.WRITE_PATIENTS)
        allowed.guard(self.profile.head.edit, Capability.WRITE_PATIENTS)
        new.clicked.connect(lambda: self.new_patient())
        self.header.set_primary(new)
        row = QHBoxLayout(self._work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.finder)
        row.addWidget(separator(vertical=True))
        row.addWidget(self.profile, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        self._surfaces.addWidget(self._work)
        self._surfaces.addWidget(self.upkeep.merging.view)
        column.addWidget(self._surfaces, 1)


def _silent(_error: ClinicError) -> None:
    """What is only advice, or only a count, is not missed when it cannot be had."""
