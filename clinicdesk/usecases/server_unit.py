"""What the unit beside a clinic's server does: signs desks, shuts out revoked ones, counts wrong passwords, renews.

It runs under an account of its own, reaches the database by the server's socket alone and holds the authority's key.
"""

import datetime as dt
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clinicdesk import authority as certificates
from clinicdesk.authority import Authority, RequestRefused, write_whole
from clinicdesk.domain.desks import read_code
from clinicdesk.errors import ClinicUnreachable
from clinicdesk.keychain import new_desk_code
from clinicdesk.logs import log
from clinicdesk.storage import server_log
from clinicdesk.storage.server_log import Position, position_from
from clinicdesk.storage.server_unit import CODE_MINUTES, Lost, UnitLink, unit_link
from clinicdesk.usecases.server_place import ServerPlace

BEAT_SECONDS = 5.0
LOOK_SECONDS = 0.25  # how long a wrong password waits to be counted
LIST_AGE = dt.timedelta(days=7)
LOG_DAYS = 30
PAUSE_SECONDS = 1.0
_TRIES = 20

__all__ = ["CODE_MINUTES", "ServerUnit", "make_code", "prepare_authority", "reach", "renew_now", "run"]

Now = Callable[[], dt.datetime]


@dataclass
class ServerUnit:
    """The unit at work over one connection; a new one is made when the server went away."""

    place: ServerPlace
    link: UnitLink
    now: Now = lambda: dt.datetime.now(dt.UTC)
    _authority: Authority | None = field(default=None, init=False)

    def beat(self) -> None:
        """Everything that may be due, once."""
        self.answer_requests()
        self.keep_revocations()
        removed = self.link.remove_code_logins()
        if removed:
            log(__name__).info("codes_removed", count=removed)
        if renew_when_due(self.place, self.now()):
            self.link.reload_server()
            log(__name__).info("server_certificate_renewed")
        self.follow_log()
        server_log.remove_old(self.place.log_folder, time.time() - LOG_DAYS * 86400)
        write_whole(self.place.beat_file, self.now().isoformat().encode(), 0o644)

    def answer_requests(self) -> int:
        """Sign, or refuse with a reason, whatever waits; how many."""
        waiting = self.link.waiting_requests()
        for request in waiting:
            try:
                signed = certificates.sign_desk(self._signer(), request.csr, request.desk_id, self.now())
            except RequestRefused as refused:
                self.link.refuse(request, refused.reason)
                log(__name__).warning("desk_refused", desk_id=request.desk_id, reason=refused.reason)
                continue
            self.link.sign(request, signed, self._signer().pem)
            log(__name__).info("desk_signed", desk_id=request.desk_id, renewal=request.renewal)
        return len(waiting)

    def keep_revocations(self) -> bool:
        """Write the list of revoked desks where it is missing, old or not so, and have the server use it."""
        revoked = self.link.revoked_serials()
        if not self._list_is_due(frozenset(revoked)):
            return False
        made = certificates.revocation_list(self._signer(), revoked.items(), self.now())
        write_whole(self.place.revoked, made.encode(), 0o644)
        self.link.reload_server()
        ended = self.link.end_revoked()
        log(__name__).info("revocations_written", count=len(revoked), ended=ended)
        return True

    def follow_log(self) -> int:
        """Count what the log tells of since; how many attempts. Each is counted once, whatever ends in between."""
        position, pending = self._position()
        if pending is not None:
            reached, transaction = pending
            position = reached if self.link.was_committed(transaction) else position
            self._keep_position(position)
        counted = 0
        while True:
            attempts, reached = server_log.read_on(self.place.log_folder, position)
            if attempts:
                before, after = position, reached
                self.link.count_attempts(attempts, lambda number: self._keep_position(before, (after, number)))  # noqa: B023
                counted += len(attempts)
            if reached != position:
                self._keep_position(reached)
            if len(attempts) < server_log.MOST_ATTEMPTS:
                return counted
            position = reached

    def _list_is_due(self, revoked: frozenset[str]) -> bool:
        try:
            listed, ends = certificates.listed_serials(self.place.revoked.read_bytes())
        except (OSError, ValueError):
            return True
        return listed != revoked or ends - self.now() < certificates.LIST_LIFE - LIST_AGE

    def _signer(self) -> Authority:
        if self._authority is None:
            self._authority = certificates.load_authority(self.place.authority)
        return self._authority

    def _position(self) -> tuple[Position, tuple[Position, str] | None]:
        try:
            stored = json.loads(self.place.position_file.read_bytes())
        except (OSError, ValueError):
            stored = None
        kept = position_from(stored.get("done")) if isinstance(stored, dict) else None
        if kept is None or stored is None:
            # Nothing is known of what was counted: what happened before this start is let go.
            begun = server_log.end_of(self.place.log_folder)
            self._keep_position(begun)
            return begun, None
        reached, transaction = position_from(stored.get("reached")), stored.get("transaction")
        pending = (reached, transaction) if reached is not None and isinstance(transaction, str) else None
        return kept, pending

    def _keep_position(self, done: Position, pending: tuple[Position, str] | None = None) -> None:
        stored: dict[str, Any] = {"done": done.as_json()}
        if pending:
            stored |= {"reached": pending[0].as_json(), "transaction": pending[1]}
        write_whole(self.place.position_file, json.dumps(stored).encode(), 0o600)


