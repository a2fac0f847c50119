"""Making a clinic where there was none, as the account that owns the server."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from clinicdesk import keychain
from clinicdesk.domain.clinics import Clinic, clean_cnpj
from clinicdesk.domain.free_text import clean_text
from clinicdesk.domain.patients import clean_name, fold
from clinicdesk.domain.staff import AddPerson, check_password
from clinicdesk.errors import ClinicAlreadyHere
from clinicdesk.keychain import WrappedUnder
from clinicdesk.storage import setup as rows
from clinicdesk.storage import staff as staff_rows
from clinicdesk.storage.engine import login_of, transaction
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
    admin: Mapping[str, str], database: str, organisation: str, clinics: Sequence[Clinic], owner: AddPerson
) -> NewClinic:
    """Make the database of an organisation with its clinics and its first owner; all of it or nothing.

    Raises ClinicAlreadyHere, WeakPassword or InvalidField.
    """
    check_password(owner.password, login=owner.login, name=owner.name)
    for clinic in clinics:
        clean_cnpj(clinic.cnpj)
        for field in ("name", "city", "address", "phone", "email"):
            clean_text(getattr(clinic, field), field)
    if rows.has_database(admin, database):
        raise ClinicAlreadyHere(folder=admin.get("host", ""))
    rows.make_database(admin, database)
    try:
        return _fill(admin, database, clean_name(organisation, "organisation"), clinics, owner)
    except BaseException:
        rows.remove_database(admin, database)
        raise


def _fill(
    admin: Mapping[str, str], database: str, organisation: str, clinics: Sequence[Clinic], owner: AddPerson
) -> NewClinic:
    organisation_id, owner_id, recovery_key = new_id(), new_id(), keychain.new_recovery_key()
    # One key for the register that all clinics share, and one for each clinic's own protected fields.
    keys = {scope: (new_id(), keychain.new_data_key()) for scope in (None, *(clinic.id for clinic in clinics))}
    engine = rows.admin_engine(admin, database)
    try:
        with transaction(engine) as tx:
            verifier = staff_rows.verifier(tx, login_of(database, owner.login), owner.password)
            rows.act_as_table_owner(tx)
            rows.insert_organisation(tx, organisation_id, organisation)
            for position, clinic in enumerate(clinics):
                rows.insert_clinic(tx, organisation_id, clinic, _slug(clinic.name), position)
            for clinic_id, (key_id, _key) in keys.items():
                rows.insert_data_key(tx, key_id, clinic_id)
        with transaction(engine) as tx:
            staff_rows.add_person(tx, owner_id, owner, verifier)
            for kind, under, secret in (
                (PASSWORD_WRAPPING, WrappedUnder.PASSWORD, owner.password),
                ("recovery", WrappedUnder.RECOVERY_KEY, recovery_key),
            ):
                wrapped = keychain.wrap_keys([key for _id, key in keys.values()], under, secret)
                for (key_id, _key), blob in zip(keys.values(), wrapped, strict=True):
                    staff_rows.keep_wrapped_key(tx, key_id, owner_id, kind, blob)
    finally:
        engine.dispose()
    opened = FieldKeys(organisation_id, keys[None][1], 1, {scope: key for scope, (_id, key) in keys.items() if scope})
    return NewClinic(organisation_id, tuple(clinic.id for clinic in clinics), owner_id, recovery_key, opened)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", fold(name)).strip("-") or "clinica"
