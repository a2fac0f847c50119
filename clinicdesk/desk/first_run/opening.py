"""The first run at work: what the page wishes for is done on the background lanes, and the window follows."""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from clinicdesk import settings as desk_settings
from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.first_run.done_step import Takers
from clinicdesk.desk.first_run.import_row import Told
from clinicdesk.desk.first_run.page import Doors, FirstRunPage
from clinicdesk.desk.printing import PrintPreview
from clinicdesk.desk.shortcuts import Shortcuts
from clinicdesk.desk.wording_imports import agenda_counts, agenda_line, patient_counts, patient_line, undone
from clinicdesk.documents.recovery_key import recovery_key_pdf
from clinicdesk.domain.desks import DeskCode, ServerAddress
from clinicdesk.domain.first_run import Answers, Attends, FirstClinic
from clinicdesk.domain.staff import AddPerson, Role
from clinicdesk.errors import ClinicError, InvalidField
from clinicdesk.settings import Settings
from clinicdesk.usecases import agenda_import, desks, first_run, patient_import, place
from clinicdesk.usecases.agenda_import import EventOutcome
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.usecases.desks import Enrolled
from clinicdesk.usecases.local import Local
from clinicdesk.usecases.place import Place
from clinicdesk.usecases.staff import SignedIn
from clinicdesk.words import _

_KEEP_AFTER = 500  # milliseconds after the last letter


@dataclass(frozen=True)
class Made:
    """A clinic that stands: how it is reached, and its owner signed in."""

    place: Place
    signed_in: SignedIn


def _milliseconds(address: ServerAddress) -> float:
    return desks.look_for_server(address).milliseconds


@dataclass(frozen=True)
class ServerWays:
    """How a clinic server is looked for, joined and opened; all of it off the UI thread."""

    look: Callable[[ServerAddress], float] = _milliseconds
    enrol: Callable[[Path, ServerAddress, DeskCode, str], Enrolled] = desks.enrol
    open: Callable[[Path, Settings], Place] = place.open_place


