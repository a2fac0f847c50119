"""Whether this program and a database work together. A newer database says so itself: nobody else could know."""

from pathlib import Path
from typing import Any

import psycopg

from clinicdesk.errors import SchemaBeingUpdated, SchemaNewer, SchemaOlder

REVISION = "20261122_0900"  # the newest one in migrations/versions, which a test compares
LOCK = 0x73636865  # one number for every program that changes a schema

_SERVED = """
    SELECT newest.release, oldest.release, coalesce(mine.position >= oldest.position, false)
      FROM clinicdesk.schema_release newest
      JOIN clinicdesk.schema_release oldest ON oldest.revision = newest.oldest_desk
      LEFT JOIN clinicdesk.schema_release mine ON mine.revision = %s
     WHERE newest.revision = %s
"""
_LOCKED = """
    SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_locks
                    WHERE locktype = 'advisory' AND granted AND mode = 'ExclusiveLock' AND classid = 0 AND objid = %s
                      AND database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
"""


def migrations_folder() -> Path:
    """Where the revisions are, in a checkout or in an installed wheel."""
    installed = Path(__file__).parent.parent / "_migrations"
    return installed if installed.is_dir() else Path(__file__).parent.parent.parent / "migrations"


def known_revisions(folder: Path | None = None) -> set[str]:
    """Every revision there is a way from: the files begin with it, and Alembic takes long to import."""
    named = (folder or migrations_folder()) / "versions"
    return {"_".join(path.stem.split("_")[:2]) for path in named.glob("*_*_*.py")}


def current_revision(connection: psycopg.Connection[Any]) -> str:
    """The revision the database has; empty for one without tables. Any login may ask."""
    if not _readable(connection, "alembic_version"):
        return ""
    found = connection.execute("SELECT version_num FROM clinicdesk.alembic_version").fetchone()
    return str(found[0]) if found else ""


def being_updated(connection: psycopg.Connection[Any]) -> bool:
    """Whether a program is changing this database's schema at this moment. Any login may ask."""
    row = connection.execute(_LOCKED, [LOCK]).fetchone()
    return bool(row and row[0])


def check_schema(connection: psycopg.Connection[Any], expected: str = REVISION, *, on_server: bool = False) -> str:
    """The database's revision, when desks of the revision `expected` work on it.

    Raises SchemaNewer, SchemaOlder, or SchemaBeingUpdated while somebody brings an older one up; `on_server` says that
    this has to happen on another computer.
    """
    found = current_revision(connection)
    if found == expected:
        return found
    told = None
    if found and _readable(connection, "schema_release"):
        told = connection.execute(_SERVED, [expected, found]).fetchone()
    if told is not None and told[2]:
        return found
    if not found or found in known_revisions():
        raise SchemaBeingUpdated if being_updated(connection) else SchemaOlder(found, expected, on_server)
    release, needed = (str(told[0]), str(told[1])) if told is not None else ("", "")
    raise SchemaNewer(found, expected, release, needed)


def _readable(connection: psycopg.Connection[Any], table: str) -> bool:
    row = connection.execute(
        "SELECT has_table_privilege(to_regclass(%s), 'SELECT')", [f"clinicdesk.{table}"]
    ).fetchone()
    return bool(row and row[0])
