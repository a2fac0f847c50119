"""The settings under each role: kept, ordered, refused, counted, told; and nothing is put out of use half."""

import datetime as dt
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from clinicdesk.domain.agenda import Appointment, BookAppointment, EditAppointment, Slot
from clinicdesk.domain.clinics import Promotion, SchedulingPolicy
from clinicdesk.domain.effects import Touch
from clinicdesk.domain.preferences import (
    CategoryForm,
    ClinicForm,
    EquipmentForm,
    Kept,
    ProfessionalForm,
    PutInOrder,
    RoomForm,
    SaveForm,
    ServiceForm,
)
from clinicdesk.errors import ChangedElsewhere, InvalidForm, NotAllowed, NotFound, StillUsed
from clinicdesk.storage.tables import SETTINGS
from clinicdesk.usecases import agenda, audit, effects, preferences
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import DAY, Office, at

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x10\0\0\0\x10" + b"\0" * 64


def first(clinic: Clinic, kind: type[Any], row_id: UUID | None = None) -> Kept[Any]:
    return next(one for one in preferences.kept(clinic, kind) if row_id in (None, one.id))


def edited(kept: Kept[Any], **changes: object) -> SaveForm[Any]:
    values = {name: getattr(kept.form, name) for name in type(kept.form).__dataclass_fields__} | changes
    return SaveForm(new_id(), type(kept.form)(**values), kept.id, kept.version)


def book(office: Office, clinic: Clinic, **changes: Any) -> Appointment:
    """Ana with Helena, nine o'clock, thirty minutes."""
    sample = office.sample
    who, what = sample.professionals["helena"], sample.services["visit"]
    return agenda.book(
        clinic, BookAppointment(new_id(), sample.patients["ana"], who, what, Slot(at(9), at(9, 30)), **changes)
    )


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (ClinicForm, {"name": "Ipê Centro", "cnpj": "11.222.333/0001-81", "logo": PNG}),
        (RoomForm, {"name": "Sala azul"}),
        (EquipmentForm, {"active": False}),
        (ProfessionalForm, {"hue": 310, "council_state": "rj", "specialty": "Dermatologia"}),
        (CategoryForm, {"name": "Retornos", "icon": "repeat"}),
        (ServiceForm, {"price": Decimal("320"), "duration_minutes": 45}),
    ],
)
def test_an_owner_keeps_what_reception_only_reads(
    kind: type[Any], changes: dict[str, Any], rolled_back: Office
) -> None:
    owner, reception = rolled_back.desk("claudia"), rolled_back.desk("renata")
    before = first(owner, kind)
    assert first(reception, kind).version == before.version
    with pytest.raises(NotAllowed):
        preferences.save(reception, edited(before, **changes))
    command = edited(before, **changes)
    saved = preferences.save(owner, command)
    assert preferences.save(owner, command) == saved  # the same operation once more
    assert saved.version == before.version + 1 and saved.changed_by == "Cláudia Meireles"
    for name in changes:
        assert getattr(saved.form, name) != getattr(before.form, name)
    with pytest.raises(ChangedElsewhere) as caught:
        preferences.save(owner, edited(before, **changes))
    assert caught.value.current_version == saved.version


def test_new_things_stand_last_and_are_ordered(rolled_back: Office) -> None:
    manager = rolled_back.desk("otavio")
    for kind, form in (
        (RoomForm, RoomForm("Sala 9")),
        (EquipmentForm, EquipmentForm("Ultrassom")),
        (CategoryForm, CategoryForm("Estética", "sparkles", 310)),
        (ServiceForm, ServiceForm("Peeling", room_ids=(rolled_back.sample.rooms["room 2"],))),
        (ProfessionalForm, ProfessionalForm("Dra. Nova", clinic_ids=(manager.id,))),
    ):
        made: Kept[Any] = preferences.save(manager, SaveForm(new_id(), form))
        listed = preferences.kept(manager, kind)
        assert listed[-1] == made or (kind is EquipmentForm and made in listed)
        ids = tuple(one.id for one in reversed(listed))
        preferences.put_in_order(manager, PutInOrder(new_id(), kind, ids))
        assert tuple(one.id for one in preferences.kept(manager, kind)) == ids