def run(
    place: ServerPlace,
    stopping: threading.Event,
    connect: Callable[[], UnitLink] | None = None,
    beaten: Callable[[], None] = lambda: None,
) -> None:
    """Work until `stopping` is set; `beaten` is called after each round. A server that goes away is waited for."""
    connect = connect or (lambda: unit_link(place.conninfo))
    while not stopping.is_set():
        try:
            link = connect()
        except Lost as error:
            log(__name__).warning("server_unreachable", error=type(error).__name__)
            stopping.wait(PAUSE_SECONDS)
            continue
        try:
            _work(ServerUnit(place, link), stopping, beaten)
        except Lost as error:
            log(__name__).warning("server_lost", error=type(error).__name__)
            stopping.wait(PAUSE_SECONDS)
        except Exception as error:
            # A desk or a disk that does what nobody foresaw must not leave every other desk waiting.
            log(__name__).error("round_failed", exc_info=error)
            stopping.wait(PAUSE_SECONDS)
        finally:
            link.close()


def _work(unit: ServerUnit, stopping: threading.Event, beaten: Callable[[], None]) -> None:
    unit.link.listen()
    log(__name__).info("unit_at_work")
    due = 0.0
    while not stopping.is_set():
        called = unit.link.wait(LOOK_SECONDS if due else 0.0)
        if called or time.monotonic() >= due:
            unit.beat()
            due = time.monotonic() + BEAT_SECONDS
            beaten()
        else:
            unit.follow_log()


# --- what a person asks for on the server ----------------------------------------------------------------------------


def reach(place: ServerPlace) -> UnitLink:
    """A connection of the unit. Raises ClinicUnreachable."""
    try:
        return unit_link(place.conninfo)
    except Lost:
        raise ClinicUnreachable from None


def make_code(link: UnitLink) -> str:
    """A code that lets one desk join within fifteen minutes; the clinic's founder's while there is nobody."""
    for _try in range(_TRIES):
        drawn = new_desk_code()
        code = read_code(drawn)
        if link.invite(code.part, code.secret):
            return drawn
    raise RuntimeError("no free name for a code")


def renew_now(place: ServerPlace, connect: Callable[[], UnitLink], now: dt.datetime) -> dt.datetime:
    """Renew the server's certificate and have PostgreSQL use it; its last moment. Raises ClinicUnreachable, OSError."""
    link = connect()
    try:
        renew(place, now)
        link.reload_server()
    finally:
        link.close()
    return certificates.facts_of(place.server_certificate.read_bytes()).ends_at


def renew_when_due(place: ServerPlace, now: dt.datetime) -> bool:
    """Renew the server's certificate where it is missing, is not for its names, or ends within thirty days."""
    return server_certificate_due(place, now) and renew(place, now)


def server_certificate_due(place: ServerPlace, now: dt.datetime) -> bool:
    """Whether it is time for the server's next certificate."""
    try:
        found = certificates.facts_of(place.server_certificate.read_bytes())
        ours = certificates.signed_by(place.server_certificate.read_bytes(), place.authority_certificate.read_bytes())
    except (OSError, ValueError):
        return True
    same_names = set(found.names) == set(place.names) and set(found.addresses) == set(place.addresses)
    return not ours or not same_names or found.ends_at - now < certificates.WARNED_AHEAD


def renew(place: ServerPlace, now: dt.datetime) -> bool:
    """Sign the server's key anew; its key stays, because only PostgreSQL may read that. True when it was done.

    Raises OSError or ValueError.
    """
    signer = certificates.load_authority(place.authority)
    made = certificates.sign_server(signer, place.public_key.read_bytes(), place.names, place.addresses, now)
    write_whole(place.server_certificate, made.encode(), 0o644)
    return True


def prepare_authority(place: ServerPlace, now: dt.datetime) -> list[str]:
    """Make the authority, the server's certificate and an empty list of revoked desks where they are missing."""
    made = []
    if not (place.authority / certificates.KEY_FILE).exists():
        certificates.keep_authority(
            certificates.make_authority((*place.names, *place.addresses)[0], now), place.authority
        )
        made.append("authority")
    signer = certificates.load_authority(place.authority)
    place.tls.mkdir(mode=0o755, parents=True, exist_ok=True)
    place.tls.chmod(0o755)
    if not _holds(place.authority_certificate, signer.pem.encode()):
        write_whole(place.authority_certificate, signer.pem.encode(), 0o644)
    if renew_when_due(place, now):
        made.append("server_certificate")
    if not place.revoked.exists():
        write_whole(place.revoked, certificates.revocation_list(signer, [], now).encode(), 0o644)
        made.append("revocation_list")
    return made


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False
