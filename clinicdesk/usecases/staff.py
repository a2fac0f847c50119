"""People at work: signing in, who there is, and giving somebody a login."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from uuid import UUID

from clinicdesk import keychain
from clinicdesk.domain.clinics import Clinic as ClinicFacts
from clinicdesk.domain.free_text import clean_text
from clinicdesk.domain.patients import clean_name
from clinicdesk.domain.staff import AddPerson, InvitePerson, Person, Rights, check_password
from clinicdesk.errors import AccountLocked, DiskFull, KeyUnavailable, NoClinicHere, NotFound, PasswordToChoose
from clinicdesk.keychain import WrappedUnder
from clinicdesk.storage import clinics as clinic_rows
from clinicdesk.storage import ledger
from clinicdesk.storage import staff as rows
from clinicdesk.storage.engine import Engine, Transaction, login_of, open_engine, server_now, transaction
from clinicdesk.usecases.clinic import Clinic, FieldKeys, new_id
from clinicdesk.usecases.media import make_media_keys
from clinicdesk.usecases.own_key import OwnFiles

PASSWORD_WRAPPING = "password"
CODE_LIFE = dt.timedelta(days=7)


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


@dataclass(frozen=True)
class Invitation:
    """Somebody who signs in with a code next. The code is shown once and kept nowhere; empty: it was used meanwhile."""

    person: Person
    code: str
    expires_at: dt.datetime | None


@dataclass(frozen=True)
class Member:
    """Somebody of the team as owners and managers see them: with their last sign-in, None when there was none."""

    person: Person
    last_sign_in: dt.datetime | None


# --- signing in ------------------------------------------------------------------------------------------------------


def sign_in(address: Mapping[str, str], login: str, password: str, desk: str) -> SignedIn:
    """Open the clinic for a person. `address` is how the database is reached, without user and password.

    Raises SignInRefused, AccountLocked, PasswordToChoose for who has a code, ClinicUnreachable, ServerUnsafe,
    SchemaOlder, SchemaNewer or NoClinicHere.
    """
    conninfo = {**address, "user": login_of(address["dbname"], login), "password": password}
    engine, version = open_engine(conninfo, desk)
    try:
        with transaction(engine) as tx, ThreadPoolExecutor(1) as aside:
            signed_in = _signed_in(tx, aside, engine, conninfo, password, desk, version)
        # A full disk leaves a clinic that can be read, and so it can be entered.
        with suppress(DiskFull):
            signed_in.clinic.open_session()
            with suppress(KeyUnavailable):
                make_media_keys(signed_in.clinic)
    except BaseException:
        engine.dispose()
        raise
    return signed_in


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
        invitation = rows.my_invitation(tx)
        if invitation is not None:
            raise PasswordToChoose(name=invitation[0])
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
    return [], new_proof(password)


def new_proof(password: str) -> bytes:
    """What shows later that somebody knows this password, and opens nothing else."""
    return keychain.wrap_key(keychain.new_data_key(), WrappedUnder.PASSWORD, password)


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


def unwrapped(found: Sequence[rows.WrappedKey], under: WrappedUnder, secret: str) -> dict[UUID, bytes]:
    """Keys by id, opened. Raises KeyUnavailable."""
    opened = keychain.unwrap_keys([blob for _id, blob in found], under, secret)
    return {key_id: key for (key_id, _blob), key in zip(found, opened, strict=True)}


def wrapped(keys: Mapping[UUID, bytes], under: WrappedUnder, secret: str) -> list[rows.WrappedKey]:
    """Keys by id, each sealed under a secret."""
    sealed = keychain.wrap_keys(list(keys.values()), under, secret)
    return list(zip(keys, sealed, strict=True))


# --- who there is ----------------------------------------------------------------------------------------------------


def people(clinic: Clinic) -> list[Person]:
    """Everybody with a login in this organisation."""
    with clinic.transaction() as tx:
        return rows.people(tx)


def team(clinic: Clinic) -> list[Member]:
    """Everybody with their last sign-in. Raises NotAllowed for anybody but owners and managers."""
    with clinic.transaction() as tx:
        last = rows.last_sign_ins(tx)
        return [Member(one, last.get(one.id)) for one in rows.people(tx)]


def my_capabilities(clinic: Clinic) -> Rights:
    """What the signed-in person may do as things stand now. Raises AccountLocked when the account was closed."""
    with clinic.transaction() as tx:
        person = rows.me(tx)
    if person is None:
        raise AccountLocked
    return person.rights


def found_person(tx: Transaction, person_id: UUID) -> Person:
    """Somebody as they stand now. Raises NotFound."""
    found = rows.one(tx, person_id)
    if found is None:
        raise NotFound("person", str(person_id))
    return found


# --- giving a login --------------------------------------------------------------------------------------------------


def invite_person(clinic: Clinic, command: InvitePerson) -> Invitation:
    """Give somebody a login that a code opens for seven days, and the keys of their clinics under that code.

    Done again with the same operation it gives the same person a new code, for the first was seen by nobody.
    Raises NotAllowed for anybody but an owner of those clinics, InvalidField for a login that is taken, KeyUnavailable.
    """
    clean_text(command.login, "login")
    name = clean_name(command.name, "name")
    code, person_id = keychain.new_one_time_code(), new_id()
    sealed = keys_under_code(clinic, command.clinic_ids, code)
    with clinic.transaction() as tx:
        expires = server_now(tx) + CODE_LIFE
        made = rows.verifier(tx, login_of(rows.database(tx), command.login), code)
        done = ledger.claim(tx, command.operation_id, "person", person_id)
        if done:
            person = found_person(tx, done)
            if not person.invited:
                return Invitation(person, "", None)
            rows.reset_access(tx, done, made, expires, sealed)
        else:
            rows.invite_person(tx, person_id, replace(command, name=name), made, expires)
            for key_id, blob in sealed:
                rows.keep_wrapped_key(tx, key_id, person_id, "one_time_code", blob)
        return Invitation(found_person(tx, done or person_id), code, expires)


def keys_under_code(clinic: Clinic, clinic_ids: Iterable[UUID], code: str) -> list[rows.WrappedKey]:
    """The register's key and those of some clinics, as a one-time code wraps them. Raises KeyUnavailable."""
    return wrapped(keys_for(clinic, clinic_ids), WrappedUnder.ONE_TIME_CODE, code)


