"""What a person can do with views of the agenda: keep up to eight of them, in each clinic, at whichever desk they sit.

They are the person's own and nobody else's, so the last word counts: nothing here asks for a version that was seen, and
writing the same view twice is writing it once.
"""

from dataclasses import replace
from uuid import UUID

from clinicdesk.domain.saved_views import MOST_VIEWS, SavedView, clean_view_name
from clinicdesk.errors import InvalidField
from clinicdesk.storage import saved_views as rows
from clinicdesk.usecases.clinic import Clinic


def views(clinic: Clinic) -> tuple[SavedView, ...]:
    """One's views, by their keys."""
    with clinic.transaction() as tx:
        return rows.views(tx, clinic.id)


def keep(clinic: Clinic, view: SavedView) -> tuple[SavedView, ...]:
    """Keep a view under its key, in place of what was there; all of them then. Raises InvalidField."""
    if not 1 <= view.position <= MOST_VIEWS:
        raise InvalidField("position", "not_a_choice")
    view = replace(view, name=clean_view_name(view.name))
    with clinic.transaction() as tx:
        rows.keep(tx, clinic.id, clinic.person.id, view)
        return rows.views(tx, clinic.id)


def drop(clinic: Clinic, view_id: UUID) -> tuple[SavedView, ...]:
    """Take one away, which need not be there; what is left."""
    with clinic.transaction() as tx:
        rows.drop(tx, view_id)
        return rows.views(tx, clinic.id)
