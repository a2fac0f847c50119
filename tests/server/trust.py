"""Certificates that lie, ran out or are missing, and somebody in between: each refused, on one side or the other."""

import datetime as dt
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from clinicdesk import authority as certificates
from clinicdesk.authority import Authority
from clinicdesk.domain.desks import ServerAddress, read_code
from clinicdesk.errors import ClinicError, DeskNotEnrolled, EnrolmentRefused, ServerNotTrusted
from clinicdesk.storage.server_link import enrolment_conninfo
from clinicdesk.usecases import desks, staff
from tests.server.clinic import ADDRESS, PASSWORD, DeskComputer, add_receptionist, found_clinic
from tests.server.figures import Figures
from tests.server.lan import Lan, entered
from tests.server.relay import Relay
from tests.server.root import DATABASE, OTHER_ADDRESS, SERVER, ServerRoot
from tests.test_authority import request as signing_request

EVIL = "10.77.0.66"
_TLS = "var/lib/clinicdesk-server/tls"


def run(folder: str = "/var/tmp/clinicdesk-trust") -> int:
    """Try every lie; 0 when all of them were refused."""
    figures = Figures()
    with (
        Lan("trust") as lan,
        ServerRoot.at(Path(folder)) as root,
        tempfile.TemporaryDirectory(prefix="clinicdesk-desks-") as data,
        ExitStack() as closing,
    ):
        space = lan.join("server", SERVER, OTHER_ADDRESS)
        root.set_up(space)
        closing.enter_context(root.running(space))
        desk = DeskComputer(lan.join("desk1", "10.77.0.11"), Path(data) / "desk1", "Recepção 1")
        found_clinic(desk, desk.enrol(root.printed_code()))
        owner = desk.sign_in("claudia").clinic
        closing.callback(owner.close)
        add_receptionist(desk, owner)
        lies = _Lies(figures, root, desk, Path(data))
        lies.of_the_desk()
        lies.of_requests()
        lies.in_between(lan.join("evil", EVIL))
        lies.of_the_server()
    print("every lie was refused" if figures.good else "NOT every lie was refused")
    return 0 if figures.good else 1


