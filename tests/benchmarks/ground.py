"""The clinic that everything is measured on, as big as it gets, on embedded PostgreSQL and kept between runs."""

import datetime as dt
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from clinicdesk.domain.agenda import BookAppointment, Slot
from clinicdesk.domain.clinics import Catalogue, Service
from clinicdesk.domain.slots import SlotRequest
from clinicdesk.storage.cluster import Cluster
from clinicdesk.storage.engine import login_of
from clinicdesk.usecases import agenda, staff
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.usecases.demo import DemoClinic, open_demo

NOTE = "benchmark"  # the mark of what a benchmark booked, so that it can be taken away again
RECEPTION, MANAGER = "renata", "paula"

_BOOKED_HERE = "(SELECT id FROM clinicdesk.appointment WHERE note = %s)"
_MESSAGES = f"(SELECT id FROM clinicdesk.outgoing_message WHERE appointment_id IN {_BOOKED_HERE})"
_TAKE_AWAY = (
    f"DELETE FROM queue.procrastinate_jobs WHERE (args ->> 'row_id')::uuid IN {_MESSAGES}",
    f"DELETE FROM clinicdesk.outgoing_message WHERE appointment_id IN {_BOOKED_HERE}",
    f"DELETE FROM clinicdesk.audit WHERE row_id IN {_BOOKED_HERE}",
    f"DELETE FROM clinicdesk.operation WHERE row_id IN {_BOOKED_HERE}",
    f"DELETE FROM clinicdesk.appointment_version WHERE appointment_id IN {_BOOKED_HERE}",
    f"DELETE FROM clinicdesk.resource_hold WHERE appointment_id IN {_BOOKED_HERE}",
    "DELETE FROM clinicdesk.series WHERE id IN (SELECT series_id FROM clinicdesk.appointment WHERE note = %s)",
    "DELETE FROM clinicdesk.appointment WHERE note = %s",
)


@dataclass(frozen=True)
class Place:
    """Where a visit fits, and in which of the rooms."""

    professional_id: UUID
    service: Service
    slot: Slot
    room_ids: tuple[UUID, ...]


