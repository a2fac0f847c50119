"""The people of the clinic as a kind of setting: how they are read and kept, their lines, and the fields of one."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from clinicdesk.desk import dates
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.hues import next_hue
from clinicdesk.desk.preferences.bound import ChoiceBound, HueBound, LineBound, PicksBound
from clinicdesk.desk.preferences.doors import Doors
from clinicdesk.desk.preferences.editor import Line
from clinicdesk.desk.preferences.kinds import Kind, checked
from clinicdesk.desk.preferences.labels import label
from clinicdesk.desk.preferences.listing import Row
from clinicdesk.desk.preferences.world import World
from clinicdesk.desk.wording import role_word
from clinicdesk.domain.preferences import Kept, SaveForm
from clinicdesk.domain.staff import ChangePerson, InvitePerson, Person, PersonState, Profile, Role, SetAccess
from clinicdesk.domain.team import PersonForm
from clinicdesk.errors import NotFound
from clinicdesk.usecases import access, audit, profiles, staff
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.usecases.staff import Invitation, Member
from clinicdesk.words import _

TABLES = frozenset({"person", "person_clinic", "profile"})


@dataclass
class Team:
    """What was read with the forms and is no field of them, and the codes that were given since the last look."""

    members: dict[UUID, Member] = field(default_factory=dict)
    profiles: list[Profile] = field(default_factory=list)
    codes: dict[UUID, Invitation] = field(default_factory=dict)

    def person(self, person_id: UUID) -> Person | None:
        """Somebody who was read."""
        member = self.members.get(person_id)
        return member.person if member else None

    def logins(self) -> list[str]:
        """Every login name there is."""
        return [one.person.login for one in self.members.values()]


def people_doors(clinic: Clinic, team: Team) -> Doors:
    """People are invited, changed, closed and let in again; each has a use case of its own."""

    def take(member: Member) -> Kept[PersonForm]:
        person = member.person
        team.members[person.id] = member
        return Kept(person.id, person.version, _form(person, clinic.person.clinic_ids))

    def read() -> list[Kept[PersonForm]]:
        found, team.profiles = staff.team(clinic), profiles.profiles(clinic)
        team.members.clear()
        return [take(one) for one in found]

    def one(person_id: UUID) -> Kept[PersonForm]:
        found = next((each for each in read() if each.id == person_id), None)
        if found is None:
            raise NotFound("person", str(person_id))
        return found

    def given(invitation: Invitation) -> Kept[PersonForm]:
        person = invitation.person
        if invitation.code:
            team.codes[person.id] = invitation
        before = team.members.get(person.id)
        return take(Member(person, before.last_sign_in if before else None))

    def save(command: SaveForm[PersonForm]) -> Kept[PersonForm]:
        form, operation = command.form, command.operation_id
        if command.id is None:
            wish = InvitePerson(operation, form.login, form.name, form.role, form.clinic_ids, form.profile_id, form.hue)
            return given(staff.invite_person(clinic, wish))
        standing = team.person(command.id)
        if standing is not None and standing.active and not form.active:
            return given(Invitation(access.close_person(clinic, ChangePerson(operation, command.id)), "", None))
        if standing is not None and form.active and not standing.active:
            return given(access.reset_access(clinic, ChangePerson(operation, command.id)))
        # Units that are not this owner's are neither shown nor touched.
        elsewhere = set(standing.clinic_ids) - set(clinic.person.clinic_ids) if standing else set()
        clinics = tuple(sorted({*form.clinic_ids, *elsewhere}))
        change = SetAccess(
            operation, command.id, command.seen_version, form.name, form.hue, form.role, form.profile_id, clinics
        )
        return given(access.set_access(clinic, change))

    # A person is closed and never taken away, and stands in the order of the names.
    return Doors(read, one, save, lambda key: audit.person_history(clinic, key))


def _form(person: Person, mine: Sequence[UUID]) -> PersonForm:
    return PersonForm(
        person.name,
        person.login,
        person.role,
        person.profile.id if person.profile else None,
        tuple(sorted(one for one in person.clinic_ids if one in mine)),
        person.hue,
        person.active,
    )


def kind_of_people(team: Team, clock: DeskClock, head: Callable[[], Line]) -> Kind:
    """Everybody with a login. `head` makes what stands over the fields: the state and what can be done."""
    return Kind(
        PersonForm,
        lambda world: _lines(world, head),
        TABLES,
        lambda kept, _world: _rows(kept, team, clock),
        _new,
        _("New person"),
        (_("Nobody here yet"), _("Add the first person.")),
        two_lines=True,
    )


def _new(world: World, kept: Sequence[Kept[PersonForm]]) -> PersonForm:
    return PersonForm(clinic_ids=(world.clinic_id,), hue=next_hue([one.form.hue for one in kept if one.form.active]))


def _lines(world: World, head: Callable[[], Line]) -> list[Line]:
    kind = PersonForm
    login = LineBound("login", label(kind, "login"), checked(kind, "login"), hint=_("What they type to sign in"))
    roles = [(one, dates.capitalised(role_word(one))) for one in Role]
    rows: list[Line] = [
        head(),
        [LineBound("name", label(kind, "name"), checked(kind, "name")), login],
        [ChoiceBound("role", label(kind, "role"), roles), ChoiceBound("profile_id", label(kind, "profile_id"), [])],
        [HueBound("hue", label(kind, "hue"), checked(kind, "hue"))],
    ]
    if len(world.units) > 1:
        nowhere = _("Choose at least one")
        rows.append([PicksBound("clinic_ids", label(kind, "clinic_ids"), world.units, nowhere)])
    return rows


# --- the list --------------------------------------------------------------------------------------------------------


def state_chip(person: Person, now: dt.datetime, zone: dt.tzinfo) -> tuple[str, str, str]:
    """Where somebody stands: the word, its tone and its icon."""
    if person.state is PersonState.CLOSED:
        at = _day(person.closed_at, now, zone)
        return (_("Closed {day}").format(day=at) if at else _("Closed")), "muted", "user-x"
    if person.state is PersonState.LOCKED:
        return _("Locked"), "danger", "lock"
    if person.state is PersonState.INVITED:
        until = person.invited_until
        if until is None or until <= now:
            return _("Code over"), "warn", "hourglass"
        return _("Invited until {day}").format(day=dates.short_day(until.astimezone(zone).date())), "info", "key-round"
    return _("Active"), "ok", "circle-check"


def _day(at: dt.datetime | None, now: dt.datetime, zone: dt.tzinfo) -> str:
    return dates.relative_day(at.astimezone(zone).date(), now.astimezone(zone).date()) if at else ""


def role_and_profile(person: Person) -> str:
    """What somebody is: the role, and the profile that narrows it."""
    role = dates.capitalised(role_word(person.role))
    return f"{role} · {person.profile.name}" if person.profile else role


def _rows(kept: Sequence[Kept[PersonForm]], team: Team, clock: DeskClock) -> list[Row]:
    def row(one: Kept[PersonForm], muted: bool) -> Row:
        person = team.person(one.id)
        if person is None:
            return Row(one.id, one.form.name, hue=one.form.hue, avatar=True, muted=muted)
        word, tone, icon = state_chip(person, clock.now(), clock.zone)
        shown = None if person.state is PersonState.ACTIVE else (tone, icon)
        detail = role_and_profile(person)
        spoken = ", ".join((person.name, detail, word))
        return Row(
            one.id, person.name, detail, word if shown else "", hue=person.hue, avatar=True, muted=muted, chip=shown,
            spoken=spoken,
        )  # fmt: skip

    here = [row(one, False) for one in kept if one.form.active]
    gone = [row(one, True) for one in kept if not one.form.active]
    return here + ([Row(None, _("No longer here"), right=str(len(gone))), *gone] if gone else [])
