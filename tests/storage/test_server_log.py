"""The server's log, read once and whole: torn lines, rotation, restarts, and lines that somebody forged."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinicdesk.storage.server_log import (
    LONGEST_READING,
    Attempt,
    Position,
    attempt_in,
    end_of,
    position_from,
    read_on,
    remove_old,
)

# As PostgreSQL 17 writes them.
REFUSED = (
    '{"timestamp":"2026-11-22 11:44:31.998 UTC","user":"clinic_a","dbname":"postgres","pid":32086,'
    '"remote_host":"127.0.0.1","remote_port":36726,"session_id":"6b02d59f.7d56","line_num":2,"ps":"authentication",'
    '"session_start":"2026-11-22 11:44:31 UTC","vxid":"4/1","txid":0,"error_severity":"FATAL","state_code":"28P01",'
    '"message":"password authentication failed for user \\"clinic_a\\"",'
    '"detail":"Connection matched file \\"/etc/postgresql/17/main/pg_hba.conf\\" line 125",'
    '"backend_type":"client backend","query_id":0}\n'
)
LET_IN = (
    '{"timestamp":"2026-11-22 11:44:32.724 UTC","user":"clinic_a","dbname":"postgres","pid":32111,'
    '"remote_host":"127.0.0.1","remote_port":36776,"session_id":"6b02d5a0.7d6f","line_num":3,"ps":"authentication",'
    '"session_start":"2026-11-22 11:44:32 UTC","vxid":"8/1","txid":0,"error_severity":"LOG","message":'
    '"connection authorized: user=clinic_a database=postgres application_name=psql SSL enabled",'
    '"backend_type":"client backend","query_id":0}\n'
)
OTHER = '{"timestamp":"2026-11-22 11:44:29.468 UTC","pid":32020,"error_severity":"LOG","message":"ready","ps":""}\n'
A_REFUSAL, A_SUCCESS = Attempt("clinic_a", True, "127.0.0.1"), Attempt("clinic_a", False, "127.0.0.1")


def changed(line: str, **fields: object) -> bytes:
    return json.dumps({**json.loads(line), **fields}).encode()


def test_who_was_refused_and_who_was_let_in() -> None:
    assert attempt_in(REFUSED.encode()) == A_REFUSAL
    assert attempt_in(LET_IN.encode()) == A_SUCCESS
    assert attempt_in(OTHER.encode()) is None
    assert attempt_in(changed(LET_IN, remote_host="[local]")) == Attempt("clinic_a", False, None)


@pytest.mark.parametrize(
    "line",
    [
        changed(LET_IN, ps="DO"),  # RAISE LOG by somebody who is signed in
        changed(REFUSED, ps="SELECT"),
        changed(REFUSED, error_severity="LOG"),
        changed(REFUSED, state_code="28000"),  # a locked account, or no certificate: no password was tried
        changed(LET_IN, message="connection authenticated: identity"),
        changed(LET_IN, message=7),
        changed(REFUSED, user=None),
        changed(REFUSED, user=""),
        changed(REFUSED, user=["clinic_a"]),
        changed(REFUSED, backend_type="autovacuum worker"),
        b"[1]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b"",
    ],
)
def test_every_other_line_counts_nothing(line: bytes) -> None:
    assert attempt_in(line) is None


def test_a_name_with_a_line_break_stays_one_name() -> None:
    assert attempt_in(changed(REFUSED, user="clinic_b\nclinic_a")) == Attempt("clinic_b\nclinic_a", True, "127.0.0.1")


def test_an_address_is_told_as_the_server_can_keep_it() -> None:
    assert attempt_in(changed(REFUSED, remote_host="fe80::9%eth0")) == Attempt("clinic_a", True, "fe80::9")
    assert attempt_in(changed(REFUSED, remote_host="desk.example")) == Attempt("clinic_a", True, None)


def test_a_name_that_is_no_text_is_nobodys() -> None:
    """Half a character passes as a name until it is to be sent to the server."""
    assert attempt_in(REFUSED.encode().replace(b"clinic_a", b"clinic_\xed\xa0\x80")) is None
    assert attempt_in(changed(REFUSED, user="clinic_\ud800")) is None
    assert attempt_in(changed(REFUSED, user="clinic_\0")) is None


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_no_bytes_break_the_reader(line: bytes) -> None:
    attempt_in(line)


class Log:
    """A folder of logs, and the place reached in it, which survives as JSON."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stored = json.dumps(Position().as_json())

    def write(self, name: str, text: str) -> None:
        with (self.folder / name).open("a", encoding="utf-8") as file:
            file.write(text)

    def read(self, most: int = 500) -> list[Attempt]:
        position = position_from(json.loads(self.stored))
        assert position is not None
        found, reached = read_on(self.folder, position, most)
        self.stored = json.dumps(reached.as_json())
        return found


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path)