class _Lies:
    def __init__(self, figures: Figures, root: ServerRoot, desk: DeskComputer, data: Path) -> None:
        self._figures, self._root, self._desk, self._data = figures, root, desk, data
        assert desk.place is not None
        self._address = dict(desk.place.address)
        self._clinic = certificates.load_authority(root.folder / "var/lib/clinicdesk-server/authority")
        self._stranger = certificates.make_authority("outra", _now())

    # --- what a desk shows -------------------------------------------------------------------------------------------

    def of_the_desk(self) -> None:
        """Desks that show nothing, or what the server is not to take."""
        self._refused("a desk without a certificate", DeskNotEnrolled("refused"), sslcertmode="disable")
        for what, signer, moment, reason in (
            ("a certificate by another authority", self._stranger, _now(), "refused"),
            ("a certificate that ran out", self._clinic, _now() - dt.timedelta(days=373), "expired"),
        ):
            self._refused(what, DeskNotEnrolled(reason), **self._certificate(signer, moment))
        _sign_in(self._desk, {**self._address, **self._certificate(self._clinic, _now())})
        self._figures.check(
            "one by the clinic's authority is taken, so the others were refused for what they are", True
        )
        for what, change in (
            (
                "a desk that speaks no TLS",
                {"sslmode": "disable", "sslcertmode": "disable", "channel_binding": "disable"},
            ),
            (
                "a desk that speaks TLS 1.2 alone",
                {"ssl_min_protocol_version": "", "ssl_max_protocol_version": "TLSv1.2"},
            ),
        ):
            self._figures.check(f"{what}: refused", _is_refused(self._desk, {**self._address, **change}))
        for login in ("postgres", "cd_guard"):
            change = {**self._address, "user": login, "password": PASSWORD}
            self._figures.check(f"the server's own {login} from the network: refused", _cannot(self._desk, change))

    def _certificate(self, signer: Authority, moment: dt.datetime) -> dict[str, str]:
        key = ec.generate_private_key(ec.SECP256R1())
        signed = certificates.sign_desk(signer, signing_request(key), uuid4(), moment)
        return {
            "sslcert": self._file("desk.crt", signed.certificate.encode()),
            "sslkey": self._file("desk.key", _plain(key)),
            "sslpassword": "",
        }

    # --- what a code asks for ----------------------------------------------------------------------------------------

    def of_requests(self) -> None:
        """Signing requests that the authority is not to sign, over a code's own connection."""
        for what, made, reason in (
            ("a request for a key of RSA 1024", signing_request(rsa.generate_private_key(65537, 1024)), "wrong_key"),
            ("a request with a weak signature", signing_request(strength=hashes.SHA224()), "wrong_signature"),
            ("a request that is none", "x" * 500, "unreadable"),
        ):
            self._figures.check(f"{what}: refused ({reason})", self._answer_to(made) == reason)
        self._figures.check(
            "a request larger than a page: refused", _database_refuses(lambda: self._answer_to("x" * 9000))
        )

    def _answer_to(self, request: str) -> str:
        code = read_code(self._root.code())
        login = {"user": code.login(DATABASE), "password": code.secret}
        with (
            entered(self._desk.space),
            psycopg.connect(**{**enrolment_conninfo(ADDRESS), **login}, autocommit=True) as connection,
        ):
            for _time in range(40):
                row = connection.execute("SELECT * FROM clinicdesk.enrol_desk(%s, 'x')", [request]).fetchone()
                if row is not None and (row[1] or row[3]):
                    return str(row[3] or "signed")
                time.sleep(0.1)
        return "silent"

    # --- somebody in between -----------------------------------------------------------------------------------------

    def in_between(self, space: str) -> None:
        """A relay with a certificate of its own hears neither a code nor a password, and learns nothing it can use."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = certificates.sign_server(self._stranger, _public(key), [], [EVIL], _now())
        files = Path(self._file("evil.crt", made.encode())), Path(self._file("evil.key", _plain(key)))
        address = ServerAddress(EVIL, ADDRESS.port, DATABASE)
        code = self._root.code()
        with Relay(space, *files, (SERVER, ADDRESS.port)) as relay:
            newcomer = DeskComputer(self._desk.space, self._data / "newcomer", "Recepção 2")
            refused = _refusal(lambda: newcomer.enrol(code, address))
            right = isinstance(refused, ServerNotTrusted | EnrolmentRefused) and relay.passed > 0
            self._figures.check(f"somebody in between while a desk joins: refused ({_short(refused)})", right)
            self._refused("somebody in between at a sign-in", ServerNotTrusted("other_authority"), host=EVIL)
        newcomer.enrol(code)
        self._figures.check("the code is still good for the true server", newcomer.place is not None)

    # --- what the server shows ---------------------------------------------------------------------------------------

    def of_the_server(self) -> None:
        """Servers that are not the clinic's, or not any more; then the unit puts its own right."""
        self._refused("a server of another name", ServerNotTrusted("other_name"), host=OTHER_ADDRESS)
        self._root.stop_unit()
        past = _now() - certificates.SERVER_LIFE - dt.timedelta(days=1)
        with self._server_shows(self._clinic, past):
            self._refused("a server whose certificate ran out", ServerNotTrusted("expired"))
        with self._server_shows(self._stranger, _now()):
            self._refused("a server of another authority", ServerNotTrusted("other_authority"))
        with self._set("ssl", "off"):
            self._refused("a server that offers no TLS", ServerNotTrusted("no_encryption"))
            refused = _refusal(lambda: self._enrol_in_clear())
            self._figures.check(
                f"nor does a desk join there ({_short(refused)})", isinstance(refused, ServerNotTrusted)
            )
        with self._set("ssl_max_protocol_version", "TLSv1.2", "ssl_min_protocol_version", "TLSv1.2"):
            self._refused("a server of TLS 1.2", ServerNotTrusted("no_encryption"))
        with self._server_shows(self._clinic, past):
            began = time.monotonic()
            self._root.start_unit()
            while _refusal(lambda: _sign_in(self._desk, self._address)) is not None and time.monotonic() - began < 20:
                time.sleep(0.1)
            self._figures.say("the unit comes back and renews what ran out", time.monotonic() - began, 10.0)

    def _enrol_in_clear(self) -> None:
        with entered(self._desk.space):
            desks.enrol(self._data / "clear", ADDRESS, read_code(self._root.code()), "x")

    @contextmanager
    def _server_shows(self, signer: Authority, moment: dt.datetime) -> Iterator[None]:
        path = self._root.folder / _TLS / "server.crt"
        before = path.read_bytes()
        public = certificates.public_key_of(before)
        path.write_text(certificates.sign_server(signer, public, [], [SERVER], moment), encoding="ascii")
        self._reload()
        yield
        if self._root.unit_is_at_work():
            return
        path.write_bytes(before)
        self._reload()

    @contextmanager
    def _set(self, *names_and_values: str) -> Iterator[None]:
        pairs = list(zip(names_and_values[::2], names_and_values[1::2], strict=True))
        for name, value in reversed(pairs):
            self._root.psql(f"ALTER SYSTEM SET {name} = '{value}'")
        self._reload()
        yield
        self._root.psql("ALTER SYSTEM RESET ALL")
        self._reload()

    def _reload(self) -> None:
        self._root.psql("SELECT pg_reload_conf()")
        time.sleep(0.5)  # it is told, and reads when it comes to it

    # --- the rest ----------------------------------------------------------------------------------------------------

    def _refused(self, what: str, wanted: ClinicError, **change: str) -> None:
        refused = _refusal(lambda: _sign_in(self._desk, {**self._address, **change}))
        right = type(refused) is type(wanted) and getattr(refused, "reason", "") == getattr(wanted, "reason", "")
        self._figures.check(f"{what}: refused ({_short(refused)})", right)

    def _file(self, name: str, content: bytes) -> str:
        path = self._data / name
        path.write_bytes(content)
        path.chmod(0o600)
        return str(path)


def _sign_in(desk: DeskComputer, address: Mapping[str, str]) -> None:
    with entered(desk.space):
        staff.sign_in(address, "renata", PASSWORD, desk.name).clinic.close()


def _is_refused(desk: DeskComputer, address: Mapping[str, str]) -> bool:
    return _cannot(desk, {**address, "user": f"{DATABASE}_renata", "password": PASSWORD})


def _cannot(desk: DeskComputer, conninfo: Mapping[str, str]) -> bool:
    """Whether psql itself would be turned away."""
    try:
        with entered(desk.space), psycopg.connect(**dict(conninfo)):
            return False
    except psycopg.OperationalError:
        return True


def _database_refuses(act: Callable[[], object]) -> bool:
    try:
        act()
    except psycopg.errors.CheckViolation:
        return True
    return False


def _refusal(act: Callable[[], object]) -> ClinicError | None:
    try:
        act()
    except ClinicError as refusal:
        return refusal
    return None


def _short(refused: ClinicError | None) -> str:
    return "NOT" if refused is None else f"{type(refused).__name__} {getattr(refused, 'reason', '')}".strip()


def _plain(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _public(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
