"""Operations already done: a repeated click, or a COMMIT whose answer was lost, has one effect."""

from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from clinicdesk.storage.tables import operation

_CLAIM = insert(operation).on_conflict_do_nothing(index_elements=["id"]).returning(operation.c.id)


def claim(connection: Connection, operation_id: UUID, kind: str, row_id: UUID) -> UUID | None:
    """Write down that `operation_id` is being done to `row_id`; the row of the first time if it was done before.

    A second claim made meanwhile waits for the first to commit or roll back.
    """
    claimed = connection.execute(_CLAIM, {"id": operation_id, "kind": kind, "row_id": row_id}).scalar_one_or_none()
    if claimed is not None:
        return None
    found: UUID = connection.execute(select(operation.c.row_id).where(operation.c.id == operation_id)).scalar_one()
    return found
