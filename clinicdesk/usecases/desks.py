"""Desks of a clinic server: joining it by a code, inviting others, and taking a desk's certificate away."""

import datetime as dt
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from clinicdesk import keychain
from clinicdesk.domain.desks import (
    Desk,
    DeskCertificate,
    DeskCode,
    Invitation,
    ServerAddress,
    ServerLook,
    clean_desk_name,
    read_code,
)
from clinicdesk.errors import ClockOff, DataFolderUnusable, EnrolmentRefused, InvalidField, NotFound
from clinicdesk.storage import desks as rows
from clinicdesk.storage import enrolment
from clinicdesk.storage import staff as staff_rows
from clinicdesk.storage.desks import Answer
from clinicdesk.storage.server_link import enrolment_conninfo, server_conninfo
from clinicdesk.storage.server_look import look_at
from clinicdesk.usecases import desk_files
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.usecases.desk_files import DeskFiles, NewKey
from clinicdesk.usecases.place import Place

ASK_EVERY = 0.3  # seconds
PATIENCE = 20.0  # seconds in which the server's unit has to answer
_CODES_TRIED = 5  # four letters may be taken


@dataclass(frozen=True)
class Enrolled:
    """A desk that joined. `founder` reaches the database with the code's rights while there is no clinic; else None."""

    desk_id: UUID
    address: ServerAddress
    certificate_ends_at: dt.datetime
    founder: Mapping[str, str] | None = field(default=None, repr=False)


# --- joining ---------------------------------------------------------------------------------------------------------


def look_for_server(address: ServerAddress) -> ServerLook:
    """Whether a server with encryption answers there by that name, and how fast; who it is only a code can prove.

    Raises HostNotFound, NobodyAnswers, NoClinicServer or ServerNotTrusted.
    """
    return look_at(address)


def enrol(data_dir: Path, address: ServerAddress, code: DeskCode, desk_name: str) -> Enrolled:
    """Join a clinic server: have this desk's key signed, check what came, and keep it in the data folder.

    The settings are the caller's to save (`place.joined`). Nothing is kept unless all of it holds. Raises InvalidField
    (desk_name), HostNotFound, NobodyAnswers, NoClinicServer, ServerNotTrusted, EnrolmentRefused, ClockOff or
    DataFolderUnusable.
    """
    name = clean_desk_name(desk_name)
    look_at(address)  # before the code is used up: a wrong name would come out only at the end
    key = desk_files.new_key(name)
    login = {"user": code.login(address.database), "password": code.secret}
    with enrolment.code_connection({**enrolment_conninfo(address), **login}) as connection:
        answer = _answered(lambda: enrolment.ask(connection, key.request, name))
        clock, founds = enrolment.server_clock(connection), enrolment.is_founder(connection)
    ends = _checked(answer, key, clock)
    with tempfile.TemporaryDirectory() as folder:
        _prove(Path(folder), address, login, key, answer)
    _keep(data_dir, key, answer)
    door = {**_conninfo(desk_files.files_of(data_dir), address, key.passphrase), **login} if founds else None
    return Enrolled(answer.desk_id, address, ends, door)


def _answered(ask: Callable[[], Answer]) -> Answer:
    """Ask until the server's unit has answered. Raises EnrolmentRefused (silent, refused)."""
    begun = time.monotonic()
    while not (answer := ask()).given:
        if time.monotonic() - begun > PATIENCE:
            raise EnrolmentRefused("silent")
        time.sleep(ASK_EVERY)
    if answer.refusal:
        raise EnrolmentRefused("refused")
    return answer


def _checked(answer: Answer, key: NewKey, clock: dt.datetime) -> dt.datetime:
    """Whether the certificate is of our key, by the authority that came with it, and counts now; until when it does."""
    found = desk_files.checked(key, answer.certificate, answer.authority)
    here = dt.datetime.now(dt.UTC)
    if not found.begins_at <= here <= found.ends_at:
        raise ClockOff(here, clock)
    return found.ends_at


