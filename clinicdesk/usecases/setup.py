"""Making a clinic where there was none: as the account that owns the server, or with a founder's code."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from clinicdesk import keychain
from clinicdesk.domain.clinics import Clinic, clean_cnpj
from clinicdesk.domain.first_run import Beginning
from clinicdesk.domain.free_text import clean_text
from clinicdesk.domain.patients import clean_name, fold
from clinicdesk.domain.preferences import CategoryForm, HoursForm, ServiceForm
from clinicdesk.domain.staff import AddPerson, check_password
from clinicdesk.errors import ClinicAlreadyHere
from clinicdesk.keychain import WrappedUnder
from clinicdesk.storage import preferences as forms
from clinicdesk.storage import setup as rows
from clinicdesk.storage import staff as staff_rows
from clinicdesk.storage import week as hour_rows
from clinicdesk.storage.engine import Engine, Transaction, check_schema_in, login_of, make_engine, transaction
from clinicdesk.usecases.clinic import FieldKeys, new_id
from clinicdesk.usecases.staff import PASSWORD_WRAPPING

DATABASE = "clinicdesk"


@dataclass(frozen=True)
class NewClinic:
    """What `make_clinic` made: who is in it, and the recovery key that is shown once and kept by nobody here."""

    organisation_id: UUID
    clinic_ids: tuple[UUID, ...]
    owner_id: UUID
    recovery_key: str
    keys: FieldKeys


def make_clinic(
    admin: Mapping[str, str],
    database: str,
    organisation: str,
    clinics: Sequence[Clinic],
    owner: AddPerson,
    beginning: Beginning | None = None,
    recovery_key: str = "",
) -> NewClinic:
    """Make the database of an organisation with its clinics and its first owner; all of it or nothing.

    `beginning` is what the first of the clinics starts with; a `recovery_key` that was shown already is kept to. The
    owner is written last, at once: what is cut short before has none, and is made anew by the next call.
    Raises ClinicAlreadyHere, WeakPassword, InvalidField or InvalidForm.
    """
    name = _checked(organisation, clinics, owner)
    start = beginning.cleaned(clinics[0].id) if beginning else None
    with rows.making_alone(admin):
        if has_clinic(admin, database):
            raise ClinicAlreadyHere(folder=admin.get("host", ""))
        if not rows.is_blank(admin, database):
            rows.remove_database(admin, database)  # what an earlier making left when it was cut short
            rows.make_database(admin, database)
        engine = rows.admin_engine(admin, database)
        try:
            return _fill(engine, database, name, clinics, owner, start, recovery_key)
        except BaseException:
            rows.remove_database(admin, database)
            raise
        finally:
            engine.dispose()


def found(
    door: Mapping[str, str],
    organisation: str,
    clinics: Sequence[Clinic],
    owner: AddPerson,
    beginning: Beginning | None = None,
    recovery_key: str = "",
) -> NewClinic:
    """Make the first clinics and the first owner of a clinic server; all of it or nothing, otherwise as `make_clinic`.

    `door` is `Enrolled.founder`: how a code's login reaches the database, which stands there with its tables and has
    nobody yet. Raises ClinicAlreadyHere, SchemaOlder, SchemaNewer, SchemaBeingUpdated, WeakPassword, InvalidField,
    InvalidForm, or why there is no way to the server.
    """
    name = _checked(organisation, clinics, owner)
    start = beginning.cleaned(clinics[0].id) if beginning else None
    engine = make_engine(door, "setup")
    try:
        with transaction(engine) as tx:
            if not rows.may_found(tx):  # somebody was first, or was there when the code was made
                raise ClinicAlreadyHere(folder=door["host"])
            rows.act_as_table_owner(tx)
            check_schema_in(tx)
            if rows.is_peopled(tx):
                raise ClinicAlreadyHere(folder=door["host"])
        made = _fill(engine, door["dbname"], name, clinics, owner, start, recovery_key)
        with transaction(engine) as tx:
            rows.tell_server_unit(tx)  # it takes the code's login away
        return made
    finally:
        engine.dispose()


def _checked(organisation: str, clinics: Sequence[Clinic], owner: AddPerson) -> str:
    """Refuse what no database could keep; the organisation's name as it is kept."""
    check_password(owner.password, login=owner.login, name=owner.name)
    for clinic in clinics:
        clean_cnpj(clinic.cnpj)
        for field in ("name", "city", "address", "phone", "email"):
            clean_text(getattr(clinic, field), field)
    return clean_name(organisation, "organisation")