def keys_for(clinic: Clinic, clinic_ids: Iterable[UUID]) -> dict[UUID, bytes]:
    """By id, the keys of this person that somebody of these clinics is to have. Raises KeyUnavailable."""
    wanted = set(clinic_ids)
    with clinic.transaction() as tx:
        found = rows.wrapped_keys(tx, PASSWORD_WRAPPING)
    keys = clinic.keys
    return {
        key_id: keys.register_key if clinic_id is None else keys.clinic_keys[clinic_id]
        for key_id, clinic_id, _version, _wrapped in found
        if clinic_id is None or clinic_id in wanted
    }


def add_person(clinic: Clinic, command: AddPerson) -> Person:
    """Give somebody a login with a password that stands already, as for the people of the demo.

    Raises WeakPassword, NotAllowed for anybody but an owner, InvalidField for a login that is taken.
    """
    clean_text(command.login, "login")
    clean_text(command.name, "name")
    check_password(command.password, login=command.login, name=command.name)
    person_id = new_id()
    sealed = wrapped(keys_for(clinic, command.clinic_ids), WrappedUnder.PASSWORD, command.password)
    with clinic.transaction() as tx:
        done = ledger.claim(tx, command.operation_id, "person", person_id)
        if not done:
            account = login_of(rows.database(tx), command.login)
            rows.add_person(tx, person_id, command, rows.verifier(tx, account, command.password))
            for key_id, blob in sealed:
                rows.keep_wrapped_key(tx, key_id, person_id, PASSWORD_WRAPPING, blob)
        return found_person(tx, done or person_id)
