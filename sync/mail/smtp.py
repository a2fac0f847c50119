"""E-mail by the clinic's own SMTP server: encrypted, one letter a connection, and no doubt about which ones left."""

import contextlib
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from typing import NoReturn

from clinicdesk.domain.carrier_faults import CarrierFault
from clinicdesk.domain.channel_fields import is_this_computer
from sync.carrier import FetchedMedia, Parcel, Refused, Sent, Verdict
from sync.channel import ChannelSettings
from sync.deadline import CONNECT_SECONDS, addresses_of, seconds_left, within
from sync.line import said
from sync.mail.letter import letter_of, message_id_of, receiver_of, sender_of

_NO_SUCH_MAILBOX = {550, 551, 553}
_WRONG_PASSWORD = {530, 534, 535, 538}


class SmtpCarrier:
    """One account on one server."""

    def __init__(self, settings: ChannelSettings) -> None:
        self._sender = sender_of(settings)
        self._host = settings.needed("host")
        self._port = _port(settings.text("port", "587"))
        self._security = settings.text("security", "starttls")
        if self._security not in ("starttls", "tls", "none"):
            raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SETTING_WRONG, detail="security")
        if not re.fullmatch(r"[A-Za-z0-9.:\-]{1,253}", self._host):
            raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SETTING_WRONG, detail="host")
        if self._security == "none" and not is_this_computer(self._host):
            raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.NO_ENCRYPTION)
        self._user, self._password = settings.text("user"), settings.secret("password")
        if self._user and not self._password:
            raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SECRET_MISSING, detail="password")
        self._authorities = ssl.create_default_context()

    def send(self, parcel: Parcel) -> Sent:
        """Hand one letter to the server. It goes by our own Message-ID, whatever the server calls it."""
        receiver, letter = receiver_of(parcel), letter_of(parcel, self._sender).as_bytes()
        with within(), self._at_the_server() as server:
            _said_yes(server.mail(self._sender.address), Verdict.PAUSE_CHANNEL, CarrierFault.SENDER_REFUSED)
            _receiver_taken(server.rcpt(receiver))
            _said_yes(server.docmd("DATA"), Verdict.OUR_FAULT, CarrierFault.MESSAGE_REFUSED, wanted=354)
            try:
                server.send(b"".join((_dotted(letter), b".\r\n")))
                answer = server.getreply()
            except (OSError, smtplib.SMTPException):
                # The last point may have arrived: then the letter is on its way.
                raise Refused(Verdict.UNKNOWN, CarrierFault.NO_ANSWER) from None
            _said_yes(answer, Verdict.OUR_FAULT, CarrierFault.MESSAGE_REFUSED)
        return Sent(message_id_of(parcel, self._sender), receiver.lower())

    def check(self) -> str:
        """Sign in and name the sender, no further. Raises Refused: server, password or sender."""
        with within(), self._at_the_server() as server:
            _said_yes(server.mail(self._sender.address), Verdict.PAUSE_CHANNEL, CarrierFault.SENDER_REFUSED)
            server.rset()
        return self._sender.address

    def fetch(self, media_id: str) -> FetchedMedia:
        """Nothing comes in by this way."""
        raise Refused(Verdict.OUR_FAULT, CarrierFault.MEDIA_GONE)

    def close(self) -> None:
        """No connection is kept."""

    @contextlib.contextmanager
    def _at_the_server(self) -> Iterator[smtplib.SMTP]:
        """A server that took the password. Whatever fails up to then left nothing in doubt."""
        with contextlib.ExitStack() as opened:
            try:
                server = opened.enter_context(self._connected())
                opened.callback(_hang_up, server)
                server.ehlo_or_helo_if_needed()
                if self._security == "starttls":
                    self._encrypt(server)
                if self._user:
                    server.login(self._user, self._password)
            except (OSError, smtplib.SMTPException, ValueError) as error:
                _say_why_not(error)
            try:
                yield server
            except (OSError, smtplib.SMTPException):
                raise Refused(Verdict.RETRY, CarrierFault.NO_ANSWER) from None

    @contextlib.contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        addresses = addresses_of(self._host, self._port, seconds_left(CONNECT_SECONDS))
        tls = self._authorities if self._security == "tls" else None
        server = _Server(self._host, self._sender.domain, addresses, tls)
        # A limit for each line does not end an answer that drips.
        timer = threading.Timer(seconds_left(), server.cut)
        timer.daemon = True
        timer.start()
        try:
            server.connect(self._host, self._port)
            yield server
        finally:
            timer.cancel()
            server.close()

    def _encrypt(self, server: smtplib.SMTP) -> None:
        if not server.has_extn("starttls"):
            raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.NO_ENCRYPTION)
        server.starttls(context=self._authorities)
        server.ehlo_or_helo_if_needed()


