"""The way up, down and up again; what the code thinks the tables are; and a backfill under forced row security."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from clinicdesk import __version__
from clinicdesk.errors import SchemaNewer, SchemaOlder
from clinicdesk.storage import setup
from clinicdesk.storage.base import SCHEMA
from clinicdesk.storage.cluster import Cluster
from clinicdesk.storage.engine import check_server
from clinicdesk.storage.migrate import (
    current_revision,
    downgrade,
    expected_revision,
    migration_connection,
    migrations_folder,
    upgrade,
)
from clinicdesk.storage.releases import known_revisions
from clinicdesk.storage.tables import metadata
from tests.office import Office, value
from tests.storage.rows import fill


@pytest.fixture
def empty(cluster: Cluster) -> Iterator[dict[str, str]]:
    """An administrator's way to an empty database of this program's revision."""
    name = f"empty{uuid4().hex[:12]}"
    setup.make_database(cluster.admin_conninfo(), name)
    yield cluster.admin_conninfo(name)
    setup.remove_database(cluster.admin_conninfo(), name)


_OBJECTS = """
    SELECT 'table ' || relname || ' ' || coalesce(relacl::text, '') FROM pg_class
     WHERE relnamespace = 'clinicdesk'::regnamespace AND relkind IN ('r', 'v', 'i', 'S')
    UNION ALL SELECT 'function ' || oid::regprocedure || md5(prosrc) || coalesce(proacl::text, '') || proowner::regrole
      FROM pg_proc WHERE pronamespace = 'clinicdesk'::regnamespace
    UNION ALL SELECT 'constraint ' || conname || pg_get_constraintdef(oid) FROM pg_constraint
     WHERE connamespace = 'clinicdesk'::regnamespace
    UNION ALL SELECT 'policy ' || tablename || policyname || coalesce(qual, '') || coalesce(with_check, '')
      FROM pg_policies WHERE schemaname = 'clinicdesk'
    UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
    ORDER BY 1
"""


def _objects(conninfo: dict[str, str]) -> list[str]:
    with psycopg.connect(**conninfo) as connection:  # type: ignore[arg-type]
        return [row[0] for row in connection.execute(_OBJECTS)]


def test_up_down_and_up_again_is_the_same(empty: dict[str, str]) -> None:
    before = _objects(empty)
    downgrade(empty, "base")
    left = [one for one in _objects(empty) if not one.startswith(("function clinicdesk.", "table alembic_version"))]
    assert [one for one in left if "alembic_version" not in one] == []
    upgrade(empty)
    assert _objects(empty) == before


def test_the_code_and_the_tables_agree(rolled_back: Office) -> None:
    with migration_connection(rolled_back.cluster.admin_conninfo(rolled_back.database)) as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "compare_server_default": True,
                "include_schemas": True,
                "version_table_schema": SCHEMA,
                "include_name": lambda name, kind, _parents: kind != "schema" or name == SCHEMA,
            },
        )
        assert compare_metadata(context, metadata) == []


def test_the_program_knows_the_newest_revision() -> None:
    script = ScriptDirectory(str(migrations_folder()))
    assert script.get_heads() == [expected_revision()]
    assert {one.revision for one in script.walk_revisions()} == known_revisions()


def test_every_revision_says_whom_it_still_serves() -> None:
    script = ScriptDirectory(str(migrations_folder()))
    chain = [one.revision for one in script.walk_revisions()]
    for one in script.walk_revisions():
        assert one.module.oldest_desk in chain[chain.index(one.revision) :]
        assert _number(one.module.release) <= _number(__version__)


def _number(release: str) -> list[int]:
    return [int(part) for part in release.split(".")]


def test_a_backfill_reaches_every_row(office: Office) -> None:
    admin = office.admin()
    fill(office, admin)
    with migration_connection(office.cluster.admin_conninfo(office.database)) as connection:
        for table in metadata.tables.values():
            present = value(admin, f"SELECT count(*) FROM {table}")
            column = table.primary_key.columns.values()[-1].name
            touched = connection.execute(text(f"SELECT {column} FROM {table} FOR UPDATE")).rowcount
            assert (table.name, touched) == (table.name, present)
            assert present
        assert connection.execute(text("UPDATE patient SET note = 'x'")).rowcount == 3
        connection.rollback()


def test_a_database_of_another_revision_is_refused(office: Office) -> None:
    admin = office.admin()
    assert current_revision(admin) == expected_revision()
    check_server(office.conninfo("renata"))
    admin.execute("UPDATE clinicdesk.alembic_version SET version_num = '29991231_0000'")
    with pytest.raises(SchemaNewer) as newer:
        check_server(office.conninfo("renata"))
    assert newer.value.found == "29991231_0000"
    admin.execute("DELETE FROM clinicdesk.alembic_version")
    with pytest.raises(SchemaOlder):
        check_server(office.conninfo("renata"))
