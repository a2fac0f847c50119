"""Roles × tables × verbs × columns, each tried in plain SQL by a login of that role."""

from typing import Any

import psycopg
import pytest
from psycopg import errors

from clinicdesk.storage.tables import metadata
from tests.office import Office
from tests.storage.matrix import MATRIX, ROLES, Cell, columns

EVERY = {table.name: {column.name for column in table.columns} for table in metadata.tables.values()}
EVERY["alembic_version"] = {"version_num"}


def _may(connection: psycopg.Connection[Any], statement: str) -> bool:
    """Whether the privilege is there; what else is wrong with the statement does not matter."""
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(statement.encode())
    except errors.InsufficientPrivilege as error:
        # Row security answers with the same code, but only to those who hold the privilege.
        return "row-level security" in str(error)
    except psycopg.Error:
        return True
    return True


def _found(connection: psycopg.Connection[Any], table: str) -> dict[str, object]:
    name = f"clinicdesk.{table}"
    every = sorted(EVERY[table])
    return {
        "read": {each for each in every if _may(connection, f"SELECT {each} FROM {name} LIMIT 0")},
        "add": {each for each in every if _may(connection, f"INSERT INTO {name} ({each}) VALUES (DEFAULT)")},
        "change": {each for each in every if _may(connection, f"UPDATE {name} SET {each} = DEFAULT WHERE false")},
        "remove": _may(connection, f"DELETE FROM {name} WHERE false"),
        "truncate": _may(connection, f"TRUNCATE {name}"),
        "alter": _may(connection, f"ALTER TABLE {name} ADD COLUMN extra text"),
        "trigger": _may(
            connection,
            f"CREATE TRIGGER mine AFTER INSERT ON {name} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        ),
        "drop": _may(connection, f"DROP TABLE {name}"),
        "close": _may(connection, f"ALTER TABLE {name} DISABLE ROW LEVEL SECURITY"),
    }


def _expected(cell: Cell, role: str, every: set[str]) -> dict[str, object]:
    return {
        "read": columns(cell.read, role, every),
        "add": columns(cell.add, role, every),
        "change": columns(cell.change, role, every),
        "remove": role in cell.remove,
        **dict.fromkeys(("truncate", "alter", "trigger", "drop", "close"), False),
    }


def test_the_matrix_names_every_table() -> None:
    assert set(MATRIX) == set(EVERY)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("table", MATRIX)
def test_a_role_may_do_what_is_written_and_no_more(table: str, role: str, rolled_back: Office) -> None:
    connection = rolled_back.connect(ROLES[role])
    assert _found(connection, table) == _expected(MATRIX[table], role, EVERY[table])
