"""The audit as rows: read for one thing of the clinic's settings; nobody but triggers writes it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, text

from clinicdesk.domain.audit import AuditRow
from clinicdesk.storage.tables import SETTINGS

_MOST = 400
_READ = f"""
    SELECT a.at, coalesce(p.name, clinicdesk.login_of(a.login::name), ''), a.desk, a.table_name, a.before, a.after
      FROM clinicdesk.audit a LEFT JOIN clinicdesk.person p ON p.login = clinicdesk.login_of(a.login::name)
     WHERE a.table_name IN ({SETTINGS}) AND ({{wanted}})
     ORDER BY a.id DESC LIMIT :most
"""
_OF_ROW = text(_READ.format(wanted="a.row_id = :row"))
_OF_LIST = text(
    _READ.format(wanted="a.table_name = ANY (:tables) AND coalesce(a.after, a.before) ->> :column = CAST(:row AS text)")
)
_OF_CLINIC = text(
    _READ.format(
        wanted="a.table_name = ANY (:tables) AND a.clinic_id = :clinic"
        " AND (coalesce(a.after, a.before) ->> 'professional_id') IS NOT DISTINCT FROM CAST(:person AS text)"
    )
)


def of_row(connection: Connection, row_id: UUID) -> list[AuditRow]:
    """What was done to a row that has an id of its own, newest first."""
    return [AuditRow(*row) for row in connection.execute(_OF_ROW, {"row": row_id, "most": _MOST})]


def of_list(connection: Connection, tables: Sequence[str], column: str, row_id: UUID) -> list[AuditRow]:
    """What was done to the rows of tables that name another row in `column`."""
    asked = {"tables": list(tables), "column": column, "row": str(row_id), "most": _MOST}
    return [AuditRow(*row) for row in connection.execute(_OF_LIST, asked)]


def of_hours(connection: Connection, clinic_id: UUID, professional_id: UUID | None) -> list[AuditRow]:
    """What was done to the hours and exceptions of a professional, or of the clinic itself."""
    asked = {
        "tables": ["working_hours", "hours_exception"],
        "clinic": clinic_id,
        "person": str(professional_id) if professional_id else None,
        "most": _MOST,
    }
    return [AuditRow(*row) for row in connection.execute(_OF_CLINIC, asked)]
