"""Two entries of the register become one, and are parted again with nothing lost that came since."""

import datetime as dt
import threading
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from clinicdesk.domain.agenda import BookAppointment, Slot
from clinicdesk.domain.custom_fields import AddCustomField, Entity
from clinicdesk.domain.merging import MergePatients, differing, joined_notes, kept_first, proposed
from clinicdesk.domain.patients import PatientForm, RegisterPatient, UpdatePatient
from clinicdesk.errors import ChangedElsewhere, MergeRefused, NotAllowed, NotFound, PatientAlreadyRegistered
from clinicdesk.storage import merging as rows
from clinicdesk.usecases import agenda, custom_fields, merging, patients
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import Office, at, put, value

TODAY = dt.date(2035, 3, 6)
CPF = "529.982.247-25"


@pytest.fixture
def reception(rolled_back: Office) -> Clinic:
    return rolled_back.desk("renata")


def _register(clinic: Clinic, **form: Any) -> UUID:
    filled = {"full_name": "Dulce Fontoura", "phone": "(11) 98765-4321", **form}
    return patients.register(clinic, RegisterPatient(new_id(), PatientForm(**filled)), TODAY).id


def _book(clinic: Clinic, office: Office, patient_id: UUID, hour: int, **more: Any) -> UUID:
    command = BookAppointment(
        new_id(),
        patient_id,
        office.sample.professionals["helena"],
        office.sample.services["visit"],
        Slot(at(hour), at(hour, 30)),
        room_id=office.sample.rooms["room 1"],
        **more,
    )
    return agenda.book(clinic, command).id


def speak_with(office: Office, admin: psycopg.Connection[Any], visit: UUID, patient_id: UUID) -> None:
    """What is allowed by, asked of and said to somebody, as rows."""
    own, channel, talk = {"clinic_id": office.sample.clinics["ipe"]}, uuid4(), uuid4()
    named = {"patient_id": patient_id}
    put(admin, "consent", id=uuid4(), purpose="care", channel="whatsapp", words="Sim.", **named)
    put(admin, "message_channel", id=channel, kind="whatsapp", provider="meta", name="WhatsApp", **own)
    put(admin, "conversation", id=talk, channel_id=channel, identity="5511987654321", **own, **named)
    about = {"appointment_id": visit, "expires_at": at(20), **own, **named}
    put(admin, "question", id=uuid4(), kind="confirm", allowed=["confirm", "cancel"], **about)
    put(admin, "outgoing_message", id=uuid4(), kind="reminder", planned_for=at(8), **about)


def _merge(clinic: Clinic, kept: UUID, merged: UUID, **more: Any) -> UUID:
    first, second = merging.side_by_side(clinic, kept, merged)
    return merging.merge(clinic, MergePatients(new_id(), kept, first.version, merged, second.version, **more))


def test_everything_follows_and_comes_back(office: Office) -> None:
    admin, reception = office.admin(), office.desk("renata")
    kept, merged = _register(reception), _register(reception, full_name="Dulce M. Fontoura", email="d@x.com.br")
    child = _register(reception, full_name="Ivo Fontoura", phone="", guardian_id=merged)
    visit = _book(reception, office, merged, 9)
    for_child = _book(reception, office, child, 11, guardian_id=merged)
    tag = uuid4()
    put(admin, "tag", id=tag, name="Gestante")
    put(admin, "patient_tag", patient_id=merged, tag_id=tag)
    _wait_and_recall(office, admin, merged)

    merge_id = _merge(reception, kept, merged, from_merged=frozenset({"email"}))
    assert [one.id for one in agenda.of_patient(reception, kept)] == [visit]
    assert agenda.appointments(reception, [for_child])[0].guardian_name == "Dulce Fontoura"
    assert patients.patient(reception, child).guardian_id == kept
    assert patients.patient(reception, kept).email == "d@x.com.br"
    assert _whose(admin) == {"patient_tag": [merged, kept], "waiting_entry": [kept], "recall": [kept]}
    assert [one.id for one in patients.search(reception, "dulce")] == [kept]
    assert merging.merges(reception, kept)[0].visits == 1

    since = _book(reception, office, kept, 14)
    undone = merging.undo_merge(reception, merge_id)
    assert (undone.visits_back, undone.visits_kept) == (1, 1)
    assert [one.id for one in agenda.of_patient(reception, merged)] == [visit]
    assert [one.id for one in agenda.of_patient(reception, kept)] == [since]
    assert agenda.appointments(reception, [for_child])[0].guardian_name == "Dulce M. Fontoura"
    assert patients.patient(reception, child).guardian_id == merged
    assert patients.patient(reception, kept).email == ""
    assert _whose(admin) == {"patient_tag": [merged], "waiting_entry": [merged], "recall": [merged]}
    assert {one.id for one in patients.search(reception, "dulce")} == {kept, merged}
    with pytest.raises(NotFound):
        merging.undo_merge(reception, merge_id)


