"""Is a clinic's server as it should be? Checks as values, worded elsewhere and stable for scripts."""

import datetime as dt
import shutil
import stat
from collections.abc import Callable

from clinicdesk import authority as certificates
from clinicdesk.errors import ClinicUnreachable
from clinicdesk.storage.engine import SAFE_SETTINGS
from clinicdesk.storage.migrate import expected_revision
from clinicdesk.storage.server_unit import Lost, ServerAnswers, UnitLink
from clinicdesk.usecases.doctor import LITTLE_ROOM, NO_ROOM, Check, Fact, State
from clinicdesk.usecases.doctor_database import sending_check
from clinicdesk.usecases.server_place import ServerPlace
from clinicdesk.usecases.server_unit import BEAT_SECONDS

OLDEST_SERVER = 170000
SILENT_AFTER = dt.timedelta(seconds=6 * BEAT_SECONDS)
LIST_WARNED_AHEAD = dt.timedelta(days=30)
_WANTED = {
    "ssl": "on",
    "ssl_min_protocol_version": "TLSv1.3",
    "password_encryption": "scram-sha-256",
    "log_connections": "on",
    # Anything lower would write what a refused row held.
    "log_min_messages": "log",
    "tcp_user_timeout": "8000",
    "idle_in_transaction_session_timeout": "10000",
}


def examine_server(place: ServerPlace, connect: Callable[[], UnitLink], now: dt.datetime) -> list[Check]:
    """Look at the certificates, the unit, the disk and PostgreSQL; changes nothing."""
    silent = Check("server", State.FAILED, {"address": place.socket}, "server_silent")
    try:
        link = connect()
    except ClinicUnreachable:
        return [silent, *_here(place, now)]
    try:
        return examine_answers(place, link.answers(), now)
    except Lost:
        return [silent, *_here(place, now)]
    finally:
        link.close()


def examine_answers(place: ServerPlace, found: ServerAnswers, now: dt.datetime) -> list[Check]:
    """The same, with what PostgreSQL answered."""
    return [
        *_server(place, found),
        *_here(place, now),
        _revocations(place, found, now),
        _waiting(found),
        sending_check(found.sends, found.sender_seen, "sender_away"),
    ]


def _here(place: ServerPlace, now: dt.datetime) -> list[Check]:
    return [
        _authority(place, now),
        _authority_key(place),
        _server_certificate(place, now),
        _unit(place, now),
        _room(place),
    ]


def _server(place: ServerPlace, found: ServerAnswers) -> list[Check]:
    version = found.settings.get("server_version", "")
    old = int(found.settings.get("server_version_num", "0")) < OLDEST_SERVER
    unsafe = {name: found.settings.get(name, "") for name in SAFE_SETTINGS}
    unsafe = {name: value for name, value in unsafe.items() if value != SAFE_SETTINGS[name]}
    facts: dict[str, Fact] = {"server_version": version, "database": place.database}
    return [
        Check("server", State.FAILED if old else State.OK, facts, "server_old" if old else ""),
        Check("durability", State.FAILED if unsafe else State.OK, dict(unsafe), "durability_off" if unsafe else ""),
        _settings(place, found),
        _connections(place, found),
        _schema(found),
    ]


def _settings(place: ServerPlace, found: ServerAnswers) -> Check:
    wrong = [name for name, wanted in _WANTED.items() if found.settings.get(name) != wanted]
    if found.settings.get("ssl_crl_file") != str(place.revoked):
        wrong.append("ssl_crl_file")
    if "auth_delay" not in found.settings.get("shared_preload_libraries", ""):
        wrong.append("shared_preload_libraries")
    if "jsonlog" not in found.settings.get("log_destination", ""):
        wrong.append("log_destination")
    if wrong:
        return Check("server_settings", State.FAILED, {"settings": tuple(wrong)}, "settings_differ")
    if found.pending_restart:
        return Check("server_settings", State.WARNING, {"settings": found.pending_restart}, "restart_due")
    return Check("server_settings", State.OK)


def _connections(place: ServerPlace, found: ServerAnswers) -> Check:
    allowed = int(found.settings.get("max_connections", "0"))
    enough = allowed >= place.connections
    facts: dict[str, Fact] = {"desks": place.desks, "allowed": allowed, "needed": place.connections}
    return Check("connections", State.OK if enough else State.WARNING, facts, "" if enough else "too_few_connections")


