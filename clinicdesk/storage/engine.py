"""Engines and transactions: how a signed-in person, and nobody else, reaches the database."""

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import errors as pg_errors
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from clinicdesk.errors import (
    AccountLocked,
    ClinicError,
    ClinicUnreachable,
    InvalidField,
    ServerBusy,
    ServerUnsafe,
    SignInRefused,
)
from clinicdesk.storage.conflicts import as_clinic_error
from clinicdesk.storage.releases import check_schema
from clinicdesk.storage.server_link import link_refusal

Transaction = Connection  # what a use case passes on and never looks into

__all__ = [
    "Engine",
    "Transaction",
    "accepts",
    "check_schema_in",
    "check_server",
    "forget_idle",
    "login_of",
    "make_engine",
    "open_engine",
    "server_now",
    "transaction",
    "use_password",
]

# A pulled cable is noticed in about six seconds instead of minutes; what was typed is still on the form then.
CONNECTION_PROFILE = {
    "connect_timeout": "3",
    "tcp_user_timeout": "6000",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "2",
}

# Settings under which a server may lose what it acknowledged.
SAFE_SETTINGS = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "data_checksums": "on"}

_NOW = text("SELECT clock_timestamp()")
_GONE = (pg_errors.UndefinedTable, pg_errors.UndefinedColumn, pg_errors.UndefinedFunction)


def login_of(database: str, login: str) -> str:
    """The database login of a person; it carries the database's name, because logins are cluster-wide."""
    return f"{database}_{login}"


class _Pool(QueuePool):
    """Connections of one epoch; those of an older one are closed when they are next asked for."""

    epoch = 0
    password: str | None = None  # in place of the one the engine was made with, when the person changed it
    closed = False

    def dispose(self) -> None:
        # For good: what is in hand is closed when it is given back, and whoever asks later gets ClinicUnreachable.
        self.closed = True
        super().dispose()

    def recreate(self) -> "_Pool":
        made = super().recreate()
        assert isinstance(made, _Pool)
        made.closed = self.closed
        return made


def make_engine(
    conninfo: Mapping[str, str], desk: str = "desk", before_work: Callable[[], None] | None = None
) -> Engine:
    """A pool of connections for one person at one desk. `before_work` is called before each use of it (a test hook)."""
    arguments: dict[str, Any] = {**CONNECTION_PROFILE, **conninfo, "application_name": desk[:63]}

    def connect() -> psycopg.Connection[Any]:
        if before_work:
            before_work()
        if _pool(engine).closed:
            raise ClinicUnreachable
        if (changed := _pool(engine).password) is not None:
            arguments["password"] = changed
        try:
            return psycopg.connect(**arguments, prepare_threshold=2)
        except psycopg.OperationalError as error:
            refusal = link_refusal(error, arguments)
            if refusal is None:
                raise
            raise refusal from error

    engine = create_engine(
        "postgresql+psycopg://",
        creator=connect,
        poolclass=_Pool,
        pool_size=4,
        max_overflow=2,
        pool_timeout=8,
        hide_parameters=True,
        # The server's clock and the names of its types are the same for every connection: asked once, not per checkout.
        pool_pre_ping=False,
    )

    @event.listens_for(engine, "connect")
    def stamp(_connection: object, entry: ConnectionPoolEntry) -> None:
        entry.info["epoch"] = _pool(engine).epoch

    @event.listens_for(engine, "checkout")
    def check(_connection: object, entry: ConnectionPoolEntry, _proxy: object) -> None:
        if entry.info["epoch"] != _pool(engine).epoch:
            raise DisconnectionError

    @event.listens_for(engine, "checkin")
    def given_back(_connection: object, entry: ConnectionPoolEntry) -> None:
        if _pool(engine).closed:
            entry.invalidate()

    return engine


def forget_idle(engine: Engine) -> None:
    """Give out none of the connections made until now again, because what lay idle died with the server.

    `dispose` would leave what another thread has in hand to a pool that nobody closes.
    """
    _pool(engine).epoch += 1


def use_password(engine: Engine, password: str) -> None:
    """Open the next connections with another password; those that are open stay."""
    _pool(engine).password = password