def _wait_and_recall(office: Office, admin: psycopg.Connection[Any], patient_id: UUID) -> None:
    own = {"clinic_id": office.sample.clinics["ipe"], "patient_id": patient_id}
    put(admin, "waiting_entry", id=uuid4(), service_id=office.sample.services["visit"], first_day=TODAY, **own)
    put(admin, "recall", id=uuid4(), due_month=TODAY.replace(month=9, day=1), **own)


def _whose(admin: psycopg.Connection[Any]) -> dict[str, list[UUID]]:
    tables = ("patient_tag", "waiting_entry", "recall")
    found = {}
    for table in tables:
        rows = admin.execute(
            f"SELECT x.patient_id FROM clinicdesk.{table} x JOIN clinicdesk.patient p ON p.id = x.patient_id"
            " ORDER BY p.merged_into IS NULL, p.full_name DESC".encode()
        )
        found[table] = [row[0] for row in rows]
    return found


def test_who_stands_for_an_entry_that_went(reception: Clinic) -> None:
    first, second, third = (_register(reception, full_name=f"Dulce {name}") for name in ("Um", "Dois", "Três"))
    _merge(reception, second, first)
    _merge(reception, third, second)
    assert [merging.standing(reception, one) for one in (first, second, third)] == [third] * 3
    unknown = uuid4()
    assert merging.standing(reception, unknown) == unknown


def test_a_field_of_the_clinics_own_is_chosen_like_any_other(office: Office) -> None:
    reception, owner = office.desk("renata"), office.desk("claudia")
    field = custom_fields.add(owner, AddCustomField(new_id(), Entity.PATIENT, "Convênio")).id
    kept, merged = _register(reception, custom={field: "Unimed"}), _register(reception, custom={field: "Amil"})
    merge_id = _merge(reception, kept, merged, from_merged=frozenset({f"custom.{field}"}))
    assert patients.patient(reception, kept).custom == {str(field): "Amil"}
    merging.undo_merge(reception, merge_id)
    assert patients.patient(reception, kept).custom == {str(field): "Unimed"}


def test_a_cpf_is_read_under_the_entry_that_has_it_now(reception: Clinic) -> None:
    kept, merged = _register(reception), _register(reception, cpf=CPF)
    merge_id = _merge(reception, kept, merged, from_merged=frozenset({"cpf"}))
    assert patients.cpf(reception, kept) == "52998224725"
    merging.undo_merge(reception, merge_id)
    assert (patients.cpf(reception, kept), patients.cpf(reception, merged)) == ("", "52998224725")


def test_a_cpf_given_to_somebody_else_meanwhile_stays_theirs(reception: Clinic) -> None:
    kept, merged = _register(reception), _register(reception, cpf=CPF)
    merge_id = _merge(reception, kept, merged)
    _register(reception, full_name="Outra Pessoa", cpf=CPF)
    with pytest.raises(PatientAlreadyRegistered):
        merging.undo_merge(reception, merge_id)
    assert patients.patient(reception, merged).has_cpf


def test_what_was_changed_since_stays_changed(reception: Clinic) -> None:
    kept, merged = _register(reception), _register(reception, email="d@x.com.br", address="Rua A, 1")
    merge_id = _merge(reception, kept, merged, from_merged=frozenset({"email", "address"}))
    form = PatientForm("Dulce Fontoura", phone="(11) 98765-4321", email="nova@x.com.br", address="Rua A, 1")
    patients.save(reception, UpdatePatient(new_id(), kept, patients.patient(reception, kept).version, form), TODAY)
    merging.undo_merge(reception, merge_id)
    after = patients.patient(reception, kept)
    assert (after.email, after.address) == ("nova@x.com.br", "")


