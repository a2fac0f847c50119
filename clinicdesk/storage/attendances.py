"""The table of another system, read and never written; and up to where it was read."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnClause, Connection, Engine, column, create_engine, inspect, select, table, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, NoSuchTableError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from clinicdesk.domain.attendances import Source, marked_value
from clinicdesk.errors import SourceWrong

# A row may have been stamped a while before it could be seen: what was read last is read again.
_OVERLAP = dt.timedelta(minutes=10)
_REFUSED = ("28P01", "28000")

_WATERMARK = text("SELECT watermark FROM clinicdesk.import_source WHERE clinic_id = :clinic AND name = :name")
_KEEP = text(
    """
    INSERT INTO clinicdesk.import_source (id, clinic_id, name, watermark) VALUES (:id, :clinic, :name, :watermark)
    ON CONFLICT (clinic_id, name) DO UPDATE SET watermark = EXCLUDED.watermark, last_run_at = clock_timestamp()
    """
)
_LAST_TOLD = text(
    """
    SELECT DISTINCT ON (l.row_id) l.row_id, l.before
      FROM clinicdesk.import_line l JOIN clinicdesk.import_batch b ON b.id = l.import_id
     WHERE l.row_id = ANY (:ids) AND l.before IS NOT NULL
     ORDER BY l.row_id, b.created_at DESC, l.line DESC
    """
)


def rows_of(source: Source, password: str, since: str, limit: int) -> list[dict[str, Any]]:
    """Rows of the source by our names for their columns, those that changed `since` a mark, the oldest change first.

    Raises SourceWrong.
    """
    engine = _engine(source, password)
    try:
        with engine.connect() as connection:
            _check(connection, source)
            statement = _statement(source, since, limit)
            return [dict(row) for row in connection.execute(statement).mappings()]
    except DBAPIError as error:
        raise SourceWrong(_why(error), str(error.orig or "").strip().split("\n")[0][:200]) from None
    finally:
        engine.dispose()


def _engine(source: Source, password: str) -> Engine:
    try:
        url = make_url(source.address)
        if password:
            url = url.set(password=password)
        arguments: dict[str, Any] = {}
        if url.get_backend_name() == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
            arguments = {
                "connect_timeout": 5,
                "options": "-c default_transaction_read_only=on -c statement_timeout=60000",
            }
        elif url.get_backend_name() == "sqlite" and url.database:
            # A file that is not there would be made.
            url = url.set(database=f"file:{url.database}", query={"mode": "ro", "uri": "true"})
        engine = create_engine(url, poolclass=NullPool, connect_args=arguments, hide_parameters=True)
    except (ArgumentError, ValueError):
        raise SourceWrong("not_an_address", source.name) from None
    except (NoSuchModuleError, ImportError):
        raise SourceWrong("no_driver", _backend(source)) from None
    return engine


def _backend(source: Source) -> str:
    return source.address.partition(":")[0]


def _check(connection: Connection, source: Source) -> None:
    """Refuse a table or a column that is not there, by its name."""
    try:
        there = {one["name"] for one in inspect(connection).get_columns(source.table, schema=source.schema or None)}
    except NoSuchTableError:
        raise SourceWrong("no_table", source.table) from None
    except SQLAlchemyError as error:
        if isinstance(error, DBAPIError):
            raise
        raise SourceWrong("no_table", source.table) from None
    for theirs in source.columns.values():
        if theirs not in there:
            raise SourceWrong("no_column", theirs)


def _statement(source: Source, since: str, limit: int) -> Any:
    ours: dict[str, ColumnClause[Any]] = {name: column(theirs) for name, theirs in source.columns.items()}
    place = table(source.table, *ours.values(), schema=source.schema or None)
    query = select(*(each.label(name) for name, each in ours.items())).select_from(place).limit(limit)
    changed, mark = ours.get("updated_at"), marked_value(since)
    if changed is None:
        return query.order_by(ours["uid"])
    if mark is not None:
        query = query.where(changed >= (mark - _OVERLAP if isinstance(mark, dt.datetime) else mark))
    return query.order_by(changed, ours["uid"])


def _why(error: DBAPIError) -> str:
    if getattr(error.orig, "sqlstate", None) in _REFUSED or "password authentication" in str(error.orig):
        return "refused"
    return "unreachable" if error.connection_invalidated or type(error).__name__ == "OperationalError" else "unreadable"


def address_shown(source: Source) -> str:
    """Where the source is, for a report; never with a password."""
    url: URL = make_url(source.address)
    return url.render_as_string(hide_password=True)


# --- what was read ---------------------------------------------------------------------------------------------------


def watermark(connection: Connection, clinic_id: UUID, name: str) -> str:
    """Up to where a source was read; empty for one that never was."""
    found: str | None = connection.execute(_WATERMARK, {"clinic": clinic_id, "name": name}).scalar_one_or_none()
    return found or ""


def keep_watermark(connection: Connection, row_id: UUID, clinic_id: UUID, name: str, mark: str) -> None:
    """Go on from here the next time."""
    connection.execute(_KEEP, {"id": row_id, "clinic": clinic_id, "name": name, "watermark": mark})


def last_told(connection: Connection, appointment_ids: Sequence[UUID]) -> dict[UUID, Mapping[str, str]]:
    """What the other system said of these visits when they were last imported."""
    return {row[0]: row[1] for row in connection.execute(_LAST_TOLD, {"ids": list(appointment_ids)})}
