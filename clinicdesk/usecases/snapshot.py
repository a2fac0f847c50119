"""The agenda of today and tomorrow for when the server is gone: taken while it answers, kept sealed, read alone."""

import contextlib
import datetime as dt
import json
import time
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from uuid import UUID

from clinicdesk.domain.clinics import Clinic as ClinicFacts
from clinicdesk.domain.plain import from_plain, to_plain
from clinicdesk.domain.snapshot import DAYS, KEPT, ClinicDays, Snapshot
from clinicdesk.errors import ClinicUnreachable, KeyUnavailable, SignInRefused
from clinicdesk.storage import alerts as alert_rows
from clinicdesk.usecases import agenda
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.usecases.own_key import OwnFiles, folders, open_own_key, sealed_path
from clinicdesk.usecases.staff import SignedIn

KIND = "snapshot"
_FORMAT = 1


def take(clinic: Clinic, clinics: Sequence[ClinicFacts], today: dt.date) -> Snapshot:
    """Today and tomorrow of every clinic this person works in, as far as they may see them."""
    days: dict[UUID, ClinicDays] = {}
    now = dt.datetime.now(dt.UTC)
    for facts in clinics:
        days[facts.id], now = _days(clinic.in_clinic(facts.id), today)
    return Snapshot(now, now.timestamp() - time.time(), clinic.person, tuple(clinics), days)


def _days(clinic: Clinic, today: dt.date) -> tuple[ClinicDays, dt.datetime]:
    last = today + dt.timedelta(days=DAYS - 1)
    catalogue = agenda.catalogue(clinic)
    things = [room.id for room in catalogue.rooms] + [machine.id for machine in catalogue.equipment]
    page = agenda.days(clinic, today, last, [one.id for one in catalogue.professionals], things)
    patients = {one.patient_id for one in page.appointments}
    with clinic.transaction() as tx:
        alerts = alert_rows.standing(tx, sorted(patients))
    kept = ClinicDays(catalogue, today, last, page.appointments, page.calendar, page.policy, page.busy, alerts)
    return kept, page.now


def keep(files: OwnFiles, snapshot: Snapshot) -> int:
    """Keep it sealed in place of the last one; how many bytes it came to. Raises OSError."""
    text = json.dumps([_FORMAT, to_plain(snapshot)], separators=(",", ":"), ensure_ascii=False)
    packed = zlib.compress(text.encode())
    files.keep(KIND, packed)
    return len(packed)


def kept(files: OwnFiles, now: dt.datetime) -> Snapshot | None:
    """What was kept last; None for nothing, for another release's, and for what is too old, which is removed."""
    packed = files.read(KIND)
    if packed is None:
        return None
    with contextlib.suppress(ValueError, zlib.error):
        version, plain = json.loads(zlib.decompress(packed))
        snapshot = from_plain(Snapshot, plain) if version == _FORMAT else None
        if snapshot is not None and not snapshot.too_old(now):
            return snapshot
    files.forget(KIND)
    return None


def sign_in_away(
    data_dir: Path, address: Mapping[str, str], login: str, password: str, desk: str, now: dt.datetime
) -> SignedIn:
    """A person at work without the server, over what was kept for them here, to read and not to write.

    Raises SignInRefused when the password does not open it, ClinicUnreachable when there is nothing to open.
    """
    try:
        files = open_own_key(data_dir, login, password)
    except KeyUnavailable:
        raise SignInRefused from None
    snapshot = kept(files, now) if files is not None else None
    if files is None or snapshot is None or not snapshot.clinics:
        raise ClinicUnreachable
    clinic = Clinic(None, address, snapshot.person, snapshot.clinics[0].id, desk, None, snapshot)
    return SignedIn(clinic, snapshot.clinics, "", files.proof(), files)


def anybody_kept(data_dir: Path) -> bool:
    """Whether anybody could read something at this desk without the server."""
    return any(sealed_path(folder, KIND).is_file() for folder in folders(data_dir))


def forget(data_dir: Path, login: str) -> None:
    """Keep nothing of the clinic for somebody who may not sign in any more; their own drafts stay, sealed."""
    for folder in folders(data_dir):
        if folder.name == login:
            sealed_path(folder, KIND).unlink(missing_ok=True)


def sweep(data_dir: Path, now: float | None = None) -> None:
    """Remove what is too old, of whomever: no key is needed for that."""
    oldest = (time.time() if now is None else now) - KEPT.total_seconds()
    for folder in folders(data_dir):
        path = sealed_path(folder, KIND)
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < oldest:
                path.unlink()
