"""The way to one provider over HTTP: one safe base address, one deadline, and no doubt left unsaid.

What is known not to have left is `retry`; what was handed over without an answer is `unknown`. Redirects are not
followed, because a credential goes along. Nothing of a call is logged: addresses carry tokens, bodies carry patients.
"""

import datetime as dt
import functools
import ipaddress
import json
import logging
import re
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import quote, urlsplit

import httpcore
import httpx

from clinicdesk.domain.carrier_faults import CarrierFault
from clinicdesk.domain.channel_fields import checked_address, is_this_computer
from clinicdesk.domain.messages import Provider
from clinicdesk.errors import InvalidField
from sync.carrier import FetchedMedia, Refused, Verdict
from sync.deadline import CALL_SECONDS, CONNECT_SECONDS, TimedBackend, seconds_left, within

LARGEST_ANSWER = 1_000_000
LONGEST_DETAIL = 300
CONNECTIONS = 20

# It writes the address of every request, and some providers want their token in it.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider answered."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    body: Mapping[str, Any] = field(default_factory=dict)  # of a JSON object; else empty
    rows: Sequence[Any] | None = None  # of a JSON list

    @property
    def taken(self) -> bool:
        """Whether the provider did what was asked."""
        return 200 <= self.status < 300


class ProviderLine:
    """Calls to one base address. Safe from several threads."""

    def __init__(
        self,
        provider: Provider,
        address: str,
        *,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
    ) -> None:
        try:
            self.address = checked_address(address, provider)
        except InvalidField as wrong:
            raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.ADDRESS_UNSAFE, detail=wrong.reason) from None
        self._client = _client(httpx.BasicAuth(*auth) if auth else None, headers or {}, TimedBackend())
        # A name of the internet may be said to lie in the clinic's own network.
        self._strangers = _client(None, {}, TimedBackend(only_public=not _on_this_computer(self.address)))

    def ask(self, method: str, path: str, *, sends: bool = False, **content: Any) -> Answer:
        """Ask under the base address. `sends`: whether a message may be out once this was written.

        Raises Refused for whatever is no answer of the provider, and for a redirect.
        """
        return self.ask_at(method, f"{self.address}/{path.lstrip('/')}", sends=sends, **content)

    def ask_at(
        self,
        method: str,
        url: str,
        *,
        sends: bool = False,
        largest: int = LARGEST_ANSWER,
        redirects: bool = False,
        bare: bool = False,
        **content: Any,
    ) -> Answer:
        """As `ask`, at a whole address, which the caller has found safe.

        `redirects`: a redirect is an answer, still not followed. `bare`: without any credential.
        """
        client = self._strangers if bare else self._client
        with within(CALL_SECONDS):
            try:
                request = client.build_request(method, url, **content)
                response = client.send(request, stream=True)
                try:
                    read = b"".join(_limited(response.iter_bytes(), largest))
                finally:
                    response.close()
            except httpx.InvalidURL:
                raise Refused(Verdict.OUR_FAULT, CarrierFault.ADDRESS_UNSAFE) from None
            except httpx.HTTPError as error:
                _say_what_is_known(error, sends)
        if response.has_redirect_location and not redirects:
            raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.REDIRECTED, str(response.status_code))
        told = _json(read)
        body, rows = told if isinstance(told, dict) else {}, told if isinstance(told, list) else None
        return Answer(response.status_code, dict(response.headers), read, body, rows)

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()
        self._strangers.close()


def as_part(text: str) -> str:
    """`text` as one part of a path, whatever is in it. A part of dots alone would climb, so it is refused."""
    if not text or not text.strip("."):
        raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SETTING_WRONG)
    return quote(text, safe="")


def as_header(secret: str, name: str) -> str:
    """A credential that can stand in a header. Raises Refused where it cannot, naming it."""
    kept = secret.strip()
    if not kept:
        raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SECRET_MISSING, detail=name)
    if not kept.isascii() or not kept.isprintable():
        raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SECRET_WRONG, detail=name)
    return kept


