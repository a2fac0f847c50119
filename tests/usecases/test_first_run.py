"""The first run: a clinic is made whole or not at all, with its hours, its first professional and its services."""

import contextlib
import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from clinicdesk import keychain
from clinicdesk.domain.clinics import Clinic
from clinicdesk.domain.first_run import USUAL_DAYS, Answers, Beginning
from clinicdesk.domain.preferences import CategoryForm, ProfessionalForm, ServiceForm
from clinicdesk.domain.staff import AddPerson, Role
from clinicdesk.domain.starter_services import STARTER_SERVICES, ClinicKind
from clinicdesk.errors import BinariesMissing, ClinicAlreadyHere, DataFolderUnusable, InvalidForm, NoClinicHere
from clinicdesk.storage import setup as rows
from clinicdesk.usecases import first_run, hours, preferences, setup, staff
from clinicdesk.usecases.clinic import new_id
from clinicdesk.usecases.local import Local, open_folder
from clinicdesk.usecases.staff import SignedIn

PASSWORD = "jardim-de-inverno-27"
LATE = ((), ((dt.time(14), dt.time(20)),), (), (), (), (), ())


@pytest.fixture
def local(data_dir: Path) -> Iterator[Local]:
    with open_folder(data_dir) as opened:
        yield opened


def make(local: Local, beginning: Beginning, key: str = "") -> setup.NewClinic:
    clinic = Clinic(new_id(), "Clínica Bem Viver", state="PE", zone="America/Recife")
    owner = AddPerson(new_id(), "helena", "Dra. Helena Prado", Role.OWNER, PASSWORD, (clinic.id,))
    return setup.make_clinic(local.admin, setup.DATABASE, "Bem Viver", [clinic], owner, beginning, key)


def signed_in(local: Local) -> SignedIn:
    return staff.sign_in(local.address, "helena", PASSWORD, "Balcão")


HELENA = ProfessionalForm("Dra. Helena Prado", "Dermatologia", "CRM", "148230", "PE", hue=265)


def test_a_clinic_begins_with_hours_a_professional_and_services(local: Local) -> None:
    shown = keychain.new_recovery_key()
    services = STARTER_SERVICES[ClinicKind.AESTHETIC]
    made = make(local, Beginning(USUAL_DAYS, HELENA, LATE, True, services), shown)
    assert made.recovery_key == shown
    entered = signed_in(local)
    clinic = entered.clinic
    assert clinic.person.professional_id is not None
    [own, theirs] = hours.kept(clinic)
    assert (own.form.days, theirs.form.days) == (USUAL_DAYS, LATE)
    [professional] = preferences.kept(clinic, ProfessionalForm)
    assert (professional.form.name, professional.form.council_number) == ("Dra. Helena Prado", "148230")
    assert professional.form.clinic_ids == made.clinic_ids
    kept = preferences.kept(clinic, ServiceForm)
    assert [(one.form.name, one.form.price, one.form.buffer_after) for one in kept] == [
        (one.name, one.price, one.after) for one in services
    ]
    headings = {one.id: one.form.name for one in preferences.kept(clinic, CategoryForm)}
    assert [headings[one.form.category_id] for one in kept if one.form.category_id] == [
        one.category.name for one in services
    ]
    clinic.close()


def test_somebody_else_attends(local: Local) -> None:
    make(local, Beginning(professional=HELENA))
    clinic = signed_in(local).clinic
    assert clinic.person.professional_id is None
    assert [one.form.name for one in preferences.kept(clinic, ProfessionalForm)] == [HELENA.name]
    clinic.close()


def test_what_cannot_be_kept_makes_nothing(local: Local) -> None:
    backwards = (((dt.time(12), dt.time(8)),), *USUAL_DAYS[1:])
    for wrong in (Beginning(backwards), Beginning(professional=ProfessionalForm(" "))):
        with pytest.raises(InvalidForm):
            make(local, wrong)
    assert not local.has_clinic()


def test_a_clinic_is_not_made_over_another(local: Local) -> None:
    make(local, Beginning())
    with pytest.raises(ClinicAlreadyHere):
        make(local, Beginning())


TYPED = Answers(step=3, clinic_name="Clínica Bem Viver", owner_name="Dra. Helena Prado", council="CRM", weekdays=(2,))