def test_everything_wrong_with_a_form_is_told_at_once(rolled_back: Office) -> None:
    form = ProfessionalForm("", hue=20, default_duration=4, council_state="XX")
    with pytest.raises(InvalidForm) as caught:
        preferences.save(rolled_back.desk("claudia"), SaveForm(new_id(), form))
    assert [(one.field, one.reason) for one in caught.value.problems] == [
        ("name", "missing"),
        ("council_state", "not_a_state"),
        ("hue", "reserved_hue"),
        ("default_duration", "out_of_range"),
        ("clinic_ids", "missing"),
    ]


@pytest.mark.parametrize("picture", [b"GIF89a", b"", PNG + b"\0" * 600_000])
def test_a_logo_has_limits(picture: bytes, rolled_back: Office) -> None:
    owner = rolled_back.desk("claudia")
    with pytest.raises(InvalidForm):
        preferences.save(owner, edited(first(owner, ClinicForm), logo=picture))


@pytest.mark.parametrize(("kind", "names"), [(RoomForm, "rooms"), (ProfessionalForm, "professionals")])
def test_what_visits_hold_is_not_put_out_of_use(kind: type[Any], names: str, rolled_back: Office) -> None:
    owner = rolled_back.desk("claudia")
    key = next(iter(getattr(rolled_back.sample, names).values()))
    book(rolled_back, owner, **({"room_id": key} if kind is RoomForm else {}))
    before = first(owner, kind, key)
    [found] = effects.effects(owner, before, edited(before, active=False).form)
    assert (found.touch, found.count) == (Touch.HELD, 1)
    with pytest.raises(StillUsed) as caught:
        preferences.save(owner, edited(before, active=False))
    assert caught.value.count == 1
    assert first(owner, kind, key).form.active


def test_a_service_that_changes_says_what_visits_keep(rolled_back: Office) -> None:
    owner, sample = rolled_back.desk("claudia"), rolled_back.sample
    visit = book(rolled_back, owner)
    before = first(owner, ServiceForm, sample.services["visit"])
    changes: dict[str, Any] = {
        "duration_minutes": 20,
        "price": Decimal("280"),
        "buffer_after": 5,
        "professional_ids": (sample.professionals["caio"],),
        "active": False,
    }
    found = effects.effects(owner, before, edited(before, **changes).form)
    assert [one.touch for one in found] == [
        Touch.NOT_OFFERED,
        Touch.KEEP_LENGTH,
        Touch.KEEP_PRICE,
        Touch.KEEP_BUFFERS,
        Touch.KEEP_PEOPLE,
    ]
    preferences.save(owner, edited(before, **changes))
    [after] = agenda.appointments(owner, [visit.id])
    assert (after.slot, after.price, after.professional_id) == (visit.slot, visit.price, visit.professional_id)


def test_a_policy_is_written_first_over_the_defaults(rolled_back: Office) -> None:
    owner = rolled_back.desk("claudia")
    before = first(owner, SchedulingPolicy)
    assert before.version in (0, 1)
    saved = preferences.save(owner, edited(before, late_cancellation_hours=48))
    again = preferences.save(owner, edited(saved, late_cancellation_hours=12))
    assert (saved.form.late_cancellation_hours, again.form.late_cancellation_hours) == (48, 12)
    steps = audit.history(owner, SchedulingPolicy, owner.id)
    assert [(one.field, one.before, one.after) for one in steps[0].changes][-1] == ("late_cancellation_hours", 48, 12)


def test_the_history_is_for_those_who_may_read_the_audit(rolled_back: Office) -> None:
    owner, sample = rolled_back.desk("claudia"), rolled_back.sample
    laser = first(owner, ServiceForm, sample.services["laser"])
    preferences.save(owner, edited(laser, room_ids=(sample.rooms["room 1"],), name="Laser CO2"))
    [newest, *_older] = audit.history(owner, ServiceForm, laser.id)
    assert newest.person == "Cláudia Meireles"
    told = {one.field: (one.before, one.after) for one in newest.changes}
    assert told == {"name": ("Laser", "Laser CO2"), "room_ids": ([str(sample.rooms["room 2"])], [])}
    with pytest.raises(NotAllowed):
        audit.history(rolled_back.desk("renata"), ServiceForm, laser.id)