def said(text: object) -> str:
    """A provider's own words, fit to be kept: short, on one line, without numbers that may be somebody's."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in str(text or "")).split())
    hidden = re.sub(r"\+?[0-9][0-9 ()\-]{6,}[0-9]", "…", line)
    return re.sub(r"[^\s@<]+@[^\s@>]+", "…", hidden)[:LONGEST_DETAIL]


def refuse_unforeseen(answer: Answer, *, code: str = "", detail: str = "", sends: bool = False) -> NoReturn:
    """What an HTTP status alone tells, of a code nobody knows. Raises Refused."""
    code = code or str(answer.status)
    if answer.status == httpx.codes.TOO_MANY_REQUESTS:
        raise Refused(Verdict.RETRY, CarrierFault.TOO_FAST, code, detail, after=asked_to_wait(answer))
    if answer.status in (httpx.codes.NOT_FOUND, httpx.codes.METHOD_NOT_ALLOWED) and not answer.body:
        # Not in the words of any provider: it is another server, or another path.
        raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.WRONG_ACCOUNT, code)
    if answer.status in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.WRONG_TOKEN, code, detail)
    if answer.status == httpx.codes.GATEWAY_TIMEOUT and sends:
        # Whoever stands before the provider gave up waiting for it; the provider may have gone on.
        raise Refused(Verdict.UNKNOWN, CarrierFault.NO_ANSWER, code, detail)
    if answer.status >= 500 or answer.status in (httpx.codes.REQUEST_TIMEOUT, httpx.codes.TOO_EARLY):
        raise Refused(Verdict.RETRY, CarrierFault.PROVIDER_BUSY, code, detail, after=asked_to_wait(answer))
    raise Refused(Verdict.OUR_FAULT, CarrierFault.MESSAGE_REFUSED, code, detail)


def unreadable(sends: bool) -> Refused:
    """A yes that could not be read: of something that sends, nobody knows under what name it went."""
    verdict = Verdict.UNKNOWN if sends else Verdict.RETRY
    return Refused(verdict, CarrierFault.ANSWER_UNREADABLE)


def fetch_openly(line: ProviderLine, address: str, largest: int) -> FetchedMedia:
    """A file at anybody's address, without any credential. Raises Refused, also for what is not on the internet."""
    if not is_public(address) and not (_on_this_computer(line.address) and _on_this_computer(address)):
        raise Refused(Verdict.OUR_FAULT, CarrierFault.ADDRESS_UNSAFE)
    answer = line.ask_at("GET", address, largest=largest, bare=True)
    if answer.status in (403, 404, 410):
        raise Refused(Verdict.OUR_FAULT, CarrierFault.MEDIA_GONE, str(answer.status))
    if not answer.taken:
        refuse_unforeseen(answer)
    return FetchedMedia(answer.headers.get("content-type", "").partition(";")[0].strip(), answer.content)


def is_public(address: str) -> bool:
    """Whether an address is https at an ordinary host of the internet, as far as its text tells."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme != "https" or port not in (None, 443) or "@" in parts.netloc or "." not in host:
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        ordinary = re.fullmatch(r"[A-Za-z0-9.-]+", host) is not None
        return ordinary and not host.lower().rstrip(".").endswith(
            (".local", ".localhost", ".internal", ".lan", ".home")
        )


def _on_this_computer(address: str) -> bool:
    try:
        return is_this_computer(urlsplit(address).hostname or "")
    except ValueError:
        return False


def asked_to_wait(answer: Answer) -> dt.timedelta | None:
    """What `Retry-After` says in seconds, at most an hour."""
    seconds = answer.headers.get("retry-after", "")
    return dt.timedelta(seconds=min(int(seconds), 3600)) if re.fullmatch("[0-9]{1,9}", seconds) else None


def _client(auth: httpx.Auth | None, headers: Mapping[str, str], network: TimedBackend) -> httpx.Client:
    return httpx.Client(
        transport=_TimedTransport(network),
        headers={"User-Agent": "ClinicDesk", **headers},
        auth=auth,
        follow_redirects=False,
        trust_env=False,  # a proxy of the account's would see every message
        timeout=httpx.Timeout(CALL_SECONDS, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS),
    )


class _TooLarge(httpx.HTTPError):
    pass


def _limited(pieces: Iterator[bytes], largest: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > largest:
            raise _TooLarge("answer")
        yield piece


def _json(content: bytes) -> object:
    try:
        return json.loads(content) if content else None
    except (ValueError, RecursionError):
        return None


def _say_what_is_known(error: httpx.HTTPError, sends: bool) -> NoReturn:
    if isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)):
        raise Refused(Verdict.RETRY, _why_no_connection(error)) from None
    if isinstance(error, _TooLarge):
        raise unreadable(sends) from None
    raise Refused(Verdict.UNKNOWN if sends else Verdict.RETRY, CarrierFault.NO_ANSWER) from None


def _why_no_connection(error: BaseException) -> CarrierFault:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return CarrierFault.NOT_TRUSTED
        if isinstance(cause, socket.gaierror):
            return CarrierFault.HOST_NOT_FOUND
        cause = cause.__cause__ or cause.__context__
    return CarrierFault.UNREACHABLE


@functools.cache
def _authorities() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


class _TimedTransport(httpx.HTTPTransport):
    def __init__(self, network: TimedBackend) -> None:
        authorities = _authorities()
        super().__init__(verify=authorities, trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=authorities,
            max_connections=CONNECTIONS,
            max_keepalive_connections=CONNECTIONS,
            keepalive_expiry=4.0,  # one that the provider is about to close would leave a message in doubt
            network_backend=network,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        limits = request.extensions["timeout"]
        limits |= {name: seconds_left(limit) for name, limit in limits.items()}
        return super().handle_request(request)