_MAKING = """
import sys
from pathlib import Path
from clinicdesk.usecases import first_run
from tests.usecases.test_first_run import (
    HELENA, STARTER_SERVICES, TYPED, USUAL_DAYS, Beginning, ClinicKind, make, open_folder
)
folder = Path(sys.argv[1])
with open_folder(folder) as local:
    first_run.keep_answers(folder, TYPED)
    print("begins", flush=True)
    make(local, Beginning(USUAL_DAYS, HELENA, USUAL_DAYS, True, STARTER_SERVICES[ClinicKind.DENTAL]))
    print("made", flush=True)
    sys.stdin.read()
"""


def test_a_making_that_is_killed_leaves_a_whole_clinic_or_none(local: Local) -> None:
    """Killed at six moments of it; each time the next making begins anew, and the last one stands whole."""
    duration = _making_killed(local.data_dir, after=None)
    whole = 0
    for moment in range(6):
        if local.has_clinic():
            whole += 1
            clinic = signed_in(local).clinic
            assert len(preferences.kept(clinic, ServiceForm)) == len(STARTER_SERVICES[ClinicKind.DENTAL])
            assert clinic.person.professional_id is not None
            assert clinic.keys.clinic_keys
            clinic.close()
            rows.remove_database(local.admin, setup.DATABASE)
        assert first_run.kept_answers(local.data_dir) == TYPED
        _making_killed(local.data_dir, after=duration * moment / 5)
    assert whole  # the first one was let finish
    if not local.has_clinic():
        make(local, Beginning())
    signed_in(local).clinic.close()


def _making_killed(folder: Path, after: float | None) -> float:
    """Make a clinic in a process of its own and kill it so many seconds after it began; how long it lived."""
    maker = subprocess.Popen(
        [sys.executable, "-c", _MAKING, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert maker.stdout is not None
    assert maker.stdout.readline() == "begins\n"
    began = time.monotonic()
    if after is None:
        assert maker.stdout.readline() == "made\n"
    else:
        with contextlib.suppress(subprocess.TimeoutExpired):
            maker.wait(after)
    lived = time.monotonic() - began
    os.kill(maker.pid, signal.SIGKILL)
    maker.wait()
    for pipe in (maker.stdin, maker.stdout):
        if pipe is not None:
            pipe.close()
    return lived


def test_a_database_made_ahead_is_no_clinic_and_is_taken(local: Local) -> None:
    setup.prepare(local.admin, setup.DATABASE)
    setup.prepare(local.admin, setup.DATABASE)
    assert rows.is_blank(local.admin, setup.DATABASE) and not local.has_clinic()
    with pytest.raises(NoClinicHere):
        local.owner_login()
    make(local, Beginning())
    assert local.has_clinic() and not rows.is_blank(local.admin, setup.DATABASE)


def test_what_was_typed_is_read_back_or_begun_anew(data_dir: Path) -> None:
    assert first_run.kept_answers(data_dir) == Answers()
    first_run.keep_answers(data_dir, TYPED)
    assert first_run.kept_answers(data_dir) == TYPED
    (data_dir / "first-run.json").write_text('{"days": 7}', encoding="utf-8")
    assert first_run.kept_answers(data_dir) == Answers()
    first_run.forget_answers(data_dir)
    first_run.forget_answers(data_dir)


def test_this_computer_is_looked_at(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ground = first_run.look_here(data_dir)
    assert ground.room > first_run.LEAST_ROOM and ground.version.startswith("18")
    assert list(data_dir.iterdir()) == []
    with pytest.raises(BinariesMissing):
        first_run.look_here(data_dir, data_dir)
    monkeypatch.setattr(first_run, "LEAST_ROOM", 2**62)
    assert _refused(data_dir) == "full"
    file = data_dir / "a-file"
    file.touch()
    assert _refused(file) == "not_a_folder"
    assert _refused(file / "below") == "not_a_folder"
    assert _refused(Path("/proc/clinicdesk")) == "read_only"


def _refused(folder: Path) -> str:
    with pytest.raises(DataFolderUnusable) as refusal:
        first_run.look_here(folder)
    return refusal.value.reason
