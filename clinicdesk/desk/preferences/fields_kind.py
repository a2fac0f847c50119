"""The page of the fields a clinic adds: to its patients and to its services."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from clinicdesk.desk.preferences.bound import AreaBound, ChoiceBound, LineBound, SwitchBound
from clinicdesk.desk.preferences.doors import Doors, doors
from clinicdesk.desk.preferences.editor import Line
from clinicdesk.desk.preferences.kinds import Kind
from clinicdesk.desk.preferences.labels import label
from clinicdesk.desk.preferences.listing import Row
from clinicdesk.desk.preferences.world import World
from clinicdesk.domain.custom_fields import AddCustomField, CustomField, Entity, SaveCustomField
from clinicdesk.domain.custom_fields import Kind as Holds
from clinicdesk.domain.preferences import FieldForm, Kept, PutInOrder, SaveForm
from clinicdesk.usecases import custom_fields
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.words import _, marked

_KINDS = {
    Holds.TEXT: marked("Text"),
    Holds.NUMBER: marked("Number"),
    Holds.DATE: marked("Date"),
    Holds.YES_NO: marked("Yes or no"),
    Holds.CHOICE: marked("One of several"),
}
_ICONS = {
    Holds.TEXT: "text-cursor-input",
    Holds.NUMBER: "percent",
    Holds.DATE: "calendar",
    Holds.YES_NO: "check",
    Holds.CHOICE: "list",
}


@dataclass(frozen=True)
class _Seen:
    """What a field was when it was read: its place is part of what is saved."""

    positions: dict[UUID, int]


def kind_of_fields() -> Kind:
    """Fields of the clinic's own."""
    return Kind(
        FieldForm,
        _lines,
        frozenset({"custom_field"}),
        _rows,
        lambda _world, _kept: FieldForm(),
        _("New field"),
        (_("No fields of your own yet"), _("What else you want to know of a patient, or say of a service.")),
        orderable=True,
    )


def fields_doors(clinic: Clinic) -> Doors:
    """Custom fields have use cases of their own."""
    plain = doors(clinic, FieldForm)
    seen = _Seen({})

    def take(one: CustomField) -> Kept[FieldForm]:
        seen.positions[one.id] = one.position
        form = FieldForm(one.entity, one.name, one.kind, one.choices, one.active)
        return Kept(one.id, one.version, form)

    def read() -> list[Kept[FieldForm]]:
        every = [field for entity in Entity for field in custom_fields.fields(clinic, entity, inactive=True)]
        changed = {one.id: one for one in plain.read()}
        kept = [take(one) for one in every]
        return [
            Kept(one.id, one.version, one.form, changed[one.id].changed_by, changed[one.id].changed_at)
            if one.id in changed
            else one
            for one in kept
        ]

    def save(command: SaveForm[FieldForm]) -> Kept[FieldForm]:
        form = command.form
        if command.id is None:
            add = AddCustomField(command.operation_id, form.entity, form.name, form.kind, form.choices)
            return take(custom_fields.add(clinic, add))
        return take(
            custom_fields.save(
                clinic,
                SaveCustomField(
                    command.operation_id,
                    command.id,
                    command.seen_version,
                    form.name,
                    form.choices,
                    seen.positions.get(command.id, 0),
                    form.active,
                ),
            )
        )

    def order(command: PutInOrder) -> None:
        for entity in Entity:
            mine = [one.id for one in custom_fields.fields(clinic, entity, inactive=True)]
            custom_fields.arrange(clinic, entity, [one for one in command.ids if one in mine])

    def one(row_id: UUID) -> Kept[FieldForm]:
        found = next((each for each in read() if each.id == row_id), None)
        return found or plain.one(row_id)

    return Doors(read, one, save, plain.history, plain.effects, plain.remove, order)


class _Lines(AreaBound):
    """Several values, one in each line."""

    def value(self) -> Any:
        return tuple(line.strip() for line in self.area.toPlainText().splitlines() if line.strip())

    def put(self, value: Any) -> None:
        super().put("\n".join(value))

    def shown(self, value: Any) -> str:
        return ", ".join(value) or _("none")


def _lines(_world: World) -> list[Line]:
    kind = FieldForm
    of = ChoiceBound(
        "entity", label(kind, "entity"), [(Entity.PATIENT, _("Patients")), (Entity.SERVICE, _("Services"))]
    )
    holds = ChoiceBound("kind", label(kind, "kind"), [(one, _(word)) for one, word in _KINDS.items()])
    for bound in (of, holds):
        bound.set_hint(_("Chosen once, when the field is made"))
    detail = _("What it held stays kept while it is not asked")
    return [
        [LineBound("name", label(kind, "name"))],
        [of, holds],
        [_Lines("choices", label(kind, "choices"))],
        [SwitchBound("active", label(kind, "active"), detail)],
    ]


def _rows(kept: Sequence[Kept[FieldForm]], _world: World) -> list[Row]:
    found: list[Row] = []
    for entity, words in ((Entity.PATIENT, _("Patients")), (Entity.SERVICE, _("Services"))):
        mine = [one for one in kept if one.form.entity == entity]
        if mine:
            found.append(Row(None, words, right=str(len(mine))))
        for one in mine:
            word = _(_KINDS[one.form.kind])
            icon = _ICONS[one.form.kind]
            found.append(Row(one.id, one.form.name, word, icon=icon, muted=not one.form.active, group=entity))
    return found
