"""All of a clinic from one server to another, whatever their versions and languages: by COPY, in one transaction.

The source is read in one snapshot while nobody can write there. The target has it all, compared table by table, or
nothing. No file is written and no program of PostgreSQL is needed on either side.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql

from clinicdesk.errors import MoveCancelled, MoveRefused, MoveUndecided
from clinicdesk.storage import tables
from clinicdesk.storage.base import metadata
from clinicdesk.storage.closing_down import MOVER
from clinicdesk.storage.conflicts import as_clinic_error
from clinicdesk.storage.engine import CONNECTION_PROFILE, login_of
from clinicdesk.storage.releases import current_revision

assert tables.organisation.metadata is metadata  # the tables are known once their module is read
# Which revision it is, and who may enter by which certificate, is the target's own.
LEFT_BEHIND = frozenset({"schema_release", "desk", "desk_request"})
# The target wrote down how this desk came to it, before there was a clinic; that follows after what the clinic brings.
_FOLLOWS = "audit"
_TOLD_EVERY = 0.2  # seconds


@dataclass(frozen=True, slots=True)
class MoveProgress:
    """How far a move is: `table` is the `number`-th of `of`, with `rows` of `rows_in_all` of the clinic written."""

    table: str
    number: int
    of: int
    rows: int
    rows_in_all: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Moved:
    """What was moved: rows by table, people with their logins, and how long it took."""

    rows: Mapping[str, int]
    people: int
    seconds: float


@dataclass
class _Move:
    source: psycopg.Connection[Any]
    target: psycopg.Connection[Any]
    database: str
    told: Callable[[MoveProgress], None]
    cancelled: threading.Event
    begun: float = field(default_factory=time.monotonic)
    written: int = 0
    in_all: int = 0
    last_told: float = 0.0


def moved_tables() -> list[str]:
    """The tables that are moved, each after those it points to."""
    return [table.name for table in metadata.sorted_tables if table.name not in LEFT_BEHIND]


def move(
    source: Mapping[str, str],
    target: Mapping[str, str],
    told: Callable[[MoveProgress], None] = lambda _progress: None,
    cancelled: threading.Event | None = None,
    before_commit: Callable[[], None] = lambda: None,
) -> Moved:
    """Move a clinic. `source` is the administrator's way to its database, `target` a founder's to an empty one.

    `before_commit` is called when all is compared and nothing can fail any more but the last word itself; whoever waits
    longer than that for an answer finds out by signing in there. Raises MoveRefused, MoveCancelled, MoveUndecided,
    DiskFull or ClinicUnreachable.
    """
    try:
        with _connected(source) as reading, _connected(target) as writing:
            work = _Move(reading, writing, source["dbname"], told, cancelled or threading.Event())
            _check(work)
            _close_the_source(work)
            people = _people(work)  # first, for a founder is one only while there is nobody
            rows = _all_tables(work)
            before_commit()
            _commit(work)
            return Moved(rows, people, time.monotonic() - work.begun)
    except psycopg.Error as error:
        raise as_clinic_error(error) from error


@contextmanager
def _connected(conninfo: Mapping[str, str]) -> Iterator[psycopg.Connection[Any]]:
    arguments: dict[str, Any] = {**CONNECTION_PROFILE, **conninfo, "application_name": MOVER}
    connection = psycopg.connect(**arguments)
    try:
        # What rows are compared by must read the same on both sides, whatever the servers are set to.
        for setting, value in _READING.items():
            connection.execute("SELECT set_config(%s, %s, false)", [setting, value])
        connection.commit()
        yield connection
    finally:
        connection.close()  # what was not committed is gone


_READING = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "search_path": "",
    "statement_timeout": "0",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "0",
}


# --- before ----------------------------------------------------------------------------------------------------------


def _check(work: _Move) -> None:
    """Refuse what cannot become the same clinic. Raises MoveRefused."""
    if not _one(work.target, "SELECT pg_has_role(session_user, 'cd_founder', 'USAGE')"):
        raise MoveRefused("no_founder")
    work.target.execute("SET LOCAL ROLE cd_schema")
    here, there = current_revision(work.source), current_revision(work.target)
    if here != there:
        raise MoveRefused("versions", f"{here}, {there}")
    if _one(work.target, "SELECT EXISTS (SELECT FROM clinicdesk.person)"):
        raise MoveRefused("not_empty", "person")
    work.source.rollback()
    work.target.rollback()


def _close_the_source(work: _Move) -> None:
    """End everybody else's connections, then let nobody write until this transaction is over."""
    work.source.execute("UPDATE clinicdesk.desk_session SET ended_at = clock_timestamp() WHERE ended_at IS NULL")
    work.source.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    work.source.commit()
    tables = sql.SQL(", ").join(map(_table, moved_tables()))
    work.source.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    # The first statement that looks at anything, so that the snapshot is taken when nobody writes any more.
    work.source.execute(sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(tables))


# --- tables ----------------------------------------------------------------------------------------------------------


def _all_tables(work: _Move) -> dict[str, int]:
    names = moved_tables()
    _act_as_the_tables_owner(work, names)
    counts = {name: int(_one(work.source, f"SELECT count(*) FROM clinicdesk.{name}")) for name in names}
    work.in_all = sum(counts.values())
    followers = _rows_that_follow(work)
    for number, name in enumerate(names, 1):
        if name != _FOLLOWS and _one(work.target, f"SELECT EXISTS (SELECT FROM clinicdesk.{name})"):
            raise MoveRefused("not_empty", name)
        _copy(work, name, number, len(names))
        if _fingerprint(work.source, name) != _fingerprint(work.target, name):
            raise MoveRefused("differs", name)
    _continue_numbers(work, names)
    _write_followers(work, followers)
    work.target.execute("RESET ROLE")
    work.target.execute("SET LOCAL session_replication_role = origin")
    work.target.execute("SET LOCAL ROLE cd_schema")
    work.target.execute("SET CONSTRAINTS ALL IMMEDIATE")  # with the first person this founder is one no more
    for name in names:
        work.target.execute(sql.SQL("ALTER TABLE {} FORCE ROW LEVEL SECURITY").format(_table(name)))
    work.target.execute("RESET ROLE")
    return counts


