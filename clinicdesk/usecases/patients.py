"""What a person can do with the register: find, read, register, save."""

import contextlib
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

from clinicdesk.domain.custom_fields import Entity, Stored, stored_changes
from clinicdesk.domain.free_text import clean_text, without_unwritable
from clinicdesk.domain.patients import (
    NewPatient,
    Patient,
    PatientForm,
    PatientMatch,
    RegisterPatient,
    UpdatePatient,
    check_birth_date,
    check_priority_until,
    clean_cpf,
    clean_email,
    clean_name,
    clean_phone,
    fold,
    mask_cpf,
    search_words,
)
from clinicdesk.domain.priority import TOLD
from clinicdesk.errors import (
    ChangedElsewhere,
    ClinicError,
    InvalidField,
    InvalidForm,
    NotAllowed,
    NotFound,
    PatientAlreadyRegistered,
)
from clinicdesk.storage import custom_fields as field_rows
from clinicdesk.storage import ledger
from clinicdesk.storage import patients as rows
from clinicdesk.storage.engine import Transaction
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.usecases.consents import give_within


def search(clinic: Clinic, text: str, limit: int = 50, offset: int = 0) -> list[PatientMatch]:
    """Patients by any part of their names, words in any order, by any run of phone digits, or by the whole CPF.

    Without the server those who come on the days that were kept at this desk, and nobody by CPF.
    """
    if (kept := clinic.kept) is not None:
        return kept.search(text, dt.datetime.now(dt.UTC), limit, offset)
    with clinic.transaction() as tx:
        return search_within(tx, clinic, text, limit, offset)


def search_within(tx: Transaction, clinic: Clinic, text: str, limit: int = 50, offset: int = 0) -> list[PatientMatch]:
    """The same search inside another use case's transaction."""
    words, cpf = search_words(text)
    return rows.search(tx, words, clinic.keys.cpf_index(cpf) if cpf else None, limit, offset)


def with_visits(clinic: Clinic, matches: Sequence[PatientMatch], now: dt.datetime) -> list[PatientMatch]:
    """The same lines with the last and the next visit of each; without the server as they are."""
    if clinic.kept is not None:
        return list(matches)
    with clinic.transaction() as tx:
        visits = rows.visits_around(tx, [one.id for one in matches], now)
    return [
        replace(one, last_visit=visits[one.id][0], next_visit=visits[one.id][1]) if one.id in visits else one
        for one in matches
    ]


def count(clinic: Clinic) -> int:
    """How many people the register holds."""
    with clinic.transaction() as tx:
        return rows.count(tx)


def patient(clinic: Clinic, patient_id: UUID) -> Patient:
    """One person of the register. Raises NotFound."""
    with clinic.transaction() as tx:
        return _found(rows.patient(tx, patient_id), patient_id)


def dependants(clinic: Clinic, guardian_id: UUID) -> list[PatientMatch]:
    """The people a patient answers for."""
    with clinic.transaction() as tx:
        return rows.dependants(tx, guardian_id)


def cpf(clinic: Clinic, patient_id: UUID) -> str:
    """The eleven digits of a patient's CPF, empty for none. Raises KeyUnavailable."""
    with clinic.transaction() as tx:
        sealed = rows.encrypted_cpf(tx, patient_id)
    return clinic.keys.open_cpf(patient_id, sealed[0]) if sealed else ""


def masked_cpf(clinic: Clinic, patient_id: UUID) -> str:
    """A patient's CPF as a shared screen may show it, empty for none."""
    digits = cpf(clinic, patient_id)
    return mask_cpf(digits) if digits else ""


def lookalikes(clinic: Clinic, form: PatientForm) -> list[PatientMatch]:
    """Who may be the same person as the one being typed; unfinished phones and names are no reason to ask."""
    phone = ""
    with contextlib.suppress(InvalidField):
        phone = clean_phone(form.phone)
    name = fold(without_unwritable(form.social_name or form.full_name))
    with clinic.transaction() as tx:
        return rows.lookalikes(tx, phone=phone, sort_name=name if " " in name else "", birth_date=form.birth_date)


def register(clinic: Clinic, command: RegisterPatient, today: dt.date) -> Patient:
    """Put a person on the register. Raises InvalidForm with every field at once, or PatientAlreadyRegistered."""
    values = clean_form(command.form, today)
    patient_id = new_id()
    with clinic.transaction() as tx:
        done = ledger.claim(tx, command.operation_id, "register", patient_id)
        if done:
            return _found(rows.patient(tx, done), done)
        written, _emptied = _custom(tx, command.form)
        values |= _cpf_values(tx, clinic, patient_id, command.form.cpf) | {"custom": written}
        rows.insert_patient(tx, patient_id, values)
        if command.consented:
            give_within(tx, patient_id, command.consented)
        return _found(rows.patient(tx, patient_id), patient_id)


