"""People at work: signing in, and giving somebody a login."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID

from clinicdesk import keychain
from clinicdesk.domain.clinics import Clinic as ClinicFacts
from clinicdesk.domain.free_text import clean_text
from clinicdesk.domain.staff import AddPerson, Person, check_password
from clinicdesk.errors import AccountLocked, NoClinicHere
from clinicdesk.keychain import WrappedUnder
from clinicdesk.storage import clinics as clinic_rows
from clinicdesk.storage import ledger
from clinicdesk.storage import staff as rows
from clinicdesk.storage.engine import Engine, Transaction, check_server, login_of, make_engine, transaction
from clinicdesk.usecases.clinic import Clinic, FieldKeys, new_id

PASSWORD_WRAPPING = "password"


@dataclass(frozen=True)
class SignedIn:
    """A person at work in their first clinic, and the clinics they may change to."""

    clinic: Clinic
    clinics: tuple[ClinicFacts, ...]
    server_version: str


def sign_in(address: Mapping[str, str], login: str, password: str, desk: str) -> SignedIn:
    """Open the clinic for a person. `address` is how the database is reached, without user and password.

    Raises SignInRefused, AccountLocked, ClinicUnreachable, ServerUnsafe, SchemaOlder, SchemaNewer or NoClinicHere.
    """
    conninfo = {**address, "user": login_of(address["dbname"], login), "password": password}
    version = check_server(conninfo)
    engine = make_engine(conninfo, desk)
    try:
        with transaction(engine) as tx:
            return _signed_in(tx, engine, conninfo, password, desk, version)
    except BaseException:
        engine.dispose()
        raise


def _signed_in(
    tx: Transaction, engine: Engine, conninfo: Mapping[str, str], password: str, desk: str, version: str
) -> SignedIn:
    person = rows.me(tx)
    if person is None:
        raise AccountLocked
    theirs = tuple(one for one in clinic_rows.clinics(tx) if one.id in person.clinic_ids)
    if not theirs:
        raise NoClinicHere(folder="")
    keys = _unwrapped(tx, password)
    return SignedIn(Clinic(engine, conninfo, person, theirs[0].id, desk, keys), theirs, version)


def _unwrapped(tx: Transaction, password: str) -> FieldKeys | None:
    """This person's keys, opened with the password; None for somebody who was never given the register's."""
    found = rows.wrapped_keys(tx, PASSWORD_WRAPPING)
    organisation_id = rows.organisation_id(tx)
    # Stretching a password takes 0.2 s for each key on purpose and frees the interpreter meanwhile.
    with ThreadPoolExecutor() as pool:
        opened = list(pool.map(lambda row: keychain.unwrap_key(row[3], WrappedUnder.PASSWORD, password), found))
    keys = {clinic_id: (key, version) for (_id, clinic_id, version, _wrapped), key in zip(found, opened, strict=True)}
    if None not in keys:
        return None
    clinic_keys = {clinic_id: key for clinic_id, (key, _version) in keys.items() if clinic_id is not None}
    return FieldKeys(organisation_id, *keys[None], clinic_keys)


def people(clinic: Clinic) -> list[Person]:
    """Everybody with a login in this organisation."""
    with clinic.transaction() as tx:
        return rows.people(tx)


def add_person(clinic: Clinic, command: AddPerson) -> Person:
    """Give somebody a login and this person's keys, wrapped under their password.

    Raises WeakPassword, NotAllowed for anybody but an owner, InvalidField for a login that is taken.
    """
    clean_text(command.login, "login")
    clean_text(command.name, "name")
    check_password(command.password, login=command.login, name=command.name)
    person_id = new_id()
    with clinic.transaction() as tx:
        done = ledger.claim(tx, command.operation_id, "person", person_id)
        if not done:
            account = login_of(rows.database(tx), command.login)
            rows.add_person(tx, person_id, command, rows.verifier(tx, account, command.password))
            _hand_over_keys(tx, clinic, person_id, command)
        return next(one for one in rows.people(tx) if one.id == (done or person_id))


def _hand_over_keys(tx: Transaction, clinic: Clinic, person_id: UUID, command: AddPerson) -> None:
    """Wrap the register's key and those of the person's clinics under their password."""
    for key_id, clinic_id, _version, _wrapped in rows.wrapped_keys(tx, PASSWORD_WRAPPING):
        if clinic_id is not None and clinic_id not in command.clinic_ids:
            continue
        key = clinic.keys.register_key if clinic_id is None else clinic.keys.clinic_keys[clinic_id]
        wrapped = keychain.wrap_key(key, WrappedUnder.PASSWORD, command.password)
        rows.keep_wrapped_key(tx, key_id, person_id, PASSWORD_WRAPPING, wrapped)
