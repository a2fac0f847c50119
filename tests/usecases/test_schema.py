"""Bringing the clinic of this computer to a newer release: a copy first, and nothing where there is no room for one."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from clinicdesk.domain.clinics import Clinic
from clinicdesk.domain.staff import AddPerson, Role
from clinicdesk.errors import NoRoomForUpdate
from clinicdesk.storage.migrate import expected_revision
from clinicdesk.usecases import schema, setup
from clinicdesk.usecases.local import Local, open_folder
from clinicdesk.usecases.schema import SchemaStatus, UpgradeStep
from tests.office import PASSWORD
from tests.storage.upgrading import revisions


@pytest.fixture
def local(data_dir: Path) -> Iterator[Local]:
    """A clinic of its own on this computer."""
    with open_folder(data_dir) as opened:
        clinic = Clinic(uuid4(), "Clínica Ipê")
        owner = AddPerson(uuid4(), "claudia", "Cláudia Meireles", Role.OWNER, PASSWORD, (clinic.id,))
        setup.make_clinic(opened.admin, setup.DATABASE, "Bem Viver", [clinic], owner)
        yield opened


def test_it_is_copied_then_changed_and_this_release_still_works(local: Local, tmp_path: Path) -> None:
    told: list[UpgradeStep] = []
    schema.bring_up(local, told.append)
    assert told == []  # nothing to do
    folder = revisions(tmp_path, "20991001_0900_expand.py")
    after = schema.upgrade(local, told.append, revisions=folder)
    assert after == SchemaStatus("20991001_0900", expected_revision(), "serves")
    assert told == [UpgradeStep("keeping"), UpgradeStep("changing", 1, 1)]
    (kept,) = (local.data_dir / schema.DUMPS_FOLDER).glob("*.dump")
    assert kept.name.startswith(f"clinicdesk-{expected_revision()}-")


def test_without_room_nothing_is_changed(local: Local, tmp_path: Path) -> None:
    folder = revisions(tmp_path, "20991001_0900_expand.py")
    with pytest.raises(NoRoomForUpdate) as refused:
        schema.upgrade(local, revisions=folder, spare=2**60)
    assert refused.value.needed_bytes > refused.value.free_bytes > 0
    assert schema.status(local).state == "current"
    assert not (local.data_dir / schema.DUMPS_FOLDER).exists()