def _act_as_the_tables_owner(work: _Move, names: Sequence[str]) -> None:
    """Without triggers, which would write everything down once more, and as the owner of the tables.

    COPY takes no row where row security is forced upon the owner; the end of the transaction has it forced again.
    """
    work.target.execute("SET LOCAL session_replication_role = replica")
    work.target.execute("SET LOCAL ROLE cd_schema")
    for name in names:
        work.target.execute(sql.SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY").format(_table(name)))


def _copy(work: _Move, name: str, number: int, of: int) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, _columns(name)))
    out = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT binary)").format(columns, _table(name))
    into = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(_table(name), columns)
    with work.source.cursor() as reader, work.target.cursor() as writer:
        with reader.copy(out) as given, writer.copy(into) as taken:
            for rows, block in enumerate(given):
                _stop_if_cancelled(work)
                taken.write(block)
                _tell(work, name, number, of, rows)
        work.written += max(writer.rowcount, 0)
    _tell(work, name, number, of, 0, now=True)


def _tell(work: _Move, name: str, number: int, of: int, rows: int, *, now: bool = False) -> None:
    moment = time.monotonic()
    if now or moment - work.last_told >= _TOLD_EVERY:
        work.last_told = moment
        done = min(work.written + rows, work.in_all)
        work.told(MoveProgress(name, number, of, done, work.in_all, moment - work.begun))


def _stop_if_cancelled(work: _Move) -> None:
    if work.cancelled.is_set():
        raise MoveCancelled


def _fingerprint(connection: psycopg.Connection[Any], name: str) -> tuple[int, int]:
    """How many rows, and a sum over what each of them says; the order of rows is nobody's promise."""
    columns = sql.SQL(", ").join(map(sql.Identifier, _columns(name)))
    found = connection.execute(
        sql.SQL(
            'SELECT count(*), coalesce(sum(pg_catalog.hashtextextended(ROW({})::text COLLATE "C", 0)::numeric), 0)'
            " FROM {}"
        ).format(columns, _table(name))
    ).fetchone()
    assert found is not None
    return int(found[0]), int(found[1])


def _continue_numbers(work: _Move, names: Sequence[str]) -> None:
    """Numbers given by the server go on after the highest one that was brought."""
    for name in names:
        for column in metadata.tables[f"clinicdesk.{name}"].columns:
            if column.identity is not None:
                work.target.execute(
                    sql.SQL(
                        "SELECT setval(pg_get_serial_sequence({table}, {name}), coalesce(max({column}), 0) + 1, false)"
                        " FROM {of}"
                    ).format(
                        table=sql.Literal(f"clinicdesk.{name}"),
                        name=sql.Literal(column.name),
                        column=sql.Identifier(column.name),
                        of=_table(name),
                    )
                )


def _rows_that_follow(work: _Move) -> list[tuple[Any, ...]]:
    """What the target's audit holds already, taken out so that the clinic's own numbers are free."""
    columns = sql.SQL(", ").join(sql.Identifier(one) for one in _columns(_FOLLOWS) if one != "id")
    return work.target.execute(
        sql.SQL("DELETE FROM {table} RETURNING {columns}").format(table=_table(_FOLLOWS), columns=columns)
    ).fetchall()


def _write_followers(work: _Move, rows: Sequence[tuple[Any, ...]]) -> None:
    names = [one for one in _columns(_FOLLOWS) if one != "id"]
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    with work.target.cursor() as cursor:
        cursor.executemany(
            sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                _table(_FOLLOWS), columns, sql.SQL(", ").join([sql.Placeholder()] * len(names))
            ),
            [tuple(psycopg.types.json.Jsonb(one) if isinstance(one, dict) else one for one in row) for row in rows],
        )


def _columns(name: str) -> list[str]:
    return [column.name for column in metadata.tables[f"clinicdesk.{name}"].columns]


def _table(name: str) -> sql.Identifier:
    return sql.Identifier("clinicdesk", name)


# --- people ----------------------------------------------------------------------------------------------------------

_LOGINS = """
    SELECT p.login, p.role, a.rolpassword, a.rolcanlogin, nullif(a.rolvaliduntil, 'infinity')
      FROM clinicdesk.person p JOIN pg_catalog.pg_authid a ON a.rolname = current_database() || '_' || p.login
"""


def _people(work: _Move) -> int:
    """Give everybody their login, with the verifier of the password they have; who could not enter still cannot."""
    logins = work.source.execute(_LOGINS).fetchall()
    there = str(_one(work.target, "SELECT current_database()"))
    for login, role, verifier, may_enter, until in logins:
        work.target.execute(
            "SELECT clinicdesk.give_login(%s, %s, %s, %s, %s)",
            [login_of(there, login), role, verifier, until, may_enter],
        )
    return len(logins)


def _commit(work: _Move) -> None:
    try:
        work.target.commit()
    except psycopg.OperationalError as error:
        raise MoveUndecided from error


def _one(connection: psycopg.Connection[Any], question: str) -> Any:
    row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]