def test_a_visit_that_went_to_a_third_person_stays_there(rolled_back: Office, reception: Clinic) -> None:
    """What was merged further, and then undone in turn, comes back step by step."""
    first, second, third = (_register(reception, full_name=f"Dulce {name}") for name in ("Um", "Dois", "Três"))
    visit = _book(reception, rolled_back, first, 9)
    into_second, into_third = _merge(reception, second, first), _merge(reception, third, second)
    with pytest.raises(MergeRefused) as caught:
        merging.undo_merge(reception, into_second)
    assert caught.value.reason == "further"
    merging.undo_merge(reception, into_third)
    assert agenda.of_patient(reception, second)[0].id == visit
    merging.undo_merge(reception, into_second)
    assert agenda.of_patient(reception, first)[0].id == visit


def test_a_guardian_joined_with_the_child_answers_for_nobody(reception: Clinic) -> None:
    parent = _register(reception)
    child = _register(reception, full_name="Dulce F.", phone="", guardian_id=parent, guardian_kinship="mãe")
    merge_id = _merge(reception, child, parent)
    assert patients.patient(reception, child).guardian_id is None
    merging.undo_merge(reception, merge_id)
    after = patients.patient(reception, child)
    assert (after.guardian_id, after.guardian_kinship) == (parent, "mãe")


def test_a_merge_is_of_what_was_seen(reception: Clinic) -> None:
    kept, merged = _register(reception), _register(reception)
    first, second = merging.side_by_side(reception, kept, merged)
    patients.save(reception, UpdatePatient(new_id(), kept, first.version, PatientForm("Dulce F. Nova")), TODAY)
    command = MergePatients(new_id(), kept, first.version, merged, second.version)
    with pytest.raises(ChangedElsewhere):
        merging.merge(reception, command)


def test_a_merge_in_sql_is_of_what_was_seen(rolled_back: Office, reception: Clinic) -> None:
    kept, merged = _register(reception), _register(reception)
    for versions in ((1, 2), (2, 1)):
        with pytest.raises(MergeRefused) as caught, reception.transaction() as tx:
            rows.merge(tx, uuid4(), (kept, versions[0]), (merged, versions[1]), "{}")
        assert caught.value.reason == "changed"


def test_a_merge_in_sql_is_of_two_that_stand(rolled_back: Office, reception: Clinic) -> None:
    kept, merged, third = _register(reception), _register(reception), _register(reception)
    _merge(reception, kept, merged)
    for first, second in ((kept, merged), (merged, third), (kept, kept)):
        versions = {one: patients.patient(reception, one).version for one in (first, second)}
        with pytest.raises(MergeRefused) as caught, reception.transaction() as tx:
            rows.merge(tx, uuid4(), (first, versions[first]), (second, versions[second]), "{}")
        assert caught.value.reason == "merged"


def test_a_repeated_merge_has_one_effect(reception: Clinic) -> None:
    kept, merged = _register(reception), _register(reception)
    first, second = merging.side_by_side(reception, kept, merged)
    command = MergePatients(new_id(), kept, first.version, merged, second.version)
    assert merging.merge(reception, command) == merging.merge(reception, command)
    assert len(merging.merges(reception, kept)) == 1
    with pytest.raises(MergeRefused) as caught:
        _merge(reception, kept, merged)
    assert caught.value.reason == "merged"


def test_a_professional_merges_nobody(office: Office) -> None:
    reception, helena = office.desk("renata"), office.desk("helena")
    kept, merged = _register(reception), _register(reception)
    with pytest.raises(NotAllowed):
        _merge(helena, kept, merged)


