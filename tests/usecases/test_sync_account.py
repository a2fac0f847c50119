"""The process that sends signs in by itself, keeps its password and its key to itself, and is told from a person."""

import stat
from pathlib import Path

import pytest

from clinicdesk import sealing
from clinicdesk.errors import KeyUnavailable, NoClinicHere
from clinicdesk.keychain import FieldPlace
from clinicdesk.storage.cluster import Cluster
from clinicdesk.usecases import demo, sync_account
from clinicdesk.usecases.local import Local
from tests.office import Office, value


def _local(office: Office, folder: Path) -> Local:
    folder.mkdir(exist_ok=True)
    return Local(folder, office.cluster, office.database)


def test_it_signs_in_makes_its_files_once_and_works_everywhere(office: Office, tmp_path: Path) -> None:
    local = _local(office, tmp_path)
    with sync_account.sign_in_here(local) as account:
        assert {one.id for one in account.clinics()} == set(office.sample.clinics.values())
        first = (account.private_key, account.key_id)
        shown = value(office.admin(), "SELECT public_key FROM clinicdesk.sync_key WHERE retired_at IS NULL")
        assert bytes(shown) == sealing.public_key_of(account.private_key)
    for name in (sync_account.PASSWORD_FILE, sync_account.KEY_FILE):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    password = (tmp_path / sync_account.PASSWORD_FILE).read_bytes()
    with sync_account.sign_in_here(local) as again:
        assert (again.private_key, again.key_id) == first
    assert (tmp_path / sync_account.PASSWORD_FILE).read_bytes() == password


def test_a_password_of_another_clinic_is_replaced(office: Office, tmp_path: Path) -> None:
    (tmp_path / sync_account.PASSWORD_FILE).write_text("of the clinic before")
    with sync_account.sign_in_here(_local(office, tmp_path)) as account, account.line.transaction() as tx:
        assert tx.exec_driver_sql("SELECT clinicdesk.is_sync()").scalar_one() is True


def test_another_key_takes_the_place_of_the_one_before(office: Office, tmp_path: Path) -> None:
    local = _local(office, tmp_path)
    with sync_account.sign_in_here(local) as account:
        before = account.key_id
    (tmp_path / sync_account.KEY_FILE).unlink()
    with sync_account.sign_in_here(local) as account:
        assert account.key_id != before
    admin = office.admin()
    assert value(admin, "SELECT count(*) FROM clinicdesk.sync_key WHERE retired_at IS NULL") == 1
    assert value(admin, "SELECT retired_at IS NOT NULL FROM clinicdesk.sync_key WHERE id = %s", [before])


def test_what_a_desk_sealed_opens_in_its_place_alone(office: Office, tmp_path: Path) -> None:
    with sync_account.sign_in_here(_local(office, tmp_path)) as account:
        clinic_id, row = office.sample.clinics["ipe"], account.key_id
        place, other = (FieldPlace(clinic_id, "channel_secret", row, name) for name in ("token", "other"))
        sealed = sealing.seal_to(sealing.public_key_of(account.private_key), place, b"segredo")
        assert account.open(place, sealed) == b"segredo"
        with pytest.raises(KeyUnavailable):
            account.open(other, sealed)


def test_systemd_may_hold_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    laid = tmp_path / "credentials"
    laid.mkdir()
    (laid / sync_account.KEY_FILE).write_bytes(b"k" * 32)
    monkeypatch.setenv(sync_account.CREDENTIALS, str(laid))
    assert sync_account.private_key(tmp_path / "state") == b"k" * 32
    assert not (tmp_path / "state").exists()
    (laid / sync_account.KEY_FILE).write_bytes(b"too short")
    with pytest.raises(KeyUnavailable):
        sync_account.private_key(tmp_path / "state")


def test_the_demo_sends_nothing(cluster: Cluster, tmp_path: Path) -> None:
    with pytest.raises(NoClinicHere):
        sync_account.sign_in_here(Local(tmp_path, cluster, demo.DATABASE))


def test_a_folder_without_a_clinic_has_nothing_to_send_for(cluster: Cluster, tmp_path: Path) -> None:
    with pytest.raises(NoClinicHere):
        sync_account.sign_in_here(Local(tmp_path, cluster, "nowhere"))
    assert list(tmp_path.iterdir()) == []
