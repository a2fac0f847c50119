"""The page of the profiles: a role narrowed for a kind of work, and who has it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from clinicdesk.desk import dates
from clinicdesk.desk.preferences.bound import ChoiceBound, LineBound, SwitchBound
from clinicdesk.desk.preferences.doors import Doors
from clinicdesk.desk.preferences.editor import Line
from clinicdesk.desk.preferences.kinds import Kind, checked
from clinicdesk.desk.preferences.labels import label
from clinicdesk.desk.preferences.listing import Row
from clinicdesk.desk.preferences.section import FormSection, OwnersDesk
from clinicdesk.desk.preferences.world import World
from clinicdesk.desk.wording import role_word
from clinicdesk.desk.wording_people import GROUPS, capability_detail, capability_word
from clinicdesk.domain.audit import Alteration
from clinicdesk.domain.preferences import Kept, SaveForm
from clinicdesk.domain.staff import CAPABILITIES, Capability, Person, Profile, RemoveProfile, Rights, Role, SaveProfile
from clinicdesk.domain.team import FORM_FIELDS, ProfileForm, denied_by
from clinicdesk.errors import NotFound
from clinicdesk.usecases import audit, profiles, staff
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.words import _, ngettext

Holders = dict[UUID, list[Person]]


def profiles_doors(clinic: Clinic, holders: Holders) -> Doors:
    """Profiles have use cases of their own; who has each is read with them."""

    def take(one: Profile) -> Kept[ProfileForm]:
        return Kept(one.id, one.version, _profile(one.name, one.role, Rights(one.role, one.denied)))

    def read() -> list[Kept[ProfileForm]]:
        holders.clear()
        for person in staff.people(clinic):
            if person.profile is not None:
                holders.setdefault(person.profile.id, []).append(person)
        return [take(one) for one in profiles.profiles(clinic)]

    def one(profile_id: UUID) -> Kept[ProfileForm]:
        found = next((each for each in read() if each.id == profile_id), None)
        if found is None:
            raise NotFound("profile", str(profile_id))
        return found

    def save(command: SaveForm[ProfileForm]) -> Kept[ProfileForm]:
        form = command.form
        return take(
            profiles.save_profile(
                clinic,
                SaveProfile(
                    command.operation_id, command.id, command.seen_version, form.name, form.role, denied_by(form)
                ),
            )
        )

    def remove(profile_id: UUID, version: int, operation: UUID) -> None:
        profiles.remove_profile(clinic, RemoveProfile(operation, profile_id, version))

    # They stand in the order of their names.
    return Doors(read, one, save, lambda profile_id: audit.profile_history(clinic, profile_id), remove=remove)


def kind_of_profiles(holders: Holders) -> Kind:
    """Profiles, by name."""
    return Kind(
        ProfileForm,
        _lines,
        frozenset({"profile", "person"}),
        lambda kept, _world: _rows(kept, holders),
        lambda _world, _kept: _whole(Role.RECEPTION),
        _("New profile"),
        (
            _("No profiles yet"),
            _("Everybody may do what their role includes. A profile takes some of it away, as for a trainee."),
        ),
        two_lines=True,
        removable=True,
    )


def _whole(role: Role) -> ProfileForm:
    """A profile that takes nothing away yet."""
    return _profile("", role, Rights(role))


def _profile(name: str, role: Role, rights: Rights) -> ProfileForm:
    left: dict[str, Any] = {FORM_FIELDS[one]: rights.may(one) for one in Capability}
    return ProfileForm(name, role, **left)


def _lines(_world: World) -> list[Line]:
    kind = ProfileForm
    roles = [(one, dates.capitalised(role_word(one))) for one in Role if one is not Role.OWNER]
    role = ChoiceBound("role", label(kind, "role"), roles)
    lines: list[Line] = [[LineBound("name", label(kind, "name"), checked(kind, "name")), role]]
    for group, capabilities in GROUPS:
        lines += ["", _(group)]
        lines += [[_switch(one)] for one in capabilities]
    return lines


def _switch(one: Capability) -> SwitchBound:
    return SwitchBound(FORM_FIELDS[one], capability_word(one), capability_detail(one), _("included"), _("taken away"))


def _rows(kept: Sequence[Kept[ProfileForm]], holders: Holders) -> list[Row]:
    found = []
    for one in kept:
        count = len(holders.get(one.id, []))
        people = ngettext("{count} person", "{count} people", count).format(count=count)
        without = len(denied_by(one.form))
        away = ngettext("without {count} thing", "without {count} things", without).format(count=without)
        detail = " · ".join((dates.capitalised(role_word(one.form.role)), away))
        found.append(Row(one.id, one.form.name, detail, people if count else "", icon="id-card"))
    return found


class ProfilesSection(FormSection):
    """The list of profiles and the switches of one."""

    def __init__(self, desk: OwnersDesk) -> None:
        self.holders: Holders = {}
        self._fitted: Role | None = None
        super().__init__(desk, _("Profiles"), kind_of_profiles(self.holders), profiles_doors(desk.clinic, self.holders))

    def shown_row(self, kept: Kept[Any]) -> None:
        editor = self.editor
        assert editor is not None
        role = editor.bounds["role"]
        new = kept is self._new
        role.set_read_only(not new or not self.desk.can_write)
        people = ", ".join(one.name for one in self.holders.get(kept.id, []))
        words = _("Of {people}").format(people=people) if people else _("Nobody has it yet")
        editor.bounds["name"].set_hint("" if new else words)
        role.set_hint(_("Chosen once, when the profile is made") if new else "")
        if not new and self.desk.can_write:
            editor.changed_button.setText(_("History"))
            editor.changed_button.show()
        self._fitted = kept.form.role
        self._fit_role()

    def _edited(self) -> None:
        super()._edited()
        self._fit_role()

    def _fit_role(self) -> None:
        """A switch of what the role never includes stands off and cannot be moved."""
        editor = self.editor
        if editor is None:
            return
        role: Role = editor.bounds["role"].value()
        held = CAPABILITIES[role]
        for one, name in FORM_FIELDS.items():
            bound = editor.bounds[name]
            if role is not self._fitted:
                bound.put(one in held)
            bound.set_read_only(one not in held or not self.desk.can_write)
            bound.widget.setToolTip("" if one in held else _("Not in this role"))
        self._fitted = role

    def _alteration_lines(self, one: Alteration) -> list[str]:
        lines = super()._alteration_lines(one)
        for change in one.changes:
            if change.field == "denied":
                before, after = set(change.before or ()), set(change.after or ())
                lines += [f"− {capability_word(Capability(name))}" for name in sorted(after - before)]
                lines += [f"+ {capability_word(Capability(name))}" for name in sorted(before - after)]
        return lines