def test_each_line_is_read_once(log: Log) -> None:
    log.write("a.json", OTHER + REFUSED)
    assert log.read() == [A_REFUSAL]
    assert log.read() == []
    log.write("a.json", LET_IN + REFUSED)
    assert log.read() == [A_SUCCESS, A_REFUSAL]


@pytest.mark.parametrize("cut", [1, 40, len(REFUSED) - 1])
def test_a_torn_line_waits_for_its_end(log: Log, cut: int) -> None:
    log.write("a.json", REFUSED + REFUSED[:cut])
    assert log.read() == [A_REFUSAL]
    assert log.read() == []
    log.write("a.json", REFUSED[cut:])
    assert log.read() == [A_REFUSAL]


def test_the_end_of_a_file_is_read_before_the_next_one(log: Log) -> None:
    log.write("a.json", REFUSED)
    assert len(log.read()) == 1
    log.write("a.json", LET_IN)
    os.utime(log.folder / "a.json", (1, 1))
    log.write("b.json", REFUSED)
    assert log.read() == [A_SUCCESS, A_REFUSAL]
    assert log.read() == []


def test_a_file_of_an_earlier_name_is_read_too(log: Log) -> None:
    """A clock that was set back gives the next file a name before the last one's."""
    log.write("b.json", REFUSED)
    log.read()
    log.write("a.json", REFUSED)
    assert log.read() == [A_REFUSAL]


def test_a_file_begun_anew_is_read_from_its_start(log: Log) -> None:
    log.write("a.json", REFUSED * 3)
    assert len(log.read()) == 3
    (log.folder / "a.json").write_text(LET_IN, encoding="utf-8")
    assert log.read() == [A_SUCCESS]
    (log.folder / "a.json").rename(log.folder / "kept.1")
    log.write("a.json", REFUSED * 2)
    assert log.read() == [A_REFUSAL, A_REFUSAL]


def test_what_is_gone_is_forgotten(log: Log) -> None:
    log.write("a.json", REFUSED)
    log.read()
    (log.folder / "a.json").unlink()
    assert log.read() == []
    assert json.loads(log.stored) == {}


def test_many_are_read_in_parts(log: Log) -> None:
    log.write("a.json", REFUSED * 25)
    log.write("b.json", LET_IN * 4)
    assert [len(log.read(10)) for _part in range(4)] == [10, 10, 9, 0]


def test_a_line_without_an_end_stops_nobody(log: Log) -> None:
    log.write("a.json", "x" * (LONGEST_READING + 10) + "\n" + REFUSED)
    assert [log.read(), log.read()] == [[], [A_REFUSAL]]


def test_a_start_without_a_position_begins_at_the_end(log: Log) -> None:
    log.write("a.json", REFUSED * 3)
    log.stored = json.dumps(end_of(log.folder).as_json())
    assert log.read() == []
    log.write("a.json", LET_IN)
    assert log.read() == [A_SUCCESS]


@pytest.mark.parametrize(
    "stored", [None, [], "x", {"a": 1}, {"a": [1]}, {"a": [1, -1]}, {"a": [1, "2"]}, {"a": [1, True]}]
)
def test_what_is_no_position_is_none(stored: object) -> None:
    assert position_from(stored) is None


def test_old_files_are_removed(log: Log) -> None:
    for name in ("a.json", "a.log", "b.json", "other.txt"):
        log.write(name, OTHER)
    for name in ("a.json", "a.log", "other.txt"):
        os.utime(log.folder / name, (1000, 1000))
    assert remove_old(log.folder, before=2000.0) == 2
    assert sorted(path.name for path in log.folder.iterdir()) == ["b.json", "other.txt"]


@given(st.lists(st.sampled_from([REFUSED, LET_IN, OTHER]), max_size=12), st.lists(st.integers(0, 8000), max_size=8))
@settings(max_examples=60, deadline=None)
def test_however_it_is_cut_every_line_counts_once(lines: list[str], cuts: list[int]) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        log, whole, found, before = Log(Path(folder)), "".join(lines), [], 0
        for cut in (*sorted(cuts), len(whole)):
            log.write("a.json", whole[before : max(cut, before)])
            before = max(cut, before)
            found += log.read(3)
        while more := log.read(3):
            found += more
    assert found == [one for line in lines if (one := attempt_in(line.encode()))]
