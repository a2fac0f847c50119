"""Operations already done: a repeated click, or a COMMIT whose answer was lost, has one effect."""

from uuid import UUID

from sqlalchemy import Connection, text

from clinicdesk.errors import NotAllowed

_CLAIM = text(
    "INSERT INTO clinicdesk.operation (id, kind, row_id) VALUES (:id, :kind, :row_id)"
    " ON CONFLICT (id) DO NOTHING RETURNING id"
)
_CLAIMED = text("SELECT row_id FROM clinicdesk.operation WHERE id = :id AND kind = :kind")


def claim(connection: Connection, operation_id: UUID, kind: str, row_id: UUID) -> UUID | None:
    """Write down that `operation_id` is being done to `row_id`; the row of the first time if it was done before.

    A second claim made meanwhile waits for the first to commit or roll back. An operation of somebody else, or of
    another kind, is nobody's to repeat: NotAllowed.
    """
    claimed = connection.execute(_CLAIM, {"id": operation_id, "kind": kind, "row_id": row_id}).scalar_one_or_none()
    if claimed is not None:
        return None
    found: UUID | None = connection.execute(_CLAIMED, {"id": operation_id, "kind": kind}).scalar_one_or_none()
    if found is None:
        raise NotAllowed
    return found
