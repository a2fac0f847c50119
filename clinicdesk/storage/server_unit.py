"""The database as the unit beside a clinic's server reaches it, and as the server's own administrator prepares it.

The unit is the login cd_guard, which the server knows by the account of the operating system: it has no password, reads
no table and calls what `migrations/sql/ground/desks.sql` grants it.
"""

import datetime as dt
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import sql

from clinicdesk.authority import SignedDesk
from clinicdesk.storage import migrate
from clinicdesk.storage.conflicts import as_clinic_error
from clinicdesk.storage.engine import SAFE_SETTINGS, login_of
from clinicdesk.storage.roles import SERVER_UNIT, create_database, database_exists, prepare_cluster
from clinicdesk.storage.server_log import Attempt
from clinicdesk.storage.sync_account import SYNC

CHANNEL = "clinicdesk_server"
CODE_MINUTES = 15
_LOOKED_AT = (
    "server_version_num",
    "server_version",
    "ssl",
    "ssl_min_protocol_version",
    "ssl_crl_file",
    "password_encryption",
    "shared_preload_libraries",
    "log_destination",
    "log_min_messages",
    "log_connections",
    "max_connections",
    "tcp_user_timeout",
    "idle_in_transaction_session_timeout",
    *SAFE_SETTINGS,
)

Lost = (psycopg.OperationalError, psycopg.InterfaceError)  # the server went away, or does not answer yet


@dataclass(frozen=True)
class WaitingRequest:
    """A desk that waits for its certificate."""

    id: UUID
    desk_id: UUID
    csr: str
    renewal: bool


@dataclass(frozen=True)
class ServerAnswers:
    """What the server says about itself to the unit."""

    settings: Mapping[str, str]
    pending_restart: tuple[str, ...]
    revision: str
    waiting: int
    revoked: frozenset[str]
    sends: bool = False
    sender_seen: int | None = None  # seconds since a process that sends gave a sign


class UnitLink:
    """One connection of the unit. Raises psycopg's errors named in `Lost` when the server goes away."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def listen(self) -> None:
        """Hear of what desks and owners ask for from now on."""
        self._connection.execute(f"LISTEN {CHANNEL}")

    def wait(self, seconds: float) -> bool:
        """Wait for a word, not longer than that; whether there was one."""
        return any(True for _word in self._connection.notifies(timeout=seconds, stop_after=1))

    def waiting_requests(self) -> list[WaitingRequest]:
        """The desks that wait, the first one first."""
        rows = self._connection.execute("SELECT id, desk_id, csr, renewal FROM clinicdesk.waiting_requests()")
        return [WaitingRequest(*row) for row in rows]

    def sign(self, request: WaitingRequest, signed: SignedDesk, authority: str) -> None:
        """Hand a desk its certificate."""
        self._answer(request.id, signed.certificate, authority, "", signed.serial, signed.ends_at)

    def refuse(self, request: WaitingRequest, reason: str) -> None:
        """Tell a desk why it gets none."""
        self._answer(request.id, "", "", reason, None, None)

    def revoked_serials(self) -> dict[str, dt.datetime]:
        """The serial numbers that were taken back, and when."""
        return dict(self._connection.execute("SELECT serial, revoked_at FROM clinicdesk.revoked_serials()").fetchall())

    def end_revoked(self) -> int:
        """End what revoked desks have open; how much it was."""
        return int(self._one("SELECT clinicdesk.end_revoked_connections()"))

    def reload_server(self) -> None:
        """Have PostgreSQL read its certificates and its list of revoked ones anew."""
        self._connection.execute("SELECT pg_reload_conf()")

    def remove_code_logins(self) -> int:
        """Remove codes that were used or ran out; how many."""
        return int(self._one("SELECT clinicdesk.remove_code_logins()"))

    def count_attempts(self, attempts: Sequence[Attempt], before_commit: Callable[[str], None]) -> int:
        """Count wrong passwords and forget those a right one followed; the highest count.

        `before_commit` is told the transaction's number, by which `was_committed` answers after a crash.
        """
        highest = 0
        with self._connection.transaction():
            for one in attempts:
                if one.refused:
                    counted = self._one("SELECT clinicdesk.count_refusal(%s, %s)", one.account, one.address)
                    highest = max(highest, int(counted))
                else:
                    self._connection.execute("SELECT clinicdesk.count_success(%s)", [one.account])
            before_commit(str(self._one("SELECT pg_current_xact_id()::text")))
        return highest

    def was_committed(self, transaction: str) -> bool:
        """Whether a transaction before this connection was kept; True where the server no longer knows."""
        try:
            return self._one("SELECT pg_xact_status(%s::xid8)", transaction) in ("committed", None)
        except psycopg.errors.InvalidParameterValue:  # from another life of this database, restored since
            return True

    def invite(self, part: str, secret: str, minutes: int = CODE_MINUTES) -> bool:
        """Make a login of one use for a desk; the founder's while there is nobody. False where the name is in use."""
        account = f"{self._one('SELECT current_database()')}_+{part}"
        verifier = self._connection.pgconn.encrypt_password(secret.encode(), account.encode(), b"scram-sha-256")
        try:
            self._connection.execute(
                "SELECT clinicdesk.invite_founder(%s, %s, %s, %s)", [uuid4(), part, verifier.decode(), minutes]
            )
        except psycopg.errors.DuplicateObject:
            return False
        return True

    def answers(self) -> ServerAnswers:
        """What the server says about itself."""
        # What counts for TCP reads 0 on a connection by the socket, so the server's own values are asked for.
        known = "SELECT name, coalesce(reset_val, setting) FROM pg_settings WHERE name = ANY (%s)"
        pending = "SELECT name FROM pg_settings WHERE pending_restart ORDER BY name"
        standing = self._connection.execute("SELECT sends, seen FROM clinicdesk.sync_standing()").fetchone()
        sends, seen = standing or (False, None)
        waiting = "SELECT count(*) FROM clinicdesk.waiting_requests() WHERE created_at < now() - interval '30 seconds'"
        return ServerAnswers(
            settings=dict(self._connection.execute(known, [list(_LOOKED_AT)]).fetchall()),
            pending_restart=tuple(row[0] for row in self._connection.execute(pending)),
            revision=migrate.current_revision(self._connection),
            waiting=int(self._one(waiting)),
            revoked=frozenset(self.revoked_serials()),
            sends=bool(sends),
            sender_seen=seen,
        )

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def _answer(self, *values: object) -> None:
        self._connection.execute("SELECT clinicdesk.answer_request(%s, %s, %s, %s, %s, %s)", values)

    def _one(self, question: str, *values: object) -> Any:
        row = self._connection.execute(question.encode(), values).fetchone()
        assert row is not None
        return row[0]


