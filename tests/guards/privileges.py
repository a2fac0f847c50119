"""What each group may do with each table, and everybody with the database."""

from collections.abc import Iterator

from tests.guards.guard import Guard
from tests.guards.suites import ATTACKS, CATALOGUE, MATRIX_TEST
from tests.office import GROUP_OF
from tests.storage.matrix import MATRIX, ROLES


def guards() -> Iterator[Guard]:
    """All of them."""
    for table, cell in MATRIX.items():
        for role, login in ROLES.items():
            group = GROUP_OF.get(login, "cd_sync")
            test = f"{MATRIX_TEST}::test_a_role_may_do_what_is_written_and_no_more[{table}-{role}]"
            remove = "TRUNCATE" if role in cell.remove else "DELETE"
            yield Guard(f"{group} may not {remove} {table}", f"GRANT {remove} ON clinicdesk.{table} TO {group}", test)
            for verb, columns in (("INSERT", cell.add), ("UPDATE", cell.change)):
                if not any(role in roles and names == "*" for roles, names in columns.items()):
                    grant = f"GRANT {verb} ON clinicdesk.{table} TO {group}"
                    yield Guard(f"{group} may {verb} no other column of {table}", grant, test)
    everybody = "DO $$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO PUBLIC', current_database()); END $$"
    yield Guard("CONNECT is not everybody's", everybody, f"{CATALOGUE}::test_the_database_is_entered_by_grant_alone")
    public = "GRANT USAGE ON SCHEMA public TO PUBLIC"
    yield Guard("schema public is closed", public, f"{CATALOGUE}::test_public_is_empty_and_closed")
    temporary = "DO $$ BEGIN EXECUTE format('GRANT TEMP ON DATABASE %I TO PUBLIC', current_database()); END $$"
    table = "CREATE TEMPORARY TABLE person (id uuid, login text, active boolean)"
    yield Guard("no temporary tables", temporary, f"{ATTACKS}::test_reception_is_refused[{table}]")
    for function, call in (("lo_create(oid)", "lo_create(0)"), ("lo_open(oid, int)", "lo_open(1, 131072)")):
        grant = f"GRANT EXECUTE ON FUNCTION pg_catalog.{function} TO PUBLIC"
        yield Guard(f"{function} is nobody's", grant, f"{ATTACKS}::test_reception_is_refused[SELECT {call}]")
