"""What owners decide about people: what they are, a new way in, and the end; all of it refused to anybody else."""

from dataclasses import replace
from uuid import UUID

from clinicdesk import keychain
from clinicdesk.domain.patients import clean_name
from clinicdesk.domain.staff import ChangePerson, Person, SetAccess
from clinicdesk.errors import ChangedElsewhere, InvalidField, NotFound
from clinicdesk.storage import ledger
from clinicdesk.storage import staff as rows
from clinicdesk.storage.engine import Transaction, login_of, server_now
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.usecases.staff import CODE_LIFE, Invitation, found_person, keys_under_code


def reset_access(clinic: Clinic, command: ChangePerson) -> Invitation:
    """Give somebody a code in the place of a forgotten password; it lets in again who was locked or closed.

    Their sessions end. Done again with the same operation it gives another code, for the first was seen by nobody.
    Raises NotAllowed for anybody but another owner of the same clinics, LastOwner, NotFound, KeyUnavailable.
    """
    with clinic.transaction() as tx:
        person = found_person(tx, command.person_id)
    code = keychain.new_one_time_code()
    sealed = keys_under_code(clinic, person.clinic_ids, code)
    with clinic.transaction() as tx:
        ledger.claim(tx, command.operation_id, "reset_access", person.id)
        made = _with_code(tx, person, code, sealed)
    _end_connections(clinic, person.id)
    return made


def set_access(clinic: Clinic, command: SetAccess) -> Invitation:
    """Say what somebody is: role, profile, clinics and name. It counts at once, where they are at work too.

    A clinic that is added brings a key, and only a secret of theirs can wrap it: the person then gets a code, as after
    a forgotten password. Otherwise the code is empty. Raises NotAllowed for anybody but an owner of these clinics,
    ChangedElsewhere, LastOwner, NotFound, InvalidField, KeyUnavailable.
    """
    if not command.clinic_ids:
        raise InvalidField("clinic_ids", "missing")
    name = clean_name(command.name, "name")
    with clinic.transaction() as tx:
        before = found_person(tx, command.person_id)
    added = set(command.clinic_ids) - set(before.clinic_ids)
    # Who has a code already gets another when this is done again, for the one of the first time was seen by nobody.
    code = keychain.new_one_time_code() if added or before.invited else ""
    sealed = keys_under_code(clinic, command.clinic_ids, code) if code else []
    with clinic.transaction() as tx:
        done = ledger.claim(tx, command.operation_id, "set_access", command.person_id)
        if not done:
            _require_version(tx, command.person_id, command.seen_version)
            rows.name_person(tx, command.person_id, name, command.hue)
            if _access(command) != _access_of(before):
                rows.set_access(tx, command)
        changed = found_person(tx, command.person_id)
        if not added and not (done and changed.invited):
            return Invitation(changed, "", None)
        made = _with_code(tx, changed, code, sealed)
    _end_connections(clinic, changed.id)
    return made


def unlock_person(clinic: Clinic, command: ChangePerson) -> Person:
    """Let somebody try their password again. Raises NotFound, or NotAllowed for anybody but an owner."""
    with clinic.transaction() as tx:
        if not ledger.claim(tx, command.operation_id, "unlock_person", command.person_id):
            rows.unlock_person(tx, command.person_id)
        return found_person(tx, command.person_id)


def close_person(clinic: Clinic, command: ChangePerson) -> Person:
    """End an account: what it has open ends within seconds. The way back is a new code, by `reset_access`.

    Raises LastOwner, NotFound, or NotAllowed for anybody but an owner.
    """
    with clinic.transaction() as tx:
        person = found_person(tx, command.person_id)
        if not ledger.claim(tx, command.operation_id, "close_person", command.person_id):
            rows.close_person(tx, command.person_id)
        # Who closes their own account reads nothing more, themselves included.
        closed = replace(person, active=False, closed_at=server_now(tx))
    _end_connections(clinic, closed.id)
    return closed


def _access(command: SetAccess) -> tuple[object, ...]:
    return command.role, command.profile_id, set(command.clinic_ids)


def _access_of(person: Person) -> tuple[object, ...]:
    return person.role, person.profile.id if person.profile else None, set(person.clinic_ids)


def _with_code(tx: Transaction, person: Person, code: str, sealed: list[rows.WrappedKey]) -> Invitation:
    expires = server_now(tx) + CODE_LIFE
    made = rows.verifier(tx, login_of(rows.database(tx), person.login), code)
    rows.reset_access(tx, person.id, made, expires, sealed)
    return Invitation(found_person(tx, person.id), code, expires)


def _end_connections(clinic: Clinic, person_id: UUID) -> None:
    if person_id == clinic.person.id:
        return
    with clinic.transaction() as tx:
        rows.end_connections(tx, person_id)


def _require_version(tx: Transaction, person_id: UUID, seen_version: int) -> None:
    version = rows.lock(tx, person_id)
    if version is None:
        raise NotFound("person", str(person_id))
    if version != seen_version:
        _version, person, at = rows.last_change(tx, person_id)
        raise ChangedElsewhere("person", person_id, seen_version, version, person, at)
