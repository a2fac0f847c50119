"""What the forms of the settings choose from: the clinic's people, rooms, machines, headings, and its other units."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from clinicdesk.domain.custom_fields import CustomField, Entity
from clinicdesk.domain.preferences import (
    CONSULTATION,
    CategoryForm,
    ClinicForm,
    EquipmentForm,
    Kept,
    ProfessionalForm,
    RoomForm,
)
from clinicdesk.usecases import custom_fields, preferences
from clinicdesk.usecases.clinic import Clinic

TABLES = frozenset({"professional", "professional_clinic", "room", "equipment", "service_category", "clinic"})


@dataclass(frozen=True)
class World:
    """Everything that may be chosen, in the clinic's order."""

    clinic_id: UUID
    units: tuple[tuple[UUID, str], ...]
    professionals: tuple[Kept[ProfessionalForm], ...] = ()
    rooms: tuple[Kept[RoomForm], ...] = ()
    equipment: tuple[Kept[EquipmentForm], ...] = ()
    categories: tuple[Kept[CategoryForm], ...] = ()
    fields: tuple[CustomField, ...] = ()  # of services
    template: str = CONSULTATION

    @property
    def here(self) -> tuple[Kept[ProfessionalForm], ...]:
        """The professionals who work in this clinic."""
        return tuple(one for one in self.professionals if self.clinic_id in one.form.clinic_ids)


def read_world(clinic: Clinic) -> World:
    """The world of a clinic as it is now; called on a lane."""
    return World(
        clinic.id,
        tuple(preferences.units(clinic)),
        tuple(preferences.kept(clinic, ProfessionalForm)),
        tuple(preferences.kept(clinic, RoomForm)),
        tuple(preferences.kept(clinic, EquipmentForm)),
        tuple(preferences.kept(clinic, CategoryForm)),
        tuple(custom_fields.fields(clinic, Entity.SERVICE)),
        preferences.one(clinic, ClinicForm, clinic.id).form.business_template,
    )


def options(things: Sequence[Kept[Any]]) -> list[tuple[UUID, str]]:
    """Things to choose from: those in use."""
    return [(one.id, one.form.name) for one in things if getattr(one.form, "active", True)]
