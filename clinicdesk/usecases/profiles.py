"""Profiles: a role narrowed for a kind of work. Owners keep them, everybody at a desk may read them."""

from uuid import UUID

from clinicdesk.domain.free_text import clean_text
from clinicdesk.domain.staff import CAPABILITIES, Profile, RemoveProfile, Role, SaveProfile
from clinicdesk.errors import ChangedElsewhere, ClinicError, InvalidField, NotFound, StillUsed
from clinicdesk.storage import ledger
from clinicdesk.storage import profiles as rows
from clinicdesk.storage.engine import Transaction
from clinicdesk.usecases.clinic import Clinic, new_id

LONGEST_NAME = 60


def profiles(clinic: Clinic) -> list[Profile]:
    """Every profile, by name."""
    with clinic.transaction() as tx:
        return rows.profiles(tx)


def save_profile(clinic: Clinic, command: SaveProfile) -> Profile:
    """Keep a profile; what it takes away counts at once, for people at work too.

    Raises InvalidField, ChangedElsewhere, NotFound, or NotAllowed for anybody but an owner.
    """
    _check(command)
    profile_id = command.id or new_id()
    with clinic.transaction() as tx:
        done = ledger.claim(tx, command.operation_id, "profile", profile_id)
        if not done:
            if command.id is None:
                rows.add(tx, profile_id, command)
            elif not rows.change(tx, command):
                raise _changed_elsewhere(tx, command.id, command.seen_version)
        found = rows.profile(tx, done or profile_id)
    if found is None:
        raise NotFound("profile", str(profile_id))
    return found


def remove_profile(clinic: Clinic, command: RemoveProfile) -> Profile:
    """Take away a profile that nobody has; what comes back brings it back.

    Raises StillUsed, ChangedElsewhere, NotFound, or NotAllowed for anybody but an owner.
    """
    with clinic.transaction() as tx:
        found = rows.profile(tx, command.id)
        if found is None:
            raise NotFound("profile", str(command.id))
        ledger.claim(tx, command.operation_id, "remove_profile", command.id)
        if count := rows.people_with(tx, command.id):
            raise StillUsed("profile", command.id, count)
        if not rows.remove(tx, command.id, command.seen_version):
            raise _changed_elsewhere(tx, command.id, command.seen_version)
        return found


def _check(command: SaveProfile) -> None:
    clean_text(command.name, "name")
    if not command.name.strip():
        raise InvalidField("name", "missing")
    if len(command.name) > LONGEST_NAME:
        raise InvalidField("name", "too_long", str(LONGEST_NAME))
    if command.role is Role.OWNER or not command.denied <= CAPABILITIES[command.role]:
        raise InvalidField("role", "unknown")


def _changed_elsewhere(tx: Transaction, profile_id: UUID, seen_version: int) -> ClinicError:
    change = rows.last_change(tx, profile_id)
    if change is None:
        return NotFound("profile", str(profile_id))
    version, person, at = change
    return ChangedElsewhere("profile", profile_id, seen_version, version, person, at)
