"""A person's own password: the first one in place of a code, another one, and an owner's by the recovery key.

The keys travel with it: what the code or the old password opened is wrapped anew, all of them or none.
"""

from collections.abc import Mapping

from clinicdesk import keychain
from clinicdesk.domain.staff import Role, check_password
from clinicdesk.errors import CodeOver, KeyUnavailable, RecoveryRefused, SignInRefused
from clinicdesk.keychain import WrappedUnder
from clinicdesk.storage import staff as rows
from clinicdesk.storage.engine import Transaction, check_server, login_of, make_engine, server_now, transaction
from clinicdesk.storage.ownership import become
from clinicdesk.storage.setup import admin_engine
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.usecases.staff import CODE_LIFE, PASSWORD_WRAPPING, SignedIn, sign_in, unwrapped, wrapped


def choose_password(address: Mapping[str, str], login: str, code: str, new_password: str, desk: str) -> SignedIn:
    """Put a password of one's own in the place of a one-time code, and sign in with it.

    Raises SignInRefused for a code that is not this person's or is over, CodeOver when a password was chosen already,
    WeakPassword, AccountLocked and what `sign_in` raises.
    """
    typed = keychain.one_time_code_of(code)
    if not typed:
        raise SignInRefused
    conninfo = {**address, "user": login_of(address["dbname"], login), "password": typed}
    check_server(conninfo)
    engine = make_engine(conninfo, desk)
    try:
        with transaction(engine) as tx:
            invitation = rows.my_invitation(tx)
        if invitation is None:
            raise CodeOver
        name, found = invitation
        check_password(new_password, login=login, name=name)
        opened = unwrapped(found, WrappedUnder.ONE_TIME_CODE, typed)
        sealed = wrapped(opened, WrappedUnder.PASSWORD, new_password)
        with transaction(engine) as tx:
            rows.choose_password(tx, _verifier(tx, login, new_password), sealed)
    finally:
        engine.dispose()
    return sign_in(address, login, new_password, desk)


def change_password(clinic: Clinic, old: str, new: str) -> None:
    """Choose another password. What is open here goes on with it.

    Raises SignInRefused when the old one is not right, WeakPassword, KeyUnavailable, AccountLocked.
    """
    check_password(new, login=clinic.person.login, name=clinic.person.name)
    if not clinic.accepts(old):
        raise SignInRefused
    with clinic.transaction() as tx:
        found = [(key_id, blob) for key_id, _clinic, _version, blob in rows.wrapped_keys(tx, PASSWORD_WRAPPING)]
    sealed = wrapped(unwrapped(found, WrappedUnder.PASSWORD, old), WrappedUnder.PASSWORD, new)
    with clinic.transaction() as tx:
        rows.choose_password(tx, _verifier(tx, clinic.person.login, new), sealed)
    clinic.use_password(new)


def recover(admin: Mapping[str, str], database: str, login: str, recovery_key: str, new_password: str) -> None:
    """Give an owner who forgot the password another one, by the printed recovery key.

    `admin` reaches the server as its administrator, so this is done where the server is. It lets in an owner who was
    locked as well. Raises RecoveryRefused, or WeakPassword.
    """
    engine = admin_engine(admin, database)
    try:
        with transaction(engine) as tx:
            person = rows.by_login(tx, login)
            found = rows.wrapped_keys(tx, "recovery")
        check_password(new_password, login=login, name=person.name if person else "")
        try:
            opened = unwrapped([(row[0], row[3]) for row in found], WrappedUnder.RECOVERY_KEY, recovery_key)
        except KeyUnavailable:
            raise RecoveryRefused from None
        if person is None or person.role is not Role.OWNER or not found:
            raise RecoveryRefused
        clinics = {key_id: clinic_id for key_id, clinic_id, _version, _blob in found}
        theirs = {
            key_id: key
            for key_id, key in opened.items()
            if clinics[key_id] is None or clinics[key_id] in person.clinic_ids
        }
        code = keychain.new_one_time_code()
        under_code = wrapped(theirs, WrappedUnder.ONE_TIME_CODE, code)
        under_password = wrapped(theirs, WrappedUnder.PASSWORD, new_password)
        with transaction(engine) as tx:
            expires = server_now(tx) + CODE_LIFE
            rows.reset_access(tx, person.id, _verifier(tx, login, code), expires, under_code)
            become(tx, database, login)
            rows.choose_password(tx, _verifier(tx, login, new_password), under_password)
    finally:
        engine.dispose()


def _verifier(tx: Transaction, login: str, password: str) -> str:
    return rows.verifier(tx, login_of(rows.database(tx), login), password)