class _Server(smtplib.SMTP):
    """A connection made to addresses that are known already, and that can be cut from outside."""

    def __init__(self, host: str, ours: str, addresses: list[str], tls: ssl.SSLContext | None) -> None:
        # Left to itself it would look this computer's own name up, for as long as that takes.
        super().__init__(local_hostname=ours, timeout=CONNECT_SECONDS)
        self._addresses, self._tls = addresses, tls
        self._host = host  # starttls asks for it

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        fault: OSError = OSError("no address")
        for address in self._addresses:
            try:
                made = socket.create_connection((address, port), max(0.001, seconds_left(CONNECT_SECONDS)))
            except OSError as error:
                fault = error
                continue
            made.settimeout(max(0.001, seconds_left()))
            return self._tls.wrap_socket(made, server_hostname=host) if self._tls else made
        raise fault

    def cut(self) -> None:
        """Time is up."""
        with contextlib.suppress(OSError, AttributeError):
            if self.sock is not None:
                self.sock.shutdown(socket.SHUT_RDWR)


def _hang_up(server: smtplib.SMTP) -> None:
    with contextlib.suppress(OSError, smtplib.SMTPException):
        if server.sock is not None:
            server.sock.settimeout(1)  # a farewell is not worth waiting for
            server.docmd("QUIT")


def _dotted(letter: bytes) -> bytes:
    """With CRLF at each end of a line, and a point before each point that begins one."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", letter)
    whole = lines if lines.endswith(b"\r\n") else lines + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", whole)


def _receiver_taken(answer: tuple[int, bytes]) -> None:
    code, words = answer
    if code in _NO_SUCH_MAILBOX and re.search(rb"relay|5\.7\.", words, re.IGNORECASE):
        raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SENDER_REFUSED, str(code), _said(words))
    fault = CarrierFault.MAILBOX_UNKNOWN if code in _NO_SUCH_MAILBOX else CarrierFault.NOT_REACHED
    _said_yes(answer, Verdict.NEXT_CHANNEL, fault)


def _said_yes(answer: tuple[int, bytes], verdict: Verdict, fault: CarrierFault, wanted: int = 250) -> None:
    code, words = answer
    if code == wanted or (wanted == 250 and code == 251):
        return
    if 400 <= code < 500:
        raise Refused(Verdict.RETRY, CarrierFault.PROVIDER_BUSY, str(code), _said(words))
    if code in _WRONG_PASSWORD:
        raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.WRONG_PASSWORD, str(code), _said(words))
    raise Refused(verdict, fault, str(code), _said(words))


def _say_why_not(error: Exception) -> NoReturn:
    match error:
        case smtplib.SMTPResponseException():
            words = error.smtp_error if isinstance(error.smtp_error, bytes) else str(error.smtp_error).encode()
            refused = isinstance(error, smtplib.SMTPAuthenticationError)
            fault = CarrierFault.WRONG_PASSWORD if refused else CarrierFault.UNREACHABLE
            _said_yes((error.smtp_code, words), Verdict.PAUSE_CHANNEL if refused else Verdict.RETRY, fault)
            raise Refused(Verdict.RETRY, CarrierFault.UNREACHABLE) from None
        case smtplib.SMTPNotSupportedError():
            raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SETTING_WRONG, detail="user") from None
        case ssl.SSLCertVerificationError():
            raise Refused(Verdict.RETRY, CarrierFault.NOT_TRUSTED) from None
        case ssl.SSLError():
            raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SETTING_WRONG, detail="security") from None
        case socket.gaierror():
            raise Refused(Verdict.RETRY, CarrierFault.HOST_NOT_FOUND) from None
        case UnicodeEncodeError():
            raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SECRET_WRONG, detail="password") from None
    raise Refused(Verdict.RETRY, CarrierFault.UNREACHABLE) from None


def _said(words: bytes) -> str:
    return said(words.decode("utf-8", "replace"))


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 0 < int(text) < 65_536:
        raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SETTING_WRONG, detail="port")
    return int(text)