def test_another_clinics_rooms_are_not_touched(rolled_back: Office) -> None:
    marta = rolled_back.desk("marta")
    stranger = first(rolled_back.desk("claudia"), RoomForm)
    with pytest.raises(NotFound):
        preferences.save(marta, SaveForm(new_id(), RoomForm("minha"), stranger.id, stranger.version))
    assert first(rolled_back.desk("claudia"), RoomForm) == stranger


def test_bookings_take_the_price_in_force_and_keep_it(rolled_back: Office) -> None:
    owner, sample = rolled_back.desk("claudia"), rolled_back.sample
    before = first(owner, ServiceForm, sample.services["visit"])
    offers = (
        Promotion("Semana", DAY, DAY, None, 20),
        Promotion("Mês", DAY - dt.timedelta(days=10), DAY + dt.timedelta(days=10), Decimal("220.00")),
    )
    saved = preferences.save(owner, edited(before, promotions=offers))
    assert saved.form.promotions == (offers[1], offers[0])
    visit = book(rolled_back, owner)
    assert visit.price == Decimal("200.00")
    [service] = [one for one in agenda.catalogue(owner).services if one.id == before.id]
    assert service.price_on(DAY) == Decimal("200.00")
    preferences.save(owner, edited(saved, promotions=offers[:1], price=Decimal("300.00")))
    noted = agenda.edit(owner, EditAppointment(new_id(), visit.id, visit.version, before.id, "Traz exames"))
    assert (noted.price, noted.note) == (Decimal("200.00"), "Traz exames")
    [newest, *_rest] = audit.history(owner, ServiceForm, before.id)
    told = {one.field: one for one in newest.changes}
    assert [one["name"] for one in told["promotions"].before] == ["Mês"]


def test_a_category_goes_when_nothing_stands_in_it(office: Office) -> None:
    owner, sample = office.desk("claudia"), office.sample
    heading = first(owner, CategoryForm)
    with pytest.raises(StillUsed) as caught:
        preferences.remove(owner, CategoryForm, heading.id, heading.version, new_id())
    assert caught.value.count >= 1
    for one in preferences.kept(owner, ServiceForm):
        if one.form.category_id == heading.id:
            preferences.save(owner, edited(one, category_id=None))
    with pytest.raises(NotAllowed):
        preferences.remove(office.desk("renata"), CategoryForm, heading.id, heading.version, new_id())
    preferences.remove(owner, CategoryForm, heading.id, heading.version, new_id())
    assert heading.id not in {one.id for one in preferences.kept(owner, CategoryForm)}
    assert sample.services["visit"] in {one.id for one in preferences.kept(owner, ServiceForm)}


def test_a_professional_leaves_a_unit_only_without_a_past_in_it(rolled_back: Office) -> None:
    owner, sample = rolled_back.desk("claudia"), rolled_back.sample
    caio = first(owner, ProfessionalForm, sample.professionals["caio"])
    assert len(caio.form.clinic_ids) == 2
    stayed = preferences.save(owner, edited(caio, clinic_ids=(sample.clinics["ipe"],)))
    back = preferences.save(owner, edited(stayed, clinic_ids=caio.form.clinic_ids))
    sample_visit = book(rolled_back, owner)
    helena = first(owner, ProfessionalForm, sample_visit.professional_id)
    with pytest.raises(StillUsed) as caught:
        preferences.save(owner, edited(helena, clinic_ids=(sample.clinics["jacaranda"],)))
    assert caught.value.kind == "professional_clinic" and back.version == stayed.version + 1


def test_a_history_is_found_by_its_own_index(rolled_back: Office) -> None:
    connection = rolled_back.admin()
    connection.execute("SET LOCAL enable_seqscan = off")
    plan = connection.execute(
        f"EXPLAIN SELECT 1 FROM clinicdesk.audit WHERE table_name IN ({SETTINGS})"
        " AND table_name = ANY ('{service_room}') ORDER BY id DESC LIMIT 400".encode()
    ).fetchall()
    assert any("audit_settings_index" in line for (line,) in plan), plan
