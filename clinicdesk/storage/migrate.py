"""Schema revisions: which one the database has, which one this program needs, and the way from one to the other."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from clinicdesk.errors import SchemaNewer, SchemaOlder
from clinicdesk.storage.base import SCHEMA
from clinicdesk.storage.roles import TABLE_OWNER

# Alembic takes as long to import as SQLAlchemy itself, and a sign-in only asks for a number.
if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

REVISION = "20261122_0900"  # the newest one in migrations/versions, which a test compares
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
_LOCK = 0x73636865  # one number for every program that changes a schema


def migrations_folder() -> Path:
    """Where the revisions are, in a checkout or in an installed wheel."""
    installed = Path(__file__).parent.parent / "_migrations"
    return installed if installed.is_dir() else Path(__file__).parent.parent.parent / "migrations"


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


def current_revision(connection: psycopg.Connection[Any]) -> str:
    """The revision the database has; empty for one without tables. Any login may ask."""
    row = connection.execute(
        "SELECT has_table_privilege(to_regclass('clinicdesk.alembic_version'), 'SELECT')"
    ).fetchone()
    if not (row and row[0]):
        return ""
    found = connection.execute("SELECT version_num FROM clinicdesk.alembic_version").fetchone()
    return str(found[0]) if found else ""


def check_revision(found: str) -> None:
    """Refuse a database that is not of this program's revision: SchemaOlder or SchemaNewer."""
    expected = expected_revision()
    if found == expected:
        return
    known = {revision.revision for revision in _script().walk_revisions()}
    raise (SchemaOlder if found in known or not found else SchemaNewer)(found=found, expected=expected)


def upgrade(conninfo: Mapping[str, str], revision: str = "head") -> None:
    """Bring the database to `revision`; nothing is changed when a step fails. `conninfo` is an administrator's."""
    from alembic import command

    with _migration(conninfo) as config:
        command.upgrade(config, revision)


def downgrade(conninfo: Mapping[str, str], revision: str) -> None:
    """Take the database back to `revision`, or to nothing by `base`. `conninfo` is an administrator's."""
    from alembic import command

    with _migration(conninfo) as config:
        command.downgrade(config, revision)


@contextmanager
def migration_connection(conninfo: Mapping[str, str]) -> Iterator[Connection]:
    """A connection that acts as the tables' owner, one at a time for each database, with limits on waiting."""
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(**dict[str, Any](conninfo)),
        poolclass=NullPool,
        hide_parameters=True,
    )
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
        try:
            _prepare(connection)
            yield connection
        finally:
            connection.rollback()
            connection.execute(text("RESET ROLE"))
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})
            connection.commit()
    engine.dispose()


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


@contextmanager
def _migration(conninfo: Mapping[str, str]) -> "Iterator[Config]":
    with migration_connection(conninfo) as connection:
        config = _config()
        config.attributes["connection"] = connection
        yield config


def _script() -> "ScriptDirectory":
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config())


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.set_main_option("path_separator", "os")
    return config
