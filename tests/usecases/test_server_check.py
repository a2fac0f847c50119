"""Whether a clinic's server is well: each thing that can be wrong is said, with what to do, and changes nothing."""

import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from clinicdesk import authority as certificates
from clinicdesk.desk import wording_server
from clinicdesk.errors import ClinicUnreachable
from clinicdesk.storage.engine import SAFE_SETTINGS
from clinicdesk.storage.migrate import REVISION
from clinicdesk.storage.server_unit import ServerAnswers
from clinicdesk.usecases import server_unit
from clinicdesk.usecases.doctor import Check, State
from clinicdesk.usecases.server_check import examine_answers, examine_server
from clinicdesk.usecases.server_place import ServerPlace, load_place

NOW = dt.datetime.now(dt.UTC)
GOOD = {
    **SAFE_SETTINGS,
    "server_version": "17.11",
    "server_version_num": "170011",
    "ssl": "on",
    "ssl_min_protocol_version": "TLSv1.3",
    "password_encryption": "scram-sha-256",
    "shared_preload_libraries": "auth_delay",
    "log_destination": "jsonlog",
    "log_min_messages": "log",
    "log_connections": "on",
    "max_connections": "120",
    "tcp_user_timeout": "8000",
    "idle_in_transaction_session_timeout": "10000",
}