def prepare(admin: Mapping[str, str], database: str) -> None:
    """Make the empty database ahead of the clinic, while the person is still asked for things; nothing where one is."""
    with rows.making_alone(admin):
        if not rows.has_database(admin, database):
            rows.make_database(admin, database)


def has_clinic(admin: Mapping[str, str], database: str) -> bool:
    """Whether the server has a whole clinic there: one whose making was cut short has nobody, and counts for none."""
    return rows.has_database(admin, database) and rows.has_people(admin, database)


def _fill(
    engine: Engine,
    database: str,
    organisation: str,
    clinics: Sequence[Clinic],
    owner: AddPerson,
    beginning: Beginning | None,
    shown_key: str,
) -> NewClinic:
    organisation_id, owner_id = new_id(), new_id()
    recovery_key = shown_key or keychain.new_recovery_key()
    # One key for the register that all clinics share, and one for each clinic's own protected fields.
    keys = {scope: (new_id(), keychain.new_data_key()) for scope in (None, *(clinic.id for clinic in clinics))}
    wrapped = _wrapped(list(keys.values()), owner.password, recovery_key)
    with transaction(engine) as tx:
        verifier = staff_rows.verifier(tx, login_of(database, owner.login), owner.password)
        rows.act_as_table_owner(tx)
        rows.insert_organisation(tx, organisation_id, organisation)
        for position, clinic in enumerate(clinics):
            rows.insert_clinic(tx, organisation_id, clinic, _slug(clinic.name), position)
        for clinic_id, (key_id, _key) in keys.items():
            rows.insert_data_key(tx, key_id, clinic_id)
        attending = begin(tx, clinics[0], beginning) if beginning else None
        rows.act_as_oneself(tx)
        staff_rows.add_person(tx, owner_id, owner, verifier)
        # With the first person a founder's other rights have ended.
        rows.act_as_table_owner(tx)
        for key_id, kind, blob in wrapped:
            rows.insert_wrapped_key(tx, key_id, owner_id, kind, blob)
        if attending and beginning and beginning.owner_attends:
            rows.tie_professional(tx, attending, owner_id)
    opened = FieldKeys(organisation_id, keys[None][1], 1, {scope: key for scope, (_id, key) in keys.items() if scope})
    return NewClinic(organisation_id, tuple(clinic.id for clinic in clinics), owner_id, recovery_key, opened)


def begin(tx: Transaction, clinic: Clinic, beginning: Beginning) -> UUID | None:
    """Write what a clinic begins with; the id of its first professional. `tx` acts as the owner of the tables."""
    nothing = HoursForm()
    hour_rows.write(tx, clinic.id, None, nothing, HoursForm(beginning.days))
    professional_id = None
    if beginning.professional is not None:
        professional_id = new_id()
        forms.add(tx, clinic.id, professional_id, beginning.professional)
        hour_rows.write(tx, clinic.id, professional_id, nothing, HoursForm(beginning.professional_days))
    headings = {one: new_id() for one in dict.fromkeys(service.category for service in beginning.services)}
    for heading, row_id in headings.items():
        forms.add(tx, clinic.id, row_id, CategoryForm(heading.name, heading.icon, heading.hue))
    for one in beginning.services:
        form = ServiceForm(one.name, headings[one.category], one.minutes, buffer_after=one.after, price=one.price)
        forms.add(tx, clinic.id, new_id(), form)
    return professional_id


def _wrapped(keys: Sequence[tuple[UUID, bytes]], password: str, recovery_key: str) -> list[tuple[UUID, str, bytes]]:
    """Every key under the owner's password and under the recovery key: its id, the kind, the wrapping."""
    found: list[tuple[UUID, str, bytes]] = []
    for kind, under, secret in (
        (PASSWORD_WRAPPING, WrappedUnder.PASSWORD, password),
        ("recovery", WrappedUnder.RECOVERY_KEY, recovery_key),
    ):
        blobs = keychain.wrap_keys([key for _id, key in keys], under, secret)
        found += [(key_id, kind, blob) for (key_id, _key), blob in zip(keys, blobs, strict=True)]
    return found


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-") or "clinica"