def test_pairs_that_look_like_one_person(rolled_back: Office, reception: Clinic) -> None:
    born = dt.date(1980, 5, 4)
    dulce = _register(reception, birth_date=born)
    twin = _register(reception, full_name="DULCE FONTOURA", phone="", birth_date=born)
    slip = _register(reception, full_name="Dulce Fontora", phone="(11) 91234-5678", birth_date=born)
    _register(reception, full_name="Ivo Fontoura", birth_date=dt.date(2015, 1, 2))  # a child with the mother's phone
    _register(reception, full_name="Dulce Fontoura", phone="", birth_date=dt.date(1951, 1, 1))  # a homonym
    pairs = {frozenset((one.first.id, one.second.id)) for one in merging.likely_duplicates(reception)}
    assert pairs == {frozenset((dulce, twin)), frozenset((dulce, slip)), frozenset((twin, slip))}
    best = merging.likely_duplicates(reception)[0]
    assert best.reasons == ("same_name", "same_birth")

    merging.set_distinct(reception, twin, dulce)
    assert frozenset((dulce, twin)) not in _pairs(reception)
    merging.set_distinct(reception, dulce, twin, distinct=False)
    assert frozenset((dulce, twin)) in _pairs(reception)
    _merge(reception, dulce, twin)
    assert _pairs(reception) == {frozenset((dulce, slip))}


def _pairs(clinic: Clinic) -> set[frozenset[UUID]]:
    return {frozenset((one.first.id, one.second.id)) for one in merging.likely_duplicates(clinic)}


def test_two_with_a_cpf_each_are_two(reception: Clinic) -> None:
    _register(reception, cpf=CPF)
    _register(reception, cpf="111.444.777-35")
    assert merging.likely_duplicates(reception) == []


def test_what_is_proposed(rolled_back: Office, reception: Clinic) -> None:
    bare = _register(reception, phone="")
    full = _register(reception, full_name="Dulce M. Fontoura", email="d@x.com.br")
    _book(reception, rolled_back, full, 9)
    kept, merged = kept_first(*merging.side_by_side(reception, bare, full))
    assert (kept.id, merged.id) == (full, bare)
    assert proposed(kept, merged) == frozenset()
    assert proposed(merged, kept) == {"phone", "email"}
    assert differing(kept, merged) == ("full_name", "phone", "email")
    assert joined_notes("alergia", "") == "alergia"
    assert joined_notes("prefere manhã", "liga antes") == "prefere manhã\nliga antes"


def test_an_account_that_was_closed_merges_and_parts_nobody(office: Office) -> None:
    clinic = office.desk("otavio")
    kept, merged, other = _register(clinic), _register(clinic), _register(clinic)
    merge_id, session = _merge(clinic, kept, merged), office.connect("otavio")
    assert _pairs(clinic) == {frozenset((kept, other))}
    office.admin().execute("SELECT clinicdesk.close_person(%s)", [office.sample.people["otavio"]])
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute("SELECT clinicdesk.undo_merge(%s)", [merge_id])
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute("SELECT clinicdesk.merge_patients(%s, %s, 1, %s, 1, '{}')", [uuid4(), kept, merged])
    assert value(session, "SELECT count(*) FROM clinicdesk.likely_duplicates(10)") == 0


def test_what_is_written_for_an_entry_that_was_given_up_is_of_the_one_that_stands(office: Office) -> None:
    """A form that was opened before the merge still names the old entry; what it writes would be lost there."""
    admin, reception = office.admin(), office.desk("renata")
    kept, merged = _register(reception), _register(reception, full_name="Dulce M. Fontoura")
    last = _register(reception, full_name="Dulce Maria Fontoura")
    _merge(reception, kept, merged)
    _merge(reception, last, kept)
    tag = uuid4()
    put(admin, "tag", id=tag, name="Gestante")
    visit = _book(reception, office, merged, 9)
    for_child = _book(reception, office, _register(reception, full_name="Ivo", phone=""), 11, guardian_id=merged)
    _wait_and_recall(office, admin, merged)
    put(admin, "patient_tag", patient_id=merged, tag_id=tag)
    put(office.connect("helena"), "patient_alert", id=uuid4(), patient_id=merged, text="Alergia grave a dipirona")
    speak_with(office, admin, visit, merged)
    assert [one.id for one in agenda.of_patient(reception, last)] == [visit]
    assert value(admin, "SELECT guardian_id FROM clinicdesk.appointment WHERE id = %s", [for_child]) == last
    assert _whose(admin) == {"patient_tag": [last], "waiting_entry": [last], "recall": [last]}
    for table in ("patient_alert", "consent", "question", "outgoing_message", "conversation"):
        assert value(admin, f"SELECT patient_id FROM clinicdesk.{table}") == last