def unit_link(conninfo: Mapping[str, str]) -> UnitLink:
    """A connection of the unit by its account of the operating system. Raises what `Lost` names."""
    arguments: dict[str, Any] = {"connect_timeout": "3", **conninfo, "application_name": "clinicdesk-server"}
    return UnitLink(psycopg.connect(**arguments, autocommit=True))


# --- by the server's administrator -----------------------------------------------------------------------------------


def prepare_server(admin: Mapping[str, str], database: str) -> list[str]:
    """Make what is missing of roles, database and schema, and let the unit in; the names of what was made.

    Nothing is changed in a database that has tables: bringing it to this release is `migrate`'s.
    """
    made = []
    with _administrator(admin, "postgres") as connection:
        prepare_cluster(connection)
        if not database_exists(connection, database):
            create_database(connection, database)
            made.append("database")
        row = connection.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", [SERVER_UNIT]).fetchone()
        if not (row and row[0]):
            connection.execute(sql.SQL("ALTER ROLE {} LOGIN").format(sql.Identifier(SERVER_UNIT)))
            connection.execute(sql.SQL("GRANT pg_read_all_settings TO {}").format(sql.Identifier(SERVER_UNIT)))
            made.append("unit_login")
    with _administrator(admin, database) as connection:
        empty = not migrate.current_revision(connection)
        if not _may_reload(connection):
            unit = sql.Identifier(SERVER_UNIT)
            connection.execute(sql.SQL("GRANT EXECUTE ON FUNCTION pg_reload_conf() TO {}").format(unit))
            connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(database), unit))
            made.append("unit_rights")
    if empty:
        migrate.upgrade({**admin, "dbname": database})
        made.append("schema")
    if _make_sync_login(admin, database):
        made.append("sync_login")
    return made


def _make_sync_login(admin: Mapping[str, str], database: str) -> bool:
    """Let the process that sends in, known by its account of the operating system; True where it was not before."""
    account = login_of(database, SYNC)
    with _administrator(admin, database) as connection:
        if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [account]).fetchone() is not None:
            return False
        # Older tables have no such function yet; the upgrade that follows brings it, and the next set-up the login.
        if connection.execute("SELECT to_regprocedure('clinicdesk.give_sync_login(text)')").fetchone() == (None,):
            return False
        with connection.transaction():
            nobodys = secrets.token_urlsafe(32).encode()
            verifier = connection.pgconn.encrypt_password(nobodys, account.encode(), b"scram-sha-256")
            connection.execute("SELECT clinicdesk.give_sync_login(%s)", [verifier.decode()])
            connection.execute(sql.SQL("ALTER ROLE {} PASSWORD NULL").format(sql.Identifier(account)))
    return True


def unlock(admin: Mapping[str, str], database: str, login: str) -> bool:
    """Let somebody in again whom wrong passwords locked; False where there is no such person."""
    with _administrator(admin, database) as connection:
        found = connection.execute(
            "SELECT clinicdesk.unlock_person(id) FROM clinicdesk.person WHERE login = %s AND active", [login]
        ).fetchall()
    return bool(found)


@contextmanager
def _administrator(admin: Mapping[str, str], database: str) -> Iterator[psycopg.Connection[Any]]:
    arguments: dict[str, Any] = {**admin, "dbname": database}
    try:
        with psycopg.connect(**arguments, autocommit=True) as connection:
            yield connection
    except psycopg.OperationalError as error:
        raise as_clinic_error(error) from error


def _may_reload(connection: psycopg.Connection[Any]) -> bool:
    row = connection.execute(
        "SELECT has_function_privilege(%s, 'pg_catalog.pg_reload_conf()', 'EXECUTE')"
        " AND has_database_privilege(%s, current_database(), 'CONNECT')",
        [SERVER_UNIT, SERVER_UNIT],
    ).fetchone()
    return bool(row and row[0])
