"""What a server says about itself, for `doctor` and `db status`."""

import datetime as dt
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from sqlalchemy import Connection

from clinicdesk.errors import ClinicError
from clinicdesk.storage.conflicts import as_clinic_error
from clinicdesk.storage.engine import CONNECTION_PROFILE, SAFE_SETTINGS
from clinicdesk.storage.migrate import EXTENSIONS, current_revision
from clinicdesk.storage.releases import check_schema


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """One look at a database. `unsafe` holds the settings that can lose work, with their values."""

    server_version: str
    revision: str
    settings: dict[str, str]
    unsafe: dict[str, str]
    extensions: dict[str, str]
    missing_extensions: tuple[str, ...]
    active_owners: int
    clock: dt.datetime
    bytes_used: int
    schema_error: ClinicError | None = None
    locked_people: tuple[str, ...] = ()
    altered_roles: tuple[str, ...] = ()
    connections: int = 0
    connections_allowed: int = 0
    milliseconds: int = 0  # for one question and its answer
    sends: bool = False  # whether any clinic sends messages
    sender_seen: int | None = None  # seconds since a process that sends gave a sign; None where none is at work


@dataclass(frozen=True, slots=True)
class Link:
    """How one signed-in person's connection to a clinic server stands."""

    encryption: str  # such as TLSv1.3; empty for none
    cipher: str
    desk_known: bool
    unit_at_work: bool
    loose_limits: tuple[str, ...]  # what should end on its own after a while and does not


def look(admin: Mapping[str, str], database: str) -> ServerFacts:
    """Ask a database about itself, as the administrator. Raises ClinicUnreachable."""
    arguments: dict[str, Any] = {**CONNECTION_PROFILE, **admin, "dbname": database}
    try:
        with psycopg.connect(**arguments, autocommit=True) as connection:
            return _facts(connection)
    except psycopg.Error as error:
        raise as_clinic_error(error) from error


def schema_of(admin: Mapping[str, str], database: str) -> tuple[str, ClinicError | None]:
    """The schema revision of a database (empty for one without tables), and why this program does not work on it."""
    arguments: dict[str, Any] = {**CONNECTION_PROFILE, **admin, "dbname": database}
    with psycopg.connect(**arguments, autocommit=True) as connection:
        return current_revision(connection), _schema_error(connection)


def facts_in(connection: Connection) -> ServerFacts:
    """The same as somebody signed in may ask it."""
    driver: Any = connection.connection.dbapi_connection
    return _facts(driver)


