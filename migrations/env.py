"""Runs the revisions over a connection that `clinicdesk.storage.migrate` made; there is no offline mode."""

from typing import Any

from alembic import context
from sqlalchemy import text

from clinicdesk.storage.base import SCHEMA
from clinicdesk.storage.tables import organisation

connection = context.config.attributes["connection"]


def record(ctx: object, step: Any, heads: object, run_args: object) -> None:
    """Write down, in the revision's own transaction, whom it still serves, and tell the desks that are at work."""
    script = step.up_revision
    if step.is_upgrade:
        connection.execute(
            text(
                f"INSERT INTO {SCHEMA}.schema_release (revision, position, release, oldest_desk)"
                f" SELECT :revision, coalesce(max(position), 0) + 1, :release, :oldest FROM {SCHEMA}.schema_release"
            ),
            {"revision": script.revision, "release": script.module.release, "oldest": script.module.oldest_desk},
        )
        told = "json_build_object('kind', 'schema_release', 'id', NULL, 'version', NULL)"
        connection.execute(text(f"SELECT pg_notify('clinicdesk', {told}::text)"))
    elif script.down_revision is not None:
        connection.execute(
            text(f"DELETE FROM {SCHEMA}.schema_release WHERE revision = :revision"), {"revision": script.revision}
        )


context.configure(
    connection=connection,
    target_metadata=organisation.metadata,
    version_table_schema=SCHEMA,
    include_schemas=True,
    include_name=lambda name, kind, _parents: kind != "schema" or name == SCHEMA,
    compare_type=True,
    on_version_apply=record,
)
with context.begin_transaction():
    context.run_migrations()
