"""Views of the agenda that a person kept, as rows; who asks sees their own."""

from uuid import UUID

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert

from clinicdesk.domain.saved_views import SavedView, ViewSettings
from clinicdesk.storage import tables as t

_VIEW = t.saved_view


def views(connection: Connection, clinic_id: UUID) -> tuple[SavedView, ...]:
    """This person's views of a clinic, by their keys."""
    query = select(_VIEW.c.id, _VIEW.c.position, _VIEW.c.name, _VIEW.c.settings)
    rows = connection.execute(query.where(_VIEW.c.clinic_id == clinic_id).order_by(_VIEW.c.position)).all()
    return tuple(SavedView(row[0], row[1], row[2], ViewSettings.from_json(row[3])) for row in rows)


def keep(connection: Connection, clinic_id: UUID, person_id: UUID, view: SavedView) -> None:
    """Write a view under its key; what was there gives way."""
    there = (_VIEW.c.clinic_id == clinic_id) & (_VIEW.c.position == view.position)
    connection.execute(delete(_VIEW).where(there & (_VIEW.c.id != view.id)))
    values = {"position": view.position, "name": view.name, "settings": view.settings.as_json()}
    written = insert(_VIEW).values(id=view.id, clinic_id=clinic_id, person_id=person_id, **values)
    connection.execute(written.on_conflict_do_update(index_elements=[_VIEW.c.id], set_=values))


def drop(connection: Connection, view_id: UUID) -> None:
    """Take a view away."""
    connection.execute(delete(_VIEW).where(_VIEW.c.id == view_id))
