"""Runs the revisions over a connection that `clinicdesk.storage.migrate` made; there is no offline mode."""

from alembic import context

from clinicdesk.storage.base import SCHEMA
from clinicdesk.storage.tables import organisation

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=organisation.metadata,
    version_table_schema=SCHEMA,
    include_schemas=True,
    include_name=lambda name, kind, _parents: kind != "schema" or name == SCHEMA,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
