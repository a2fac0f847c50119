"""The keys of everything the demo clinic is made of, from the seed, and the rows they name."""

import datetime as dt
from dataclasses import dataclass, field
from random import Random

from clinicdesk.domain.clinics import Clinic, Equipment, Professional, Room, Service
from clinicdesk.domain.demo.catalogue import (
    CATEGORIES,
    CLINICS,
    MACHINES,
    Catalogue,
    ProfessionalPlan,
    ServicePlan,
)
from clinicdesk.domain.demo.people import new_key

STATE, ZONE = "SP", "America/Sao_Paulo"
# Who offers what besides the services of their own category.
_ALSO_OFFERED = {"Dermatologia": ("Toxina botulínica", "Laser fracionado", "Peeling químico")}


@dataclass
class Unit:
    """One clinic with its rooms, machines and services by name."""

    clinic: Clinic
    rooms: dict[str, Room] = field(default_factory=dict)
    machines: dict[str, Equipment] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)


@dataclass
class House:
    """The whole organisation: its units, and its professionals in the order of their plans."""

    plan: Catalogue
    units: tuple[Unit, ...]
    professionals: tuple[Professional, ...]


def offers(professional: ProfessionalPlan, service: ServicePlan) -> bool:
    """Whether a professional gives this service."""
    return service.category == professional.category or service.name in _ALSO_OFFERED.get(professional.category, ())


def build_house(random: Random, plan: Catalogue, first: dt.datetime) -> House:
    """Give every name of the plan its key."""
    professionals = tuple(
        Professional(
            new_key(random, first),
            one.name,
            one.council,
            one.number,
            "SP",
            one.specialty,
            one.hue,
            one.minutes,
            one.bio,
        )
        for one in plan.professionals
    )
    return House(
        plan, tuple(_unit(random, plan, position, professionals, first) for position in range(2)), professionals
    )


def _unit(
    random: Random, plan: Catalogue, position: int, professionals: tuple[Professional, ...], first: dt.datetime
) -> Unit:
    written = CLINICS[position]
    clinic = Clinic(
        new_key(random, first),
        written.name,
        written.cnpj,
        ZONE,
        STATE,
        "São Paulo",
        written.address,
        written.phone,
        written.email,
    )
    unit = Unit(
        clinic,
        {name: Room(new_key(random, first), name) for name in plan.rooms},
        {name: Equipment(new_key(random, first), name) for name in MACHINES},
    )
    here = [
        (one, professional.id)
        for one, professional in zip(plan.professionals, professionals, strict=True)
        if any(unit_of == position for unit_of, _days in one.days)
    ]
    categories = {one.name: (new_key(random, first), one) for one in CATEGORIES}
    for service in plan.services:
        key, category = categories[service.category]
        unit.services[service.name] = Service(
            id=new_key(random, first),
            name=service.name,
            category_id=key,
            category_name=category.name,
            category_icon=category.icon,
            category_hue=category.hue,
            duration_minutes=service.minutes,
            buffer_after=service.buffer_after,
            price=service.price,
            professional_ids=tuple(person_id for one, person_id in here if offers(one, service)),
            room_ids=tuple(unit.rooms[room].id for room in service.rooms),
            equipment_ids=(unit.machines[service.machine].id,) if service.machine else (),
        )
    return unit