class FirstRun(QObject):
    """`entered` brings the clinic and its owner; `joined` says that the settings name a server that has people.

    `demo_wanted` asks for the demo, `quit_wanted` for the end; nothing is made before the last question was answered.
    """

    entered = Signal(object)  # Made
    joined = Signal(object)  # Settings
    demo_wanted = Signal()
    quit_wanted = Signal()

    def __init__(
        self,
        data_dir: Path,
        settings: Settings,
        background: Background,
        shortcuts: Shortcuts,
        clock: DeskClock,
        parent: QObject | None = None,
        server: ServerWays | None = None,
    ) -> None:
        super().__init__(parent)
        self._server = server or ServerWays()
        self._data_dir, self._settings, self._background, self._clock = data_dir, settings, background, clock
        self._local: Local | None = None
        self._opening = threading.Lock()
        self._enrolled: Enrolled | None = None
        self._made: Made | None = None
        self._operation_id = new_id()
        doors = Doors(
            partial(first_run.look_here, data_dir, settings.postgres_binaries),
            self._server.look,
            self._keep_soon,
            self._show_paper,
        )
        self.page = FirstRunPage(background, shortcuts, doors, first_run.kept_answers(data_dir))
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_KEEP_AFTER)
        self._soon.timeout.connect(self._keep)
        self.page.begun.connect(self._begin_here)
        self.page.join_wanted.connect(self._join)
        self.page.make_wanted.connect(self._make)
        self.page.demo_wanted.connect(self.demo_wanted)
        self.page.finished.connect(self._finish)
        self.page.quit_wanted.connect(self.quit_wanted)

    @property
    def stands(self) -> bool:
        """Whether the clinic was made in this run."""
        return self.page.done is not None

    def close(self) -> None:
        """Let go of what was opened and not handed on; what was typed is kept unless the clinic stands."""
        self._soon.stop()
        if not self.stands and (self._enrolled is None or self._enrolled.founder is not None):
            first_run.keep_answers(self._data_dir, self.page.answers)
        if self._made is not None:
            self._made.signed_in.clinic.close()
            self._made.place.close()
            self._made = None
        elif self._local is not None:
            self._local.close()
        self._local = None

    # --- what was typed ---

    def _keep_soon(self, _answers: Answers) -> None:
        self._soon.start()

    def _keep(self) -> None:
        self._write(partial(first_run.keep_answers, self._data_dir, self.page.answers))

    def _forget(self) -> None:
        self._soon.stop()
        # On the same lane as the keeping, and so after it.
        self._write(partial(first_run.forget_answers, self._data_dir))

    def _write(self, work: Callable[[], None]) -> None:
        self._background.run(self, work, lambda _none: None, lambda _error: None, lane="writes")

    # --- this computer ---

    def _begin_here(self) -> None:
        """Start the server while the next questions are answered, so that nobody waits for it."""
        self._background.run(self, self._opened_here, lambda _local: None, self._here_refused)

    def _here_refused(self, error: ClinicError) -> None:
        self.page.place.here.refuse(error)
        self.page.warn(error)

    def _opened_here(self) -> Local:
        with self._opening:
            if self._local is None:
                self._local = first_run.open_ready(self._data_dir, self._settings.postgres_binaries)
            return self._local

    # --- a clinic server ---

    def _join(self) -> None:
        try:
            address, code, name = self.page.server.wanted
        except InvalidField as problem:
            self.page.say(problem)
            return
        work = partial(self._server.enrol, self._data_dir, address, code, name)
        self._background.run(self, work, self._enrolled_here, self.page.say, lane="writes")

    def _enrolled_here(self, enrolled: Enrolled) -> None:
        self._enrolled = enrolled
        if enrolled.founder is not None:
            self.page.went_in()
            return
        self._forget()
        self.joined.emit(self._joined_settings(enrolled))

    def _joined_settings(self, enrolled: Enrolled) -> Settings:
        return place.joined(self._settings, enrolled.address, self.page.answers.desk_name.strip())

    # --- making ---

    def _make(self) -> None:
        self.page.set_busy(True)
        try:
            wanted = self._wanted()
        except ClinicError as error:
            self.page.say(error)
            return
        self._background.run(self, lambda: self._make_it(wanted), self._stands, self.page.say, lane="writes")

    def _wanted(self) -> FirstClinic:
        answers, clinic_id = self.page.answers, new_id()
        clinic = answers.clinic(clinic_id)
        owner = AddPerson(
            self._operation_id,
            answers.login_name,
            answers.owner_name.strip(),
            Role.OWNER,
            self.page.owner.choosing.text,
            (clinic_id,),
        )
        return FirstClinic(clinic, owner, answers.beginning())

    def _make_it(self, wanted: FirstClinic) -> Made:
        """Off the UI thread."""
        key = self.page.key.key
        if self._enrolled is not None and self._enrolled.founder is not None:
            joined = self._joined_settings(self._enrolled)
            opened = self._server.open(self._data_dir, joined)
            return Made(*first_run.make_there(opened, self._enrolled.founder, wanted, key, joined.desk_name))
        desk = self._settings.desk_name or _("Desk")
        return Made(*first_run.make_here(self._opened_here(), wanted, key, desk))

    def _stands(self, made: Made) -> None:
        self._made, self._local = made, None
        self._forget()
        if self._enrolled is not None:
            desk_settings.save(self._data_dir, self._joined_settings(self._enrolled))
        answers = self.page.answers
        self.page.made(answers.clinic_name.strip(), self._takers(made.signed_in.clinic, answers))

    def _finish(self) -> None:
        made, self._made = self._made, None
        if made is not None:
            if self._enrolled is not None:
                self.joined.emit(self._joined_settings(self._enrolled))
            self.entered.emit(made)

    # --- paper and imports ---

    def _show_paper(self, key: str, answers: Answers) -> None:
        clinic, owner, day = answers.clinic_name.strip(), answers.owner_name.strip(), self._clock.today()
        self._background.run(self.page, lambda: recovery_key_pdf(key, clinic, owner, day), self._preview, self.page.say)

    def _preview(self, pdf: bytes) -> None:
        PrintPreview(self.page, pdf, _("recovery-key.pdf")).open_centred()

    def _takers(self, clinic: Clinic, answers: Answers) -> Takers:
        name = answers.attending_name.strip() if answers.attends is not Attends.LATER else ""
        agenda = partial(_take_agenda, clinic, name, self._clock.zone) if name else None
        return Takers(partial(_take_patients, clinic), agenda, name)


def _take_patients(clinic: Clinic, path: Path, dry_run: bool) -> Told:
    report = patient_import.import_patients(clinic, path, dry_run=dry_run)
    remarks = [said for said in map(patient_line, report.lines) if said]
    return Told(patient_counts(report), remarks, bool(report.taken or report.merged), _undoing(clinic, report.batch_id))


def _take_agenda(clinic: Clinic, name: str, zone: dt.tzinfo, path: Path, dry_run: bool) -> Told:
    report = agenda_import.import_agenda(clinic, path, name, dry_run=dry_run)
    wrong = (EventOutcome.CONFLICT, EventOutcome.REFUSED)
    remarks = [agenda_line(one, zone) for one in report.lines if one.outcome in wrong]
    useful = bool(report.count(EventOutcome.BOOKED) + report.count(EventOutcome.BLOCKED))
    return Told(agenda_counts(report), remarks, useful)


def _undoing(clinic: Clinic, batch_id: UUID | None) -> Callable[[], str] | None:
    if batch_id is None:
        return None
    return lambda: undone(patient_import.undo_import(clinic, batch_id))