def _prove(folder: Path, address: ServerAddress, login: Mapping[str, str], key: NewKey, answer: Answer) -> None:
    """Reach the server once as every later sign-in will: it shows the authority's certificate and takes the desk's."""
    files = DeskFiles(folder)
    desk_files.write(files, key, answer.certificate, answer.authority)
    with enrolment.code_connection({**_conninfo(files, address, key.passphrase), **login}):
        pass


def _keep(data_dir: Path, key: NewKey, answer: Answer) -> None:
    try:
        desk_files.keep(data_dir, key, answer.certificate, answer.authority)
    except OSError as error:
        full = error.errno in desk_files.FULL
        raise DataFolderUnusable(str(data_dir), "full" if full else "read_only") from error


def _conninfo(files: DeskFiles, address: ServerAddress, passphrase: str) -> dict[str, str]:
    return server_conninfo(address, str(files.authority), str(files.certificate), str(files.key), passphrase)


# --- the clinic's desks ----------------------------------------------------------------------------------------------


def desks(clinic: Clinic) -> list[Desk]:
    """Every desk that joined, those in use first. For owners and managers; anybody else is told NotAllowed."""
    with clinic.transaction() as tx:
        return rows.desks(tx)


def invite(clinic: Clinic) -> Invitation:
    """A code by which one computer joins within minutes. Raises NotAllowed for anybody but an owner."""
    for tried in range(_CODES_TRIED):
        code = read_code(keychain.new_desk_code())
        try:
            with clinic.transaction() as tx:
                account = code.login(staff_rows.database(tx))
                verifier = staff_rows.verifier(tx, account, code.secret)
                return Invitation(code, rows.invite(tx, new_id(), code, verifier))
        except InvalidField:  # these four letters name a login already
            if tried == _CODES_TRIED - 1:
                raise
    raise AssertionError


def rename(clinic: Clinic, desk_id: UUID, name: str) -> str:
    """Give a desk another name; how it is kept. Raises InvalidField, NotFound, or NotAllowed for all but owners."""
    cleaned = clean_desk_name(name)
    with clinic.transaction() as tx:
        if not rows.rename(tx, desk_id, cleaned):
            raise NotFound("desk")
    return cleaned


def revoke(clinic: Clinic, desk_id: UUID) -> None:
    """Shut a desk out for good and end what it has open. Raises NotFound, or NotAllowed for anybody but an owner."""
    with clinic.transaction() as tx:
        rows.revoke(tx, desk_id)
    # What ends connections asks no transaction, so it waits until the desk is shut out.
    with clinic.transaction() as tx:
        rows.end_revoked_connections(tx)


# --- what ends -------------------------------------------------------------------------------------------------------


def renew_certificate(clinic: Clinic, place: Place, now: dt.datetime) -> bool:
    """Fetch this desk's next certificate when the present one ends within 30 days; whether there is a new one.

    The key stays, so that there is one file to replace and never half of a pair. Raises EnrolmentRefused.
    """
    if place.certificate is None or not place.certificate.ends_soon(now):
        return False
    request = desk_files.request_of(place.data_dir)

    def ask() -> Answer:
        with clinic.transaction() as tx:
            return rows.ask_to_renew(tx, request)

    desk_files.replace_certificate(place.data_dir, _answered(ask).certificate)
    return True


def certificate_facts(data_dir: Path) -> DeskCertificate:
    """What this desk's certificate says. Raises DeskNotEnrolled."""
    return desk_files.certificate_of(data_dir)


def look_at_server(place: Place) -> ServerLook:
    """Whether the server of this desk answers, how fast, and until when its certificate counts.

    Raises HostNotFound, NobodyAnswers, NoClinicServer or ServerNotTrusted.
    """
    assert place.server is not None
    return look_at(place.server, str(desk_files.files_of(place.data_dir).authority))
