"""Acting for the owner of the data folder, who is the server's administrator on one computer.

A connection opened as the administrator becomes the owner's login by SET SESSION AUTHORIZATION: triggers, policies and
the audit then see that login, exactly as if the owner had signed in. No password is kept for it anywhere.
"""

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import QueuePool

from clinicdesk.storage.engine import CONNECTION_PROFILE, login_of

# What `give_login` sets on a person's role; changing the session's authorisation does not bring it along.
_ROLE_SETTINGS = {
    "jit": "off",
    "lock_timeout": "3s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "10s",
    "search_path": "",
}


def first_owner(admin: Mapping[str, str], database: str) -> str:
    """The login name of the organisation's longest-serving active owner; empty when there is none."""
    with psycopg.connect(**dict[str, Any]({**admin, "dbname": database}), autocommit=True) as connection:
        row = connection.execute(
            "SELECT login FROM clinicdesk.person WHERE role = 'owner' AND active ORDER BY id LIMIT 1"
        ).fetchone()
    return str(row[0]) if row else ""


def engine_of_owner(admin: Mapping[str, str], database: str, login: str, desk: str) -> Engine:
    """Connections that are `login`'s in everything the database checks or records."""
    arguments: dict[str, Any] = {**CONNECTION_PROFILE, **admin, "dbname": database, "application_name": desk[:63]}
    become = sql.SQL("SET SESSION AUTHORIZATION {}").format(sql.Identifier(login_of(database, login)))

    def connect() -> psycopg.Connection[Any]:
        connection = psycopg.connect(**arguments, autocommit=True)
        for setting, value in _ROLE_SETTINGS.items():
            connection.execute("SELECT set_config(%s, %s, false)", [setting, value])
        connection.execute(become)
        connection.autocommit = False
        return connection

    return create_engine("postgresql+psycopg://", creator=connect, poolclass=QueuePool, hide_parameters=True)


def become(connection: Connection, database: str, login: str) -> None:
    """Be a person for the rest of an administrator's transaction, in everything the database checks or records."""
    quoted = connection.dialect.identifier_preparer.quote_identifier(login_of(database, login))
    connection.exec_driver_sql(f"SET LOCAL SESSION AUTHORIZATION {quoted}")
