"""A clinic leaves this computer for a server, and nobody writes to what stays behind."""

import datetime as dt
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from clinicdesk import settings as desk_settings
from clinicdesk.domain.clinics import Clinic
from clinicdesk.domain.desks import ServerAddress
from clinicdesk.domain.staff import AddPerson, Role
from clinicdesk.errors import ClinicMoved, ClinicUnreachable, MoveCancelled, MoveRefused
from clinicdesk.settings import Settings
from clinicdesk.storage import closing_down
from clinicdesk.usecases import moving, setup, staff
from clinicdesk.usecases.desks import Enrolled
from clinicdesk.usecases.local import MOVED_FILE, Local, open_folder
from clinicdesk.usecases.moving import MoveProgress
from clinicdesk.usecases.place import open_place
from tests.office import PASSWORD
from tests.storage.test_moving import Elsewhere, elsewhere, other_cluster

__all__ = ["elsewhere", "other_cluster"]


@pytest.fixture
def local(data_dir: Path) -> Iterator[Local]:
    """A clinic of its own on this computer."""
    with open_folder(data_dir) as opened:
        clinic = Clinic(uuid4(), "Clínica Ipê")
        owner = AddPerson(uuid4(), "claudia", "Cláudia Meireles", Role.OWNER, PASSWORD, (clinic.id,))
        setup.make_clinic(opened.admin, setup.DATABASE, "Bem Viver", [clinic], owner)
        yield opened


def _enrolled(elsewhere: Elsewhere) -> Enrolled:
    address = ServerAddress("servidor.local", 5432, elsewhere.database)
    return Enrolled(uuid4(), address, dt.datetime(2036, 1, 1, tzinfo=dt.UTC), elsewhere.founder)


def as_claudia(local: Local) -> dict[str, Any]:
    return {**local.address, "user": f"{local.database}_claudia", "password": PASSWORD}


def test_the_clinic_works_there_and_is_closed_here(local: Local, elsewhere: Elsewhere) -> None:
    here = staff.sign_in(local.address, "claudia", PASSWORD, "desk")
    found = moving.ready(local)
    assert (found.people, found.patients, found.at_work) == (1, 0, 1)
    back: list[psycopg.Connection[Any]] = []

    def told(progress: MoveProgress) -> None:
        if progress.table == "clinic" and not back:  # somebody's desk is quick to come back
            back.append(psycopg.connect(**as_claudia(local)))

    done, there = moving.move(local, _enrolled(elsewhere), Settings(desk_name="Recepção"), told)
    with pytest.raises(psycopg.OperationalError):
        back[0].execute("UPDATE clinicdesk.clinic SET name = 'x'")
    back[0].close()
    assert done.people == 1 and done.rows["clinic"] == 1
    with pytest.raises(ClinicUnreachable), here.clinic.transaction() as tx:
        tx.exec_driver_sql("SELECT 1")
    here.clinic.close()
    assert there == desk_settings.load(local.data_dir)
    assert (there.server_host, there.server_database, there.desk_name) == (
        "servidor.local",
        elsewhere.database,
        "Recepção",
    )
    with pytest.raises(ClinicUnreachable):
        staff.sign_in(local.address, "claudia", PASSWORD, "desk")
    signed_in = staff.sign_in(elsewhere.address, "claudia", PASSWORD, "desk")
    assert signed_in.clinics[0].name == "Clínica Ipê" and signed_in.clinic.keys.register_key
    signed_in.clinic.close()
    for again in (
        lambda: moving.ready(local),
        lambda: moving.take_back(local, there),
        lambda: open_place(local.data_dir, Settings()),
    ):
        with pytest.raises(ClinicMoved) as moved:
            again()
        assert moved.value == ClinicMoved(f"servidor.local/{elsewhere.database}")


def test_what_is_stopped_leaves_the_clinic_where_it_was(local: Local, elsewhere: Elsewhere) -> None:
    cancelled = threading.Event()

    def told(progress: MoveProgress) -> None:
        if progress.table == "clinic":
            cancelled.set()

    with pytest.raises(MoveCancelled):
        moving.move(local, _enrolled(elsewhere), Settings(), told, cancelled)
    assert not (local.data_dir / MOVED_FILE).exists()
    signed_in = staff.sign_in(local.address, "claudia", PASSWORD, "desk")
    signed_in.clinic.close()


def test_a_lost_last_word_closes_both_doors_but_one_way_back(local: Local, elsewhere: Elsewhere) -> None:
    (local.data_dir / MOVED_FILE).write_text(json.dumps({"host": "servidor.local", "sure": False}), "utf-8")
    closing_down.close(local.admin, local.database)
    with pytest.raises(ClinicMoved) as moved:
        moving.ready(local)
    assert not moved.value.sure
    here = moving.take_back(local, Settings(server_host="servidor.local"))
    assert here.server_host == "" and moving.ready(local).people == 1
    signed_in = staff.sign_in(local.address, "claudia", PASSWORD, "desk")
    signed_in.clinic.close()


def test_a_damaged_mark_is_no_clinic_to_write_to(local: Local) -> None:
    (local.data_dir / MOVED_FILE).write_text("{", "utf-8")
    with pytest.raises(ClinicMoved):
        open_place(local.data_dir, Settings())


def test_the_demo_and_an_ordinary_code_stay(local: Local, elsewhere: Elsewhere) -> None:
    enrolled = _enrolled(elsewhere)
    with pytest.raises(MoveRefused) as refused:
        moving.move(local, Enrolled(enrolled.desk_id, enrolled.address, enrolled.certificate_ends_at), Settings())
    assert refused.value.reason == "no_founder"
    with pytest.raises(MoveRefused) as refused:
        moving.ready(Local(local.data_dir, local.cluster, "demo"))
    assert refused.value.reason == "demo"