def accepts(conninfo: Mapping[str, str]) -> bool:
    """Whether the server lets in who comes like this. Raises AccountLocked or ClinicUnreachable."""
    arguments: dict[str, Any] = {**CONNECTION_PROFILE, **conninfo}
    try:
        psycopg.connect(**arguments).close()
    except psycopg.OperationalError as error:
        fact = _refused_or_unreachable(error, arguments)
        if isinstance(fact, SignInRefused):
            return False
        raise fact from error
    return True


def _pool(engine: Engine) -> _Pool:
    assert isinstance(engine.pool, _Pool)
    return engine.pool


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """One transaction: committed at the end, rolled back on any error; database refusals come out as ClinicError."""
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        raise _newer_schema(engine, error.orig) or as_clinic_error(error.orig) from error
    except psycopg.Error as error:
        raise as_clinic_error(error) from error
    except PoolTimeout:
        raise ServerBusy from None
    except UnicodeEncodeError:
        # Half a character. The error itself carries the whole text and is not to reach a log.
        raise InvalidField("note", "control_characters") from None


def _newer_schema(engine: Engine, error: BaseException | None) -> ClinicError | None:
    """What is asked of a table that is not there any more: a newer release took it away from a desk too old for it."""
    if not isinstance(error, _GONE):
        return None
    try:
        with engine.connect() as connection:
            check_schema_in(connection)
    except ClinicError as newer:
        return newer
    return None


def check_schema_in(connection: Connection) -> None:
    """Refuse a database that this desk does not work on. Raises SchemaNewer, SchemaOlder or SchemaBeingUpdated."""
    driver: Any = connection.connection.dbapi_connection
    _check_schema(driver)


def _check_schema(connection: psycopg.Connection[Any]) -> None:
    # Only a clinic's own server speaks TLS, and there somebody else has to bring an older schema up.
    check_schema(connection, on_server=bool(connection.pgconn.ssl_in_use))


def check_server(conninfo: Mapping[str, str]) -> str:
    """Refuse a server that is unsafe or of another schema; its version otherwise.

    Raises SignInRefused, AccountLocked, ClinicUnreachable, ServerUnsafe, SchemaOlder, SchemaBeingUpdated or
    SchemaNewer.
    """
    arguments: dict[str, Any] = {**CONNECTION_PROFILE, **conninfo}
    try:
        with psycopg.connect(**arguments, autocommit=True) as connection:
            return _checked(connection)
    except psycopg.OperationalError as error:
        raise _refused_or_unreachable(error, arguments) from error


def open_engine(conninfo: Mapping[str, str], desk: str) -> tuple[Engine, str]:
    """A person's pool over a server found fit by its first connection, and that server's version.

    Raises what `check_server` does.
    """
    engine = make_engine(conninfo, desk)
    try:
        with contextlib.closing(engine.raw_connection()) as first:
            driver: Any = first.driver_connection
            return engine, _checked(driver)
    except psycopg.OperationalError as error:
        engine.dispose()
        raise _refused_or_unreachable(error, conninfo) from error
    except BaseException:
        engine.dispose()
        raise


def _checked(connection: psycopg.Connection[Any]) -> str:
    _check_schema(connection)
    columns = ", ".join(f"current_setting('{name}')" for name in (*SAFE_SETTINGS, "server_version"))
    row = connection.execute(f"SELECT {columns}".encode()).fetchone()
    assert row is not None
    *found, version = row
    for (setting, wanted), value in zip(SAFE_SETTINGS.items(), found, strict=True):
        if value != wanted:
            raise ServerUnsafe(setting, str(value))
    return str(version)


def _refused_or_unreachable(error: psycopg.OperationalError, conninfo: Mapping[str, Any]) -> Exception:
    """A failed start-up has no SQLSTATE, so its words decide; an unknown person reads like a wrong password in them."""
    words = str(error)
    if "password authentication failed" in words or "no password supplied" in words:
        return SignInRefused()
    if "is not permitted to log in" in words:
        return AccountLocked()
    return link_refusal(error, conninfo) or as_clinic_error(error)


def server_now(connection: Connection) -> dt.datetime:
    """The server's clock, in UTC: the only one that dates data."""
    moment: dt.datetime = connection.execute(_NOW).scalar_one()
    return moment.astimezone(dt.UTC)