def _schema(found: ServerAnswers) -> Check:
    facts: dict[str, Fact] = {"found": found.revision, "expected": expected_revision()}
    same = found.revision == expected_revision()
    return Check("schema", State.OK if same else State.FAILED, facts, "" if same else "schema_differs")


def _authority(place: ServerPlace, now: dt.datetime) -> Check:
    try:
        facts = certificates.facts_of(place.authority_certificate.read_bytes())
    except (OSError, ValueError):
        return Check("authority", State.FAILED, {}, "authority_missing")
    return _ends("authority", facts, now, "authority_ends")


def _server_certificate(place: ServerPlace, now: dt.datetime) -> Check:
    try:
        pem = place.server_certificate.read_bytes()
        facts = certificates.facts_of(pem)
        ours = certificates.signed_by(pem, place.authority_certificate.read_bytes())
    except (OSError, ValueError):
        return Check("server_certificate", State.FAILED, {}, "server_certificate_wrong")
    if not ours or set(facts.names) != set(place.names) or set(facts.addresses) != set(place.addresses):
        names = (*facts.names, *facts.addresses)
        return Check("server_certificate", State.FAILED, {"names": names}, "server_certificate_wrong")
    return _ends("server_certificate", facts, now, "server_certificate_ends")


def _ends(name: str, found: certificates.CertificateFacts, now: dt.datetime, advice: str) -> Check:
    left = found.ends_at - now
    facts: dict[str, Fact] = {"until": found.ends_at.date().isoformat(), "days_left": left.days}
    if names := (*found.names, *found.addresses):
        facts["names"] = names
    if found.begins_at > now or left <= dt.timedelta(0):
        return Check(name, State.FAILED, facts, advice)
    soon = left < certificates.WARNED_AHEAD
    return Check(name, State.WARNING if soon else State.OK, facts, advice if soon else "")


def _authority_key(place: ServerPlace) -> Check:
    """Nobody but the unit's account may read what signs."""
    path = place.authority / certificates.KEY_FILE
    try:
        folder, key = place.authority.stat(), path.stat()
    except PermissionError:
        return Check("authority_key", State.OK, {"path": str(path)})
    except OSError:
        return Check("authority_key", State.FAILED, {"path": str(path)}, "authority_missing")
    mode = stat.S_IMODE(key.st_mode)
    facts: dict[str, Fact] = {"path": str(path), "mode": f"{mode:04o}"}
    closed = not mode & 0o077 and not stat.S_IMODE(folder.st_mode) & 0o077 and folder.st_uid == key.st_uid
    return Check("authority_key", State.OK if closed else State.FAILED, facts, "" if closed else "authority_key_open")


def _revocations(place: ServerPlace, found: ServerAnswers, now: dt.datetime) -> Check:
    try:
        listed, ends = certificates.listed_serials(place.revoked.read_bytes())
    except (OSError, ValueError):
        return Check("revocations", State.FAILED, {}, "revocations_missing")
    facts: dict[str, Fact] = {"count": len(listed), "until": ends.date().isoformat()}
    if found.revoked - listed:
        return Check("revocations", State.FAILED, facts, "revocations_behind")
    if ends - now < LIST_WARNED_AHEAD:
        return Check("revocations", State.WARNING, facts, "revocations_behind")
    return Check("revocations", State.OK, facts)


def _unit(place: ServerPlace, now: dt.datetime) -> Check:
    try:
        last = dt.datetime.fromisoformat(place.beat_file.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return Check("unit", State.FAILED, {}, "unit_silent")
    facts: dict[str, Fact] = {"last_beat": last.isoformat(timespec="seconds")}
    silent = now - last > SILENT_AFTER
    return Check("unit", State.FAILED if silent else State.OK, facts, "unit_silent" if silent else "")


def _waiting(found: ServerAnswers) -> Check:
    facts: dict[str, Fact] = {"count": found.waiting}
    return Check("waiting", State.WARNING if found.waiting else State.OK, facts, "unit_silent" if found.waiting else "")


def _room(place: ServerPlace) -> Check:
    free = shutil.disk_usage(place.home if place.home.is_dir() else "/").free
    state = State.FAILED if free < NO_ROOM else State.WARNING if free < LITTLE_ROOM else State.OK
    return Check("disk", state, {"free_bytes": free}, "" if state is State.OK else "disk_nearly_full")
