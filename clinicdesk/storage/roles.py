"""The roles a cluster needs before the first database: groups that people join, and the owners of tables and logins."""

from typing import Any

import psycopg
from psycopg import sql

# Groups are cluster-wide, so a role says what a person is, and CONNECT says in which database.
GROUPS = ("cd_owner", "cd_manager", "cd_reception", "cd_professional", "cd_sync")
TABLE_OWNER = "cd_schema"
LOGIN_MAKER = "cd_logins"
SESSION_WATCHER = "cd_watch"  # sees who is connected and may end it
ENROLLER = "cd_enrol"  # a desk that has a code and no certificate yet
FOUNDER = "cd_founder"  # the first desk of a server without a clinic, for as long as there is nobody
SERVER_UNIT = "cd_guard"  # the unit beside a clinic's server
_HANDED_OUT = (*GROUPS, ENROLLER, FOUNDER)

# With the underscore and the longest login it fills the 63 bytes of a role's name, which PostgreSQL cuts in silence.
LONGEST_DATABASE = 31

_LOCK = 0x636C696E  # one number for every program that prepares this cluster


def prepare_cluster(connection: psycopg.Connection[Any]) -> None:
    """Make the roles that are missing. `connection` is an administrator's, to the database `postgres`, in autocommit.

    Two programs may do it at once: an advisory lock, which counts per database, keeps the second waiting.
    """
    connection.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
    try:
        present = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'cd\\_%'")}
        for group in (*_HANDED_OUT, TABLE_OWNER, SESSION_WATCHER, SERVER_UNIT):
            if group not in present:
                connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(group)))
        if LOGIN_MAKER not in present:
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN CREATEROLE").format(sql.Identifier(LOGIN_MAKER)))
        for group in _HANDED_OUT:
            # It may hand the groups out and can never use their rights itself.
            connection.execute(
                sql.SQL("GRANT {} TO {} WITH ADMIN OPTION, INHERIT FALSE, SET FALSE").format(
                    sql.Identifier(group), sql.Identifier(LOGIN_MAKER)
                )
            )
        connection.execute(f"GRANT pg_read_all_stats, pg_signal_backend TO {SESSION_WATCHER}")
        # A founder makes the first clinic, or brings one along whole: without triggers, and as the tables' owner.
        connection.execute(f"GRANT {TABLE_OWNER} TO {FOUNDER} WITH INHERIT FALSE, SET TRUE")
        connection.execute(f"GRANT SET ON PARAMETER session_replication_role TO {FOUNDER}")
    finally:
        connection.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def create_database(connection: psycopg.Connection[Any], name: str, template: str = "template0") -> None:
    """Make a database that nobody may enter but by a grant. `connection` is an administrator's, in autocommit.

    Raises ValueError for a name so long that two people's logins could become one.
    """
    if len(name.encode()) > LONGEST_DATABASE:
        raise ValueError(f"the name of a database has at most {LONGEST_DATABASE} bytes: {name}")
    database, maker = sql.Identifier(name), sql.Identifier(LOGIN_MAKER)
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} ENCODING 'UTF8'").format(
            database, sql.Identifier(TABLE_OWNER), sql.Identifier(template)
        )
    )
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {} WITH GRANT OPTION").format(database, maker))


def database_exists(connection: psycopg.Connection[Any], name: str) -> bool:
    """Whether the cluster has a database of that name."""
    return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def drop_database(connection: psycopg.Connection[Any], name: str) -> None:
    """Remove a database and the logins that belong to it, ending whoever is connected."""
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    # `clinic_demo_ana` is Ana's in `clinic_demo`, not in `clinic`; the administrator's name may begin alike.
    logins = connection.execute(
        "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %(name)s || '_') AND NOT rolsuper AND NOT EXISTS ("
        "SELECT 1 FROM pg_database"
        " WHERE starts_with(datname, %(name)s || '_') AND starts_with(rolname, datname || '_'))",
        {"name": name},
    ).fetchall()
    for (login,) in logins:
        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(login)))
