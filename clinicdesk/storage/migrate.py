"""The way from one schema revision to the next: one program at a time, step by step, and whole or not at all."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import psycopg
from psycopg import errors as pg_errors
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from clinicdesk.errors import SchemaBeingUpdated, SchemaNewer, ServerBusy
from clinicdesk.storage.base import SCHEMA
from clinicdesk.storage.conflicts import as_clinic_error
from clinicdesk.storage.releases import LOCK, REVISION, current_revision, known_revisions, migrations_folder
from clinicdesk.storage.roles import TABLE_OWNER, prepare_cluster

# Alembic takes as long to import as SQLAlchemy itself, and a sign-in only asks for a number.
if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

__all__ = [
    "EXTENSIONS",
    "REVISION",
    "UpgradeStep",
    "bring_up",
    "current_revision",
    "downgrade",
    "migrations_folder",
    "upgrade",
]

EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")
# PostgreSQL lets everybody store and read large objects, past every table, policy and audit.
_CLOSE_LARGE_OBJECTS = """
    DO $$
    DECLARE
        each regprocedure;
    BEGIN
        FOR each IN SELECT oid FROM pg_catalog.pg_proc
                     WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ '^(lo_.*|loread|lowrite)$'
        LOOP
            EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', each);
        END LOOP;
    END $$
"""
WAIT_MINUTES = 15  # as long as the longest statement of a revision may take
LOCK_TRIES = 6  # of five seconds each


def expected_revision() -> str:
    """The revision this program is written for."""
    return REVISION


def fingerprint() -> str:
    """What the revisions of this program are made of, as a short hash: another text, another database."""
    found = hashlib.sha256()
    for path in sorted(migrations_folder().rglob("*")):
        if path.suffix in (".py", ".sql"):
            found.update(path.read_bytes())
    return found.hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class UpgradeStep:
    """How far an upgrade is: waiting for another program, keeping what is there, or at a revision of so many."""

    kind: Literal["waiting", "keeping", "changing"]
    number: int = 0
    of: int = 0


def bring_up(
    conninfo: Mapping[str, str],
    keep: Callable[[str], None],
    told: Callable[[UpgradeStep], None] = lambda _step: None,
    folder: Path | None = None,
) -> str:
    """Bring a database to the newest revision of `folder`, this program's own by default; the revision it then has.

    `conninfo` is an administrator's. `keep` is called once with the revision found, under the lock and before anything
    changes: it makes the dump, or refuses. Each revision is a transaction of its own, so what is cut short goes on from
    where it stood. Raises SchemaNewer, SchemaBeingUpdated, ServerBusy, DiskFull or ClinicUnreachable.
    """
    try:
        with _administrator(conninfo) as connection, _alone(connection, told):
            found = _revision(connection)
            pending = _pending(found, folder)
            if not pending:
                return found
            told(UpgradeStep("keeping"))
            keep(found)
            with psycopg.connect(**dict[str, Any]({**conninfo, "dbname": "postgres"}), autocommit=True) as server:
                prepare_cluster(server)
            _prepare(connection)
            for number, revision in enumerate(pending, 1):
                told(UpgradeStep("changing", number, len(pending)))
                _one_revision(connection, revision, folder)
            return pending[-1]
    except DBAPIError as error:
        raise as_clinic_error(error.orig) from error
    except psycopg.Error as error:
        raise as_clinic_error(error) from error


def upgrade(conninfo: Mapping[str, str], revision: str = "head", folder: Path | None = None) -> None:
    """Bring a database nobody works in to `revision`, all steps or none. `conninfo` is an administrator's."""
    from alembic import command

    with migration_connection(conninfo) as connection:
        command.upgrade(_config(folder, connection), revision)


def downgrade(conninfo: Mapping[str, str], revision: str, folder: Path | None = None) -> None:
    """Take the database back to `revision`, or to nothing by `base`. `conninfo` is an administrator's."""
    from alembic import command

    with migration_connection(conninfo) as connection:
        command.downgrade(_config(folder, connection), revision)


