"""People at work: signing in, and giving somebody a login."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from uuid import UUID

from clinicdesk import keychain
from clinicdesk.domain.clinics import Clinic as ClinicFacts
from clinicdesk.domain.free_text import clean_text
from clinicdesk.domain.staff import AddPerson, Person, check_password
from clinicdesk.errors import AccountLocked, KeyUnavailable, NoClinicHere
from clinicdesk.keychain import WrappedUnder
from clinicdesk.storage import clinics as clinic_rows
from clinicdesk.storage import ledger
from clinicdesk.storage import staff as rows
from clinicdesk.storage.engine import Engine, Transaction, login_of, open_engine, transaction
from clinicdesk.usecases.clinic import Clinic, FieldKeys, new_id
from clinicdesk.usecases.own_key import OwnFiles

PASSWORD_WRAPPING = "password"


@dataclass(frozen=True)
class SignedIn:
    """A person at work in their first clinic, and the clinics they may change to.

    `proof` is one of their wrapped keys: whoever opens it knows the password, which itself is kept nowhere.
    """

    clinic: Clinic
    clinics: tuple[ClinicFacts, ...]
    server_version: str
    proof: bytes = field(default=b"", repr=False)
    own: OwnFiles | None = field(default=None, repr=False)  # what they keep at this desk
    again: "Callable[[], SignedIn] | None" = field(default=None, repr=False)  # asks for the server that was gone


def sign_in(address: Mapping[str, str], login: str, password: str, desk: str) -> SignedIn:
    """Open the clinic for a person. `address` is how the database is reached, without user and password.

    Raises SignInRefused, AccountLocked, ClinicUnreachable, ServerUnsafe, SchemaOlder, SchemaNewer or NoClinicHere.
    """
    conninfo = {**address, "user": login_of(address["dbname"], login), "password": password}
    engine, version = open_engine(conninfo, desk)
    try:
        with transaction(engine) as tx, ThreadPoolExecutor(1) as aside:
            return _signed_in(tx, aside, engine, conninfo, password, desk, version)
    except BaseException:
        engine.dispose()
        raise


def _signed_in(
    tx: Transaction,
    aside: ThreadPoolExecutor,
    engine: Engine,
    conninfo: Mapping[str, str],
    password: str,
    desk: str,
    version: str,
) -> SignedIn:
    # Stretching the password is most of a sign-in: it begins first, and the rest is read meanwhile.
    wrapped = rows.wrapped_keys(tx, PASSWORD_WRAPPING)
    opening = aside.submit(_opened, [row[3] for row in wrapped], password)
    person = rows.me(tx)
    if person is None:
        raise AccountLocked
    theirs = tuple(one for one in clinic_rows.clinics(tx) if one.id in person.clinic_ids)
    if not theirs:
        raise NoClinicHere(folder="")
    organisation_id = rows.organisation_id(tx)
    opened, proof = opening.result()
    keys = {
        clinic_id: (key, key_version) for (_id, clinic_id, key_version, _), key in zip(wrapped, opened, strict=True)
    }
    clinic = Clinic(engine, conninfo, person, theirs[0].id, desk, _field_keys(organisation_id, keys))
    return SignedIn(clinic, theirs, version, proof)


def _opened(wrapped: list[bytes], password: str) -> tuple[list[bytes], bytes]:
    """The keys a password opens, and what shows later that somebody knows it."""
    if wrapped:
        return keychain.unwrap_keys(wrapped, WrappedUnder.PASSWORD, password), wrapped[0]
    return [], keychain.wrap_key(keychain.new_data_key(), WrappedUnder.PASSWORD, password)


def _field_keys(organisation_id: UUID, keys: Mapping[UUID | None, tuple[bytes, int]]) -> FieldKeys | None:
    """None for somebody who was never given the register's key."""
    if None not in keys:
        return None
    clinic_keys = {clinic_id: key for clinic_id, (key, _version) in keys.items() if clinic_id is not None}
    return FieldKeys(organisation_id, *keys[None], clinic_keys)


def knows_password(signed_in: SignedIn, password: str) -> bool:
    """Whether this is the password they signed in with; asks nobody, takes 0.2 s, and as long when it is wrong."""
    try:
        keychain.unwrap_key(signed_in.proof, WrappedUnder.PASSWORD, password)
    except KeyUnavailable:
        return False
    return True


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
    theirs = [
        (key_id, clinic.keys.register_key if clinic_id is None else clinic.keys.clinic_keys[clinic_id])
        for key_id, clinic_id, _version, _wrapped in rows.wrapped_keys(tx, PASSWORD_WRAPPING)
        if clinic_id is None or clinic_id in command.clinic_ids
    ]
    wrapped = keychain.wrap_keys([key for _id, key in theirs], WrappedUnder.PASSWORD, command.password)
    for (key_id, _key), blob in zip(theirs, wrapped, strict=True):
        rows.keep_wrapped_key(tx, key_id, person_id, PASSWORD_WRAPPING, blob)