def save(clinic: Clinic, command: UpdatePatient, today: dt.date) -> Patient:
    """Save the form of a patient. Raises as `register` does, and ChangedElsewhere when another desk was first."""
    values = clean_form(command.form, today)
    _check_others(command)
    with clinic.transaction() as tx:
        if ledger.claim(tx, command.operation_id, "save", command.patient_id):
            return _found(rows.patient(tx, command.patient_id), command.patient_id)
        values |= _cpf_values(tx, clinic, command.patient_id, command.form.cpf)
        custom = _custom(tx, command.form)
        if not rows.update_patient(tx, command.patient_id, command.seen_version, values, custom):
            raise _changed_elsewhere(tx, command.patient_id, command.seen_version)
        return _found(rows.patient(tx, command.patient_id), command.patient_id)


def insert_new(tx: Transaction, person: NewPatient) -> UUID:
    """Register somebody with name and phone only, inside another use case's transaction."""
    patient_id = new_id()
    rows.insert_patient(tx, patient_id, {"full_name": clean_name(person.name), "phone": clean_phone(person.phone)})
    return patient_id


def clean_form(form: PatientForm, today: dt.date) -> dict[str, object]:
    """The form as columns. Raises InvalidForm with all that is wrong, in the order of the form."""
    checks: dict[str, Callable[[], object]] = {
        "full_name": lambda: clean_name(form.full_name),
        "social_name": lambda: clean_name(form.social_name, "social_name") if form.social_name.strip() else "",
        "phone": lambda: clean_phone(form.phone),
        "email": lambda: clean_email(form.email),
        "birth_date": lambda: check_birth_date(form.birth_date, today),
        "cpf": lambda: clean_cpf(form.cpf or ""),
        "guardian_kinship": lambda: clean_text(form.guardian_kinship, "guardian_kinship").strip(),
        "address": lambda: clean_text(form.address, "address").strip(),
        "source": lambda: clean_text(form.source, "source").strip(),
        "note": lambda: clean_text(form.note, "note").strip(),
        "priority": lambda: _known_priority(form.priority),
        "priority_until": lambda: check_priority_until(form.priority_until if form.priority else None, today),
    }
    values: dict[str, object] = {}
    problems: list[InvalidField] = []
    for name, check in checks.items():
        try:
            values[name] = check()
        except InvalidField as problem:
            problems.append(problem)
    if problems:
        raise InvalidForm(tuple(problems))
    del values["cpf"]
    return values | {"guardian_id": form.guardian_id, "vip": form.vip, "referred_by": form.referred_by}


def _check_others(command: UpdatePatient) -> None:
    """Raises InvalidForm for somebody who would answer for themselves, or be the one who sent them."""
    named = {"guardian_id": command.form.guardian_id, "referred_by": command.form.referred_by}
    problems = [InvalidField(name, "itself") for name, other in named.items() if other == command.patient_id]
    if problems:
        raise InvalidForm(tuple(problems))


def _custom(tx: Transaction, form: PatientForm) -> tuple[dict[str, Stored], list[str]]:
    """What the form writes into the clinic's own fields and which it empties. Raises InvalidForm."""
    if not form.custom:
        return {}, []
    return stored_changes(field_rows.fields(tx, Entity.PATIENT, inactive=True), form.custom)


def _known_priority(told: str) -> str:
    if told and told not in TOLD:
        raise InvalidField("priority", "unknown")
    return told


def _cpf_values(tx: Transaction, clinic: Clinic, patient_id: UUID, written: str | None) -> dict[str, object]:
    """The columns of a CPF; none when it is to stay as it is. Raises PatientAlreadyRegistered for somebody else's."""
    if written is None:
        return {}
    digits = clean_cpf(written)
    if not digits:
        return {"cpf_ciphertext": None, "cpf_index": None, "cpf_key_version": None}
    index = clinic.keys.cpf_index(digits)
    other = rows.by_cpf(tx, index)
    if other is not None and other.id != patient_id:
        raise PatientAlreadyRegistered(other.id, other.name)
    return {
        "cpf_ciphertext": clinic.keys.seal_cpf(patient_id, digits),
        "cpf_index": index,
        "cpf_key_version": clinic.keys.key_version,
    }


def _found(patient: Patient | None, patient_id: UUID) -> Patient:
    if patient is None:
        raise NotFound("patient", str(patient_id))
    return patient


def _changed_elsewhere(tx: Transaction, patient_id: UUID, seen_version: int) -> ClinicError:
    change = rows.last_change(tx, patient_id)
    if change is None:
        return NotFound("patient", str(patient_id))
    version, name, at = change
    if version == seen_version:
        return NotAllowed("patient")
    return ChangedElsewhere("patient", patient_id, seen_version, version, name, at)