@contextmanager
def migration_connection(conninfo: Mapping[str, str]) -> Iterator[Connection]:
    """A connection that acts as the tables' owner, one at a time for each database, with limits on waiting."""
    with _administrator(conninfo) as connection, _alone(connection):
        _prepare(connection)
        yield connection


# --- one program at a time -------------------------------------------------------------------------------------------


@contextmanager
def _administrator(conninfo: Mapping[str, str]) -> Iterator[Connection]:
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(**dict[str, Any](conninfo)),
        poolclass=NullPool,
        hide_parameters=True,
    )
    with engine.connect() as connection:
        # A program that died in the middle of a long statement must not keep the lock until that has ended.
        connection.execute(text("SET client_connection_check_interval = '2s'"))
        connection.commit()
        yield connection
    engine.dispose()


@contextmanager
def _alone(connection: Connection, told: Callable[[UpgradeStep], None] = lambda _step: None) -> Iterator[None]:
    """Hold the lock of whoever changes this database's schema; its end with the connection, however that ends."""
    if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK}).scalar_one():
        told(UpgradeStep("waiting"))
        connection.execute(text(f"SET lock_timeout = '{WAIT_MINUTES}min'"))
        try:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
        except DBAPIError as error:
            if isinstance(error.orig, pg_errors.LockNotAvailable):
                raise SchemaBeingUpdated from None
            raise
    connection.commit()
    try:
        yield
    finally:
        if not connection.closed and not connection.invalidated:
            connection.rollback()
            connection.execute(text("RESET ROLE"))
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})
            connection.commit()


# --- step by step ----------------------------------------------------------------------------------------------------


def _revision(connection: Connection) -> str:
    driver: Any = connection.connection.dbapi_connection
    found = current_revision(driver)
    connection.rollback()
    return found


def _pending(found: str, folder: Path | None) -> list[str]:
    """The revisions from `found` to the newest, oldest first. Raises SchemaNewer where there is no way."""
    script = _script(folder)
    newest = str(script.get_current_head())
    if found and found not in known_revisions(folder):
        raise SchemaNewer(found, newest)
    steps = [one.revision for one in script.iterate_revisions(newest, found or "base")]
    return [one for one in reversed(steps) if one != found]


def _one_revision(connection: Connection, revision: str, folder: Path | None) -> None:
    """One revision in one transaction; where a clinic is at work and holds what it needs, it is tried again."""
    from alembic import command

    for tries_left in reversed(range(LOCK_TRIES)):
        try:
            command.upgrade(_config(folder, connection), revision)
            connection.commit()
            return
        except DBAPIError as error:
            connection.rollback()
            if not isinstance(error.orig, pg_errors.LockNotAvailable):
                raise
            if not tries_left:
                raise ServerBusy from error


def _prepare(connection: Connection) -> None:
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA} AUTHORIZATION {TABLE_OWNER}"))
    for extension in EXTENSIONS:
        connection.execute(text(f"CREATE EXTENSION IF NOT EXISTS {extension} SCHEMA {SCHEMA}"))
    connection.execute(text("REVOKE ALL ON SCHEMA public FROM PUBLIC"))
    connection.execute(text(_CLOSE_LARGE_OBJECTS))
    # A function is callable by everybody unless told otherwise, so a new one starts closed.
    connection.execute(text(f"ALTER DEFAULT PRIVILEGES FOR ROLE {TABLE_OWNER} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC"))
    connection.commit()
    connection.execute(text(f"SET search_path = {SCHEMA}, pg_catalog"))
    connection.execute(text("SET lock_timeout = '5s'"))
    connection.execute(text("SET statement_timeout = '15min'"))
    connection.execute(text(f"SET ROLE {TABLE_OWNER}"))
    connection.commit()


def _script(folder: Path | None = None) -> "ScriptDirectory":
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config(folder))


def _config(folder: Path | None = None, connection: Connection | None = None) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder or migrations_folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