@pytest.fixture
def place(tmp_path: Path) -> ServerPlace:
    """A server's folders, as the set-up and the unit's first round leave them."""
    settings, home = tmp_path / "settings", tmp_path / "home"
    for folder in (settings, home):
        folder.mkdir()
    made = ServerPlace(("servidor",), ("10.0.0.5",), settings=settings, home=home)
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    made.public_key.write_bytes(
        public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    server_unit.prepare_authority(made, NOW)
    made.beat_file.write_text(NOW.isoformat(), encoding="ascii")
    return made


def examined(place: ServerPlace, now: dt.datetime = NOW, **changes: object) -> dict[str, Check]:
    settings = {**GOOD, "ssl_crl_file": str(place.revoked)}
    answers = ServerAnswers(settings, (), REVISION, 0, frozenset())
    return {one.name: one for one in examine_answers(place, dataclasses.replace(answers, **changes), now)}


def worst_of(place: ServerPlace, name: str, now: dt.datetime = NOW, **changes: object) -> tuple[State, str]:
    """How one check goes, and that no other goes wrong with it."""
    found = examined(place, now, **changes)
    assert all(one.state is State.OK for one in found.values() if one.name not in (name, "disk")), found
    return found[name].state, found[name].advice


def test_a_good_server_has_nothing_to_say(place: ServerPlace) -> None:
    assert {one.name: one.advice for one in examined(place).values() if one.name != "disk" and one.advice} == {}


@pytest.mark.parametrize(
    ("setting", "found", "name", "advice"),
    [
        ("fsync", "off", "durability", "durability_off"),
        ("data_checksums", "off", "durability", "durability_off"),
        ("ssl", "off", "server_settings", "settings_differ"),
        ("ssl_min_protocol_version", "TLSv1.2", "server_settings", "settings_differ"),
        ("ssl_crl_file", "", "server_settings", "settings_differ"),
        ("shared_preload_libraries", "", "server_settings", "settings_differ"),
        ("log_destination", "stderr", "server_settings", "settings_differ"),
        ("log_min_messages", "warning", "server_settings", "settings_differ"),
        ("tcp_user_timeout", "0", "server_settings", "settings_differ"),
        ("server_version_num", "160004", "server", "server_old"),
    ],
)
def test_a_wrong_setting_is_said(place: ServerPlace, setting: str, found: str, name: str, advice: str) -> None:
    settings = {**GOOD, "ssl_crl_file": str(place.revoked), setting: found}
    assert worst_of(place, name, settings=settings) == (State.FAILED, advice)


def test_what_waits_for_a_restart_is_said(place: ServerPlace) -> None:
    told = worst_of(place, "server_settings", pending_restart=("max_connections",))
    assert told == (State.WARNING, "restart_due")


def test_too_few_connections_are_said(place: ServerPlace) -> None:
    more = dataclasses.replace(place, desks=11)
    assert worst_of(more, "connections") == (State.WARNING, "too_few_connections")


def test_another_schema_is_said(place: ServerPlace) -> None:
    assert worst_of(place, "schema", revision="20200101_0000") == (State.FAILED, "schema_differs")


@pytest.mark.parametrize(
    ("days", "state", "advice"),
    [
        (-31, State.OK, ""),
        (-29, State.WARNING, "server_certificate_ends"),
        (1, State.FAILED, "server_certificate_ends"),
    ],
)
def test_the_end_of_the_certificate_is_said_ahead(place: ServerPlace, days: int, state: State, advice: str) -> None:
    now = NOW + certificates.SERVER_LIFE + dt.timedelta(days=days)
    place.beat_file.write_text(now.isoformat(), encoding="ascii")
    revoked = certificates.revocation_list(certificates.load_authority(place.authority), [], now)
    place.revoked.write_text(revoked, encoding="ascii")
    assert worst_of(place, "server_certificate", now) == (state, advice)


@pytest.mark.parametrize("spoil", ["missing", "names", "authority"])
def test_a_certificate_of_another_server_is_said(place: ServerPlace, spoil: str) -> None:
    if spoil == "missing":
        place.server_certificate.unlink()
    elif spoil == "names":
        place = dataclasses.replace(place, names=("outro",))
    else:
        other = certificates.make_authority("x", NOW)
        made = certificates.sign_server(other, place.public_key.read_bytes(), place.names, place.addresses, NOW)
        place.server_certificate.write_text(made, encoding="ascii")
    assert worst_of(place, "server_certificate") == (State.FAILED, "server_certificate_wrong")


@pytest.mark.parametrize("what", ["key", "folder"])
def test_an_open_key_is_said(place: ServerPlace, what: str) -> None:
    (place.authority / certificates.KEY_FILE if what == "key" else place.authority).chmod(0o755)
    assert worst_of(place, "authority_key") == (State.FAILED, "authority_key_open")


def test_a_missing_key_is_said(place: ServerPlace) -> None:
    (place.authority / certificates.KEY_FILE).unlink()
    assert worst_of(place, "authority_key") == (State.FAILED, "authority_missing")


def test_a_revoked_desk_that_could_come_in_is_said(place: ServerPlace) -> None:
    assert worst_of(place, "revocations", revoked=frozenset({"4711"})) == (State.FAILED, "revocations_behind")
    place.revoked.unlink()
    assert worst_of(place, "revocations") == (State.FAILED, "revocations_missing")


def test_a_unit_that_stands_still_is_said(place: ServerPlace) -> None:
    assert worst_of(place, "unit", NOW + dt.timedelta(minutes=2)) == (State.FAILED, "unit_silent")
    place.beat_file.unlink()
    assert worst_of(place, "unit") == (State.FAILED, "unit_silent")


def test_desks_that_wait_are_said(place: ServerPlace) -> None:
    assert worst_of(place, "waiting", waiting=2) == (State.WARNING, "unit_silent")


def test_a_silent_server_is_said_with_all_the_rest(place: ServerPlace) -> None:
    def nobody() -> object:
        raise ClinicUnreachable

    found = {one.name: one for one in examine_server(place, nobody, NOW)}  # type: ignore[arg-type]
    assert found["server"].advice == "server_silent"
    assert {"authority", "authority_key", "server_certificate", "unit", "disk"} <= set(found)


def test_every_answer_has_words(place: ServerPlace) -> None:
    names, advice = set(examined(place)), set(wording_server.ADVICE)
    assert names <= set(wording_server.CHECKS)
    source = Path(server_unit.__file__).with_name("server_check.py").read_text(encoding="utf-8")
    assert {one for one in advice if f'"{one}"' in source} == advice, "no advice is left over"
    for check in examined(place).values():
        assert wording_server.check_name(check.name)
        wording_server.facts_line(check)
    for one in sorted(advice):
        assert wording_server.advice_sentence(Check("server", State.FAILED, {}, one))


@pytest.mark.parametrize(
    "made", ["database", "schema", "unit_login", "unit_rights", "sync_login", "authority", "server_certificate"]
)
def test_what_was_made_has_words(made: str) -> None:
    assert wording_server.made_sentence(made)


def test_the_place_is_read_as_the_set_up_wrote_it(tmp_path: Path) -> None:
    path = tmp_path / "server.json"
    path.write_text('{"names": ["a"], "addresses": [], "database": "x", "port": 5433, "desks": 3, "language": "es"}')
    found = load_place(path)
    assert (found.names, found.database, found.port, found.desks) == (("a",), "x", 5433, 3)
    assert (found.connections, found.public_key) == (64, tmp_path / "server.pub")
    path.write_text("[]")
    with pytest.raises(ValueError, match=r"server\.json"):
        load_place(path)
