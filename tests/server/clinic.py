"""A clinic on a server of these roots: founded at one desk, joined by others, with the desk's own code at each."""

import datetime as dt
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from clinicdesk import settings
from clinicdesk.domain.agenda import Appointment, BookAppointment
from clinicdesk.domain.clinics import Clinic as ClinicFacts
from clinicdesk.domain.desks import ServerAddress, read_code
from clinicdesk.domain.first_run import Beginning
from clinicdesk.domain.hours import Span
from clinicdesk.domain.patients import NewPatient
from clinicdesk.domain.preferences import ProfessionalForm
from clinicdesk.domain.slots import SlotRequest
from clinicdesk.domain.staff import AddPerson, Role
from clinicdesk.domain.starter_services import STARTER_SERVICES, ClinicKind
from clinicdesk.storage.changes import Change, Link
from clinicdesk.usecases import agenda, desks, setup, snapshot, staff
from clinicdesk.usecases.agenda import AgendaPage
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.usecases.desks import Enrolled
from clinicdesk.usecases.own_key import own_files
from clinicdesk.usecases.place import Place, joined, open_place
from clinicdesk.usecases.staff import SignedIn
from tests.server.lan import entered
from tests.server.root import DATABASE, SERVER

ADDRESS = ServerAddress(SERVER, 5432, DATABASE)
PASSWORD = "janela 47 aberta"
ZONE = ZoneInfo("America/Sao_Paulo")
_OPEN: tuple[Span, ...] = ((dt.time(8), dt.time(18)),)


@dataclass
class DeskComputer:
    """One computer of the clinic: its namespace, its data folder and, once it joined, its way to the server."""

    space: str
    data_dir: Path
    name: str
    place: Place | None = None

    def enrol(self, code: str, address: ServerAddress = ADDRESS) -> Enrolled:
        """Join by a code, as the wizard does."""
        settings.make_data_dir(self.data_dir)
        with entered(self.space):
            done = desks.enrol(self.data_dir, address, read_code(code), self.name)
        remembered = joined(settings.load(self.data_dir), address, self.name)
        settings.save(self.data_dir, remembered)
        self.place = open_place(self.data_dir, remembered)
        return done

    def sign_in(self, login: str, password: str = PASSWORD) -> SignedIn:
        """Somebody signs in here."""
        assert self.place is not None
        with entered(self.space):
            return staff.sign_in(self.place.address, login, password, self.name)


def found_clinic(desk: DeskComputer, enrolled: Enrolled) -> UUID:
    """Make the clinic from its first desk; the clinic's id. Claudia owns it, Helena attends, every day is open."""
    assert enrolled.founder is not None
    clinic = ClinicFacts(new_id(), "Clínica Ipê")
    owner = AddPerson(new_id(), "claudia", "Cláudia Meireles", Role.OWNER, PASSWORD, (clinic.id,))
    beginning = Beginning(
        days=(_OPEN,) * 7,
        professional=ProfessionalForm(name="Dra. Helena Prado"),
        professional_days=(_OPEN,) * 7,
        services=STARTER_SERVICES[ClinicKind.MEDICAL][1:2],
    )
    with entered(desk.space):
        setup.found(enrolled.founder, "Clínica Ipê", [clinic], owner, beginning)
    return clinic.id


def add_receptionist(desk: DeskComputer, owner: Clinic) -> None:
    """Renata, who works at the front desk."""
    command = AddPerson(new_id(), "renata", "Renata Souza", Role.RECEPTION, PASSWORD, owner.person.clinic_ids)
    with entered(desk.space):
        staff.add_person(owner, command)


def tomorrow() -> dt.date:
    """A day that a snapshot holds and every policy allows."""
    return dt.datetime.now(ZONE).date() + dt.timedelta(days=1)


def book(desk: DeskComputer, clinic: Clinic, name: str) -> Appointment:
    """Book somebody new in the first free time of tomorrow."""
    with entered(desk.space):
        things = agenda.catalogue(clinic)
        service = things.services[0]
        request = SlotRequest(service, (things.professionals[0].id,), tomorrow(), 1)
        free = agenda.search_slots(clinic, request).slots[0]
        wish = BookAppointment(new_id(), NewPatient(name, "11987654321"), free.professional_id, service.id, free.slot)
        return agenda.book(clinic, wish)


def read_agenda(desk: DeskComputer, clinic: Clinic) -> AgendaPage:
    """Tomorrow's agenda, as the desk opens it."""
    with entered(desk.space):
        professionals = [one.id for one in agenda.catalogue(clinic).professionals]
        return agenda.days(clinic, tomorrow(), tomorrow(), professionals)


def keep_snapshot(desk: DeskComputer, signed_in: SignedIn, password: str = PASSWORD) -> int:
    """Keep today and tomorrow sealed at the desk; how many bytes."""
    with entered(desk.space):
        taken = snapshot.take(signed_in.clinic, signed_in.clinics, dt.datetime.now(ZONE).date())
    signed_in.clinic.hold_snapshot(taken)
    return snapshot.keep(own_files(desk.data_dir, signed_in.clinic.person.login, password), taken)


class Listening:
    """What a desk hears of changes and of its link, with the moments."""

    def __init__(self, desk: DeskComputer, clinic: Clinic) -> None:
        self.heard: list[tuple[float, Change]] = []
        self.links: list[tuple[float, Link]] = []
        self._news = threading.Condition()
        with entered(desk.space):
            self._watch = clinic.watch(self._changed, self._link)

    def wait_change(self, id: UUID, since: float, seconds: float = 10) -> float:
        """How long after `since` a row was told of."""
        heard = self.heard
        return (
            self._wait(lambda: next((at for at, one in heard if one.id == id and at >= since), None), seconds) - since
        )

    def wait_link(self, link: Link, since: float, seconds: float = 40) -> float:
        """How long after `since` the link came to that."""
        links = self.links
        return self._wait(lambda: next((at for at, one in links if one is link and at >= since), None), seconds) - since

    def close(self) -> None:
        """Stop listening."""
        self._watch.close()

    def _changed(self, change: Change) -> None:
        with self._news:
            self.heard.append((time.monotonic(), change))
            self._news.notify_all()

    def _link(self, link: Link) -> None:
        with self._news:
            self.links.append((time.monotonic(), link))
            self._news.notify_all()

    def _wait(self, found: Callable[[], float | None], seconds: float) -> float:
        with self._news:
            if not self._news.wait_for(lambda: found() is not None, seconds):
                raise AssertionError(f"nothing heard in {seconds} s: {self.links}")
            moment = found()
            assert moment is not None
            return moment