class Ground:
    """The server, the big clinic in it, and the ways to reach it: as a desk, and as bare SQL by the same login."""

    def __init__(
        self, data_dir: Path, patients: int, appointments: int, server_settings: Mapping[str, str] | None = None
    ) -> None:
        self.data_dir = data_dir
        self.cluster = Cluster.open(data_dir, extra_settings=server_settings)
        self.demo: DemoClinic = open_demo(self.cluster, data_dir, patients=patients, appointments=appointments)
        self.today = self.demo.moment.date()
        self._desks: dict[str, Clinic] = {}
        self._connections: list[psycopg.Connection[Any]] = []

    def close(self) -> None:
        """Give everything back; the server stops with its last holder."""
        for connection in self._connections:
            connection.close()
        for desk in self._desks.values():
            desk.close()
        self.cluster.close()

    def password(self, login: str) -> str:
        """The password of one of the demo's people."""
        return next(one.password for one in self.demo.people if one.login == login)

    def conninfo(self, login: str) -> dict[str, str]:
        """How a person reaches the database."""
        address = self.demo.address
        return {**address, "user": login_of(address["dbname"], login), "password": self.password(login)}

    def desk(self, login: str = RECEPTION) -> Clinic:
        """The desk of a person, signed in as ever."""
        if login not in self._desks:
            self._desks[login] = staff.sign_in(self.demo.address, login, self.password(login), f"bench {login}").clinic
        return self._desks[login]

    def bare(self, login: str = RECEPTION) -> psycopg.Connection[Any]:
        """A connection of the same person for plain SQL, statements prepared by the driver as soon as they repeat."""
        arguments: dict[str, Any] = {**self.conninfo(login), "application_name": "floor", "prepare_threshold": 2}
        self._connections.append(psycopg.connect(**arguments))
        return self._connections[-1]

    def admin(self) -> psycopg.Connection[Any]:
        """The administrator's connection, for facts about the server and for taking away what was booked."""
        arguments: dict[str, Any] = {
            **self.cluster.admin_conninfo(self.demo.address["dbname"]),
            "options": "-c jit=off",
        }
        self._connections.append(psycopg.connect(**arguments, autocommit=True))
        return self._connections[-1]

    @cached_property
    def catalogue(self) -> Catalogue:
        """What the clinic offers."""
        return agenda.catalogue(self.desk())

    @cached_property
    def service(self) -> Service:
        """What free time is searched for: the service that most people give, without a machine."""
        plain = [one for one in self.catalogue.services if one.room_ids and not one.equipment_ids]
        return max(plain, key=lambda one: (len(one.professional_ids), -one.duration_minutes))

    @cached_property
    def first_free_day(self) -> dt.date:
        """The first day after everything that is booked."""
        last = self.admin().execute("SELECT max(starts_at) FROM clinicdesk.appointment WHERE note <> %s", [NOTE])
        moment: dt.datetime = last.fetchone()[0]  # type: ignore[index]
        return moment.date() + dt.timedelta(days=2)

    def openings(self, days: int) -> list[Place]:
        """Every time on the grid, after all that is booked, at which a professional could see somebody."""
        plain = [one for one in self.catalogue.services if one.room_ids and not one.equipment_ids]
        found: list[Place] = []
        for person in self.catalogue.professionals:
            theirs = [one for one in plain if not one.professional_ids or person.id in one.professional_ids]
            if not theirs:
                continue
            service = min(theirs, key=lambda one: one.duration_minutes)
            request = SlotRequest(service, (person.id,), self.first_free_day, days)
            free = agenda.search_slots(self.desk(), request).slots
            found.extend(Place(person.id, service, one.slot, service.room_ids) for one in free)
        return sorted(found, key=lambda place: place.slot)

    def places(self, days: int) -> Iterator[Place]:
        """Places that do not get into each other's way, in order of time, each with one room."""
        until: dict[UUID, dt.datetime] = {}
        for place in self.openings(days):
            held = place.slot.widened(place.service.buffer_before, place.service.buffer_after)
            rooms = (one for one in place.room_ids if until.get(one, held.starts_at) <= held.starts_at)
            room_id = next(rooms, None)
            if room_id is None or until.get(place.professional_id, held.starts_at) > held.starts_at:
                continue
            until[place.professional_id] = until[room_id] = held.ends_at
            yield replace(place, room_ids=(room_id,))

    def wish(self, place: Place, patient_id: UUID) -> BookAppointment:
        """The wish to book a place."""
        return BookAppointment(
            new_id(), patient_id, place.professional_id, place.service.id, place.slot, place.room_ids[0], note=NOTE
        )

    @cached_property
    def patients(self) -> list[UUID]:
        """A thousand patients, always the same."""
        found = self.admin().execute("SELECT id FROM clinicdesk.patient ORDER BY id LIMIT 20000")
        ids = [row[0] for row in found]
        return random.Random(1).sample(ids, min(1000, len(ids)))

    def take_away(self) -> None:
        """Take away what was booked here, as if it had never been."""
        admin = self.admin()
        with admin.transaction():
            admin.execute("SET LOCAL session_replication_role = replica")
            for statement in _TAKE_AWAY:
                admin.execute(sql.SQL(statement), [NOTE])  # type: ignore[arg-type]
            admin.execute("SELECT clinicdesk.recount_metrics()")
        admin.execute("VACUUM (ANALYZE) clinicdesk.appointment, clinicdesk.resource_hold, clinicdesk.operation")

    def facts(self) -> Mapping[str, Any]:
        """How big everything is."""
        return {
            table: self.admin().execute(f"SELECT count(*) FROM clinicdesk.{table}").fetchone()[0]  # type: ignore[index]
            for table in ("patient", "appointment", "professional", "resource_hold", "appointment_version")
        }