def test_what_was_said_and_allowed_follows_too(office: Office) -> None:
    admin, reception = office.admin(), office.desk("renata")
    kept, merged = _register(reception), _register(reception, full_name="Dulce M. Fontoura")
    visit = _book(reception, office, merged, 9)
    speak_with(office, admin, visit, merged)
    same = {"purpose": "care", "channel": "sms", "words": "Sim."}
    put(admin, "consent", id=uuid4(), patient_id=kept, **same)
    put(admin, "consent", id=uuid4(), patient_id=merged, **same)
    put(admin, "consent", id=uuid4(), patient_id=merged, revoked_at=at(8), revoked_source="desk", **same)
    done = _merge(reception, kept, merged)
    tables = ("consent", "question", "outgoing_message", "conversation")

    def whose() -> dict[str, list[UUID]]:
        return {
            table: [row[0] for row in admin.execute(f"SELECT patient_id FROM clinicdesk.{table}".encode())]
            for table in tables
        }

    assert (
        {table: set(ids) for table, ids in whose().items()}
        == {
            "consent": {kept, merged},  # the same consent stands once
            **{table: {kept} for table in tables[1:]},
        }
    )
    assert sorted(whose()["consent"]) == sorted([kept, kept, kept, merged])
    merging.undo_merge(reception, done)
    assert whose()["question"] == whose()["outgoing_message"] == whose()["conversation"] == [merged]
    assert sorted(whose()["consent"]) == sorted([kept, merged, merged, merged])


def test_a_booking_waits_for_the_merge_that_is_being_written(office: Office) -> None:
    reception, merging_desk = office.desk("renata"), office.connect("claudia")
    kept, merged = _register(reception), _register(reception, full_name="Dulce M. Fontoura")
    booked: list[UUID] = []
    with merging_desk.transaction():
        merging_desk.execute("SELECT clinicdesk.merge_patients(%s, %s, 1, %s, 1, '{}')", [uuid4(), kept, merged])
        other = threading.Thread(target=lambda: booked.append(_book(reception, office, merged, 9)))
        other.start()
        other.join(0.3)
        assert not booked
    other.join()
    assert [one.id for one in agenda.of_patient(reception, kept)] == booked


@pytest.mark.parametrize("undone", [False, True])
def test_a_merge_takes_rows_in_the_order_in_which_desks_do(undone: bool, office: Office) -> None:
    """Visits by their ids, then the waiting list, then the register: whoever holds the first is never waited for."""
    reception, merging_desk, moving = office.desk("renata"), office.connect("claudia"), office.connect("otavio")
    kept, merged = _register(reception), _register(reception, full_name="Dulce M. Fontoura")
    later, earlier = (_book(reception, office, merged, hour) for hour in (15, 9))
    assert later < earlier
    _wait_and_recall(office, office.admin(), merged)
    merge_id = uuid4()
    wanted = "SELECT clinicdesk.merge_patients(%s, %s, 1, %s, 1, '{}')", [merge_id, kept, merged]
    if undone:
        merging_desk.execute(wanted[0].encode(), wanted[1])
        wanted = "SELECT clinicdesk.undo_merge(%s)", [merge_id]
    with moving.transaction():
        moving.execute("SELECT 1 FROM clinicdesk.appointment WHERE id = %s FOR NO KEY UPDATE", [later])
        other = threading.Thread(target=lambda: merging_desk.execute(wanted[0].encode(), wanted[1]))
        other.start()
        other.join(0.3)
        for statement in (
            "SELECT 1 FROM clinicdesk.appointment FOR NO KEY UPDATE NOWAIT",
            "SELECT 1 FROM clinicdesk.waiting_entry FOR NO KEY UPDATE NOWAIT",
            "SELECT 1 FROM clinicdesk.patient FOR KEY SHARE NOWAIT",
        ):
            moving.execute(statement.encode())
    other.join()
    whose = agenda.of_patient(reception, merged if undone else kept)
    assert {one.id for one in whose} == {later, earlier}
