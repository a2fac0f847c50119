"""What a page of the settings asks of the clinic; each door is called on a lane, never where the person waits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from clinicdesk.domain.audit import Alteration
from clinicdesk.domain.effects import Effect
from clinicdesk.domain.preferences import Kept, PutInOrder, SaveForm
from clinicdesk.usecases import audit, effects, preferences
from clinicdesk.usecases.clinic import Clinic


@dataclass(frozen=True)
class Doors:
    """How the forms of one kind are read and kept; a kind that nobody orders or takes away has no door for it."""

    read: Callable[[], Sequence[Kept[Any]]]
    one: Callable[[UUID], Kept[Any]]
    save: Callable[[SaveForm[Any]], Kept[Any]]
    history: Callable[[UUID], Sequence[Alteration]]
    effects: Callable[[Kept[Any], Any], Sequence[Effect]] = lambda _before, _after: ()
    remove: Callable[[UUID, int, UUID], None] | None = None  # id, seen version, operation
    order: Callable[[PutInOrder], None] | None = None


def doors(clinic: Clinic, kind: type[Any]) -> Doors:
    """The doors of a kind of form that is rows of one table."""
    return Doors(
        read=lambda: preferences.kept(clinic, kind),
        one=lambda row_id: preferences.one(clinic, kind, row_id),
        save=lambda command: preferences.save(clinic, command),
        remove=lambda row_id, version, operation: preferences.remove(clinic, kind, row_id, version, operation),
        order=lambda command: preferences.put_in_order(clinic, command),
        effects=lambda before, after: effects.effects(clinic, before, after),
        history=lambda row_id: audit.history(clinic, kind, row_id),
    )