def link_of(connection: Connection) -> Link:
    """How this connection stands, and whether the server's own unit has one."""
    driver: Any = connection.connection.dbapi_connection
    row = driver.execute("SELECT version, cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone()
    encryption, cipher = (row[0] or "", row[1] or "") if row else ("", "")
    found = {name: str(_one(driver, "SELECT current_setting(%s)", name)) for name in LIMITS}
    return Link(
        encryption,
        cipher,
        bool(_one(driver, "SELECT clinicdesk.my_desk() IS NOT NULL")),
        bool(_one(driver, "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE usename = 'cd_guard')")),
        tuple(f"{name} = {value}" for name, value in found.items() if value in ("0", "")),
    )


def altered_roles(connection: psycopg.Connection[Any]) -> tuple[str, ...]:
    """What a role may that it should not: each as a short note of the role and what it has. Any login may ask."""
    rights = [f"{name}: {right}" for name, right in connection.execute(_RIGHTS).fetchall()]
    ties = [f"{member} → {role}" for member, role in connection.execute(_TIES).fetchall()]
    return (*rights, *ties)


# A connection or a statement that nobody waits for any more has to end by itself.
LIMITS = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout", "tcp_user_timeout")
_ALLOWED = """
    SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
           - current_setting('reserved_connections')::int
"""
_OURS = "(rolname LIKE 'cd\\_%' OR clinicdesk.login_of(rolname) IS NOT NULL)"
_RIGHTS = f"""
    SELECT r.rolname, x.name FROM pg_roles r
     CROSS JOIN LATERAL (VALUES ('superuser', r.rolsuper), ('bypassrls', r.rolbypassrls), ('createdb', r.rolcreatedb),
        ('replication', r.rolreplication), ('createrole', r.rolcreaterole AND r.rolname <> 'cd_logins'),
        ('login', r.rolcanlogin AND r.rolname LIKE 'cd\\_%' AND r.rolname <> 'cd_guard')) AS x (name, has)
     WHERE {_OURS} AND x.has AND NOT (r.rolsuper AND r.rolname NOT LIKE 'cd\\_%'
           AND clinicdesk.login_of(r.rolname) NOT IN (SELECT login FROM clinicdesk.person))
     ORDER BY 1, 2
"""
# What the set-up and give_login tie together, and nothing else; a superuser is what it is by itself.
_TIES = """
    SELECT m.rolname, r.rolname FROM pg_auth_members t
      JOIN pg_roles r ON r.oid = t.roleid JOIN pg_roles m ON m.oid = t.member
     WHERE (r.rolname LIKE 'cd\\_%' OR m.rolname LIKE 'cd\\_%' OR clinicdesk.login_of(r.rolname) IS NOT NULL
            OR clinicdesk.login_of(m.rolname) IS NOT NULL)
       AND NOT m.rolsuper
       AND NOT (m.rolname = 'cd_logins' AND NOT t.inherit_option AND NOT t.set_option)
       AND NOT (m.rolname = 'cd_watch' AND r.rolname IN ('pg_read_all_stats', 'pg_signal_backend'))
       AND NOT (m.rolname = 'cd_founder' AND r.rolname = 'cd_schema')
       AND NOT (m.rolname NOT LIKE 'cd\\_%' AND r.rolname IN ('cd_owner', 'cd_manager', 'cd_reception',
                'cd_professional', 'cd_sync', 'cd_enrol', 'cd_founder'))
     ORDER BY 1, 2
"""


SENDER_SEEN = """
    SELECT extract(epoch FROM clock_timestamp() - max(seen_at))::int FROM clinicdesk.sync_process
     WHERE stopped_at IS NULL
"""


def size_of(admin: Mapping[str, str], database: str) -> int:
    """How many bytes a database takes on its server's disk."""
    arguments: dict[str, Any] = {**CONNECTION_PROFILE, **admin, "dbname": database}
    with psycopg.connect(**arguments, autocommit=True) as connection:
        return int(_one(connection, "SELECT pg_database_size(current_database())"))


def _schema_error(connection: psycopg.Connection[Any]) -> ClinicError | None:
    try:
        check_schema(connection)
    except ClinicError as error:
        return error
    return None


def _facts(connection: psycopg.Connection[Any]) -> ServerFacts:
    settings = {name: str(_one(connection, "SELECT current_setting(%s)", name)) for name in SAFE_SETTINGS}
    extensions = dict(connection.execute("SELECT extname, extversion FROM pg_extension").fetchall())
    revision = current_revision(connection)
    began = time.perf_counter()
    connection.execute("SELECT 1")
    took = time.perf_counter() - began
    owners = (
        "SELECT count(*) FROM clinicdesk.person"
        " WHERE role = 'owner' AND active AND password_set_at IS NOT NULL AND locked_at IS NULL"
    )
    locked = "SELECT coalesce(array_agg(name ORDER BY name), '{}') FROM clinicdesk.person WHERE locked_at IS NOT NULL"
    return ServerFacts(
        server_version=str(_one(connection, "SHOW server_version")),
        revision=revision,
        settings=settings,
        unsafe={name: value for name, value in settings.items() if value != SAFE_SETTINGS[name]},
        extensions={name: extensions[name] for name in EXTENSIONS if name in extensions},
        missing_extensions=tuple(name for name in EXTENSIONS if name not in extensions),
        active_owners=int(_one(connection, owners)) if revision else 0,
        clock=_one(connection, "SELECT clock_timestamp()").astimezone(dt.UTC),
        bytes_used=int(_one(connection, "SELECT pg_database_size(current_database())")),
        schema_error=_schema_error(connection),
        locked_people=tuple(_one(connection, locked)) if revision else (),
        altered_roles=altered_roles(connection),
        connections=int(_one(connection, "SELECT count(*) FROM pg_stat_activity WHERE datid IS NOT NULL")),
        connections_allowed=int(_one(connection, _ALLOWED)),
        milliseconds=round(took * 1000),
        **_sending(connection),
    )


def _sending(connection: psycopg.Connection[Any]) -> dict[str, Any]:
    if _one(connection, "SELECT to_regclass('clinicdesk.sync_process') IS NULL"):
        return {}
    sends = _one(connection, "SELECT EXISTS (SELECT FROM clinicdesk.messaging_policy WHERE active)")
    return {"sends": bool(sends), "sender_seen": _one(connection, SENDER_SEEN)}


def _one(connection: psycopg.Connection[Any], question: str, *values: str) -> Any:
    row = connection.execute(question, values).fetchone()
    return row[0] if row else None
