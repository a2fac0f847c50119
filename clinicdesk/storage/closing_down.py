"""The clinic of this computer when it moves elsewhere: what it holds, closed for people and writing, opened again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from clinicdesk.storage.engine import CONNECTION_PROFILE

MOVER = "move"  # how the connections of a move call themselves


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is in a database, and how many programs beside this one are connected to it."""

    people: int
    patients: int
    visits: int
    bytes_used: int
    at_work: int


_COUNT = """
    SELECT (SELECT count(*) FROM clinicdesk.person WHERE active), (SELECT count(*) FROM clinicdesk.patient),
           (SELECT count(*) FROM clinicdesk.appointment), pg_database_size(current_database()),
           (SELECT count(DISTINCT (usename, application_name)) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
               AND application_name NOT LIKE '% listens' AND NOT usename LIKE '%admin')
"""


def count(admin: Mapping[str, str], database: str) -> Holdings:
    """What there is. `admin` reaches the server as its administrator."""
    with _connected({**admin, "dbname": database}) as connection:
        row = connection.execute(_COUNT).fetchone()
        assert row is not None
        return Holdings(*row)


def close(admin: Mapping[str, str], database: str) -> None:
    """Let nobody in but the administrator, nobody write by a new connection, and end those that are open."""
    with _connected(admin) as connection:
        for words in (
            "ALTER DATABASE {} CONNECTION LIMIT 0",
            "ALTER DATABASE {} SET default_transaction_read_only = on",
        ):
            connection.execute(sql.SQL(words).format(sql.Identifier(database)))
        # Whoever came back after the first time would write as soon as the locks of the move are let go.
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND application_name <> %s AND backend_type = 'client backend'",
            [database, MOVER],
        )


def open_again(admin: Mapping[str, str], database: str) -> None:
    """As before `close`."""
    with _connected(admin) as connection:
        for words in ("ALTER DATABASE {} CONNECTION LIMIT -1", "ALTER DATABASE {} RESET default_transaction_read_only"):
            connection.execute(sql.SQL(words).format(sql.Identifier(database)))


def _connected(conninfo: Mapping[str, str]) -> psycopg.Connection[Any]:
    arguments: dict[str, Any] = {**CONNECTION_PROFILE, **conninfo}
    return psycopg.connect(**arguments, autocommit=True)
