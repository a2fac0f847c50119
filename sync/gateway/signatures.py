"""Whether a delivery comes from the provider it says: over the bytes as they came, before anybody reads them.

Every secret is compared in a time that does not depend on how much of it was right.
"""

import base64
import binascii
import datetime as dt
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

from clinicdesk.domain.hooks import HookChannel, hook_address
from clinicdesk.domain.messages import Provider
from sync.inbound.bodies import UnreadableBody, read_form, read_json

REPLAY_WINDOW = dt.timedelta(seconds=300)


class NotTheirs(Exception):
    """Nothing shows that the provider sent it; `reason` is a word of ours for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Knock:
    """A delivery as it came. Names of headers are in small letters."""

    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    query: str = ""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the clinic told of a channel, secrets opened."""

    channel: HookChannel
    secrets: Mapping[str, str] = field(repr=False)

    def given(self, name: str) -> str:
        """A secret or, where it is none, a setting; empty when the clinic told neither."""
        found = self.secrets.get(name) or self.channel.settings.get(name) or ""
        return found.strip() if isinstance(found, str) else str(found)

    def needed(self, name: str) -> str:
        """The same. Raises NotTheirs where the clinic told none: nothing can be believed then."""
        if not (found := self.given(name)):
            raise NotTheirs("no_credential")
        return found


def check(knock: Knock, told: Credentials, now: dt.datetime) -> None:
    """Return when the delivery is the provider's. Raises NotTheirs, UnreadableBody."""
    _CHECKS[told.channel.provider](knock, told, now)


def challenge_answer(query: Mapping[str, str], told: Credentials) -> str | None:
    """What Meta wants to hear back when an address is typed into its panel; None when it is not the clinic's panel."""
    if told.channel.provider is not Provider.META or query.get("hub.mode") != "subscribe":
        return None
    wanted = told.given("verify_token") or told.channel.hook_key
    return query.get("hub.challenge", "") if _same(query.get("hub.verify_token", ""), wanted) else None


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode("utf-8", "replace"))


def _meta(knock: Knock, told: Credentials, _now: dt.datetime) -> None:
    expected = "sha256=" + hmac.new(told.needed("app_secret").encode(), knock.body, sha256).hexdigest()
    if not _same(knock.headers.get("x-hub-signature-256", ""), expected):
        raise NotTheirs("signature")
    read_json(knock.body)


def twilio_signature(token: str, url: str, fields: Sequence[tuple[str, str]]) -> str:
    """What Twilio signs: the address it knows, and after it every field with each of its values, in order."""
    values: dict[str, set[str]] = {}
    for name, value in fields:
        values.setdefault(name, set()).add(value)
    signed = url + "".join(name + value for name in sorted(values) for value in sorted(values[name]))
    return base64.b64encode(hmac.digest(token.encode(), signed.encode("utf-8", "surrogatepass"), "sha1")).decode()


def _twilio(knock: Knock, told: Credentials, _now: dt.datetime) -> None:
    address = hook_address(told.channel.public_address, told.channel.hook_key)
    if not address:
        raise NotTheirs("no_public_address")
    url = f"{address}?{knock.query}" if knock.query else address
    json_digest = parse_qs(knock.query).get("bodySHA256")
    fields = [] if json_digest else read_form(knock.body)
    given = knock.headers.get("x-twilio-signature", "")
    token = told.needed("auth_token")
    # Twilio signs with the port of the address or without it, one as often as the other.
    right = [_same(given, twilio_signature(token, each, fields)) for each in _with_and_without_port(url)]
    if not any(right):
        raise NotTheirs("signature")
    if json_digest and not _same(json_digest[0], sha256(knock.body).hexdigest()):
        raise NotTheirs("signature")


def _with_and_without_port(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    name = parts.netloc.rpartition("@")[2].rsplit(":", 1)[0] if parts.port else parts.netloc
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return parts._replace(netloc=name).geturl(), parts._replace(netloc=f"{name}:{port}").geturl()


def _sendgrid(knock: Knock, told: Credentials, now: dt.datetime) -> None:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    stamp = knock.headers.get("x-twilio-email-event-webhook-timestamp", "")
    try:
        key = load_der_public_key(base64.b64decode(told.needed("webhook_key"), validate=True))
        signature = base64.b64decode(knock.headers.get("x-twilio-email-event-webhook-signature", ""), validate=True)
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise NotTheirs("no_credential")
        key.verify(signature, stamp.encode() + knock.body, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, binascii.Error):
        raise NotTheirs("signature") from None
    _check_stamp(stamp, now)
    read_json(knock.body)


def _zapi(knock: Knock, told: Credentials, _now: dt.datetime) -> None:
    """No signature exists: the address is the secret, and the instance has to be the clinic's."""
    token = told.given("hook_token")
    if token and not _same(knock.headers.get("z-api-token", ""), token):
        raise NotTheirs("token")
    body = read_json(knock.body)
    instance = body.get("instanceId") if isinstance(body, dict) else None
    if not isinstance(instance, str) or not _same(instance, told.needed("instance_id")):
        raise NotTheirs("instance")


def relay_signature(secret: str, stamp: str, body: bytes) -> str:
    """How a relay such as N8N signs what it passes on."""
    return "v1=" + hmac.new(secret.encode(), stamp.encode() + b"." + body, sha256).hexdigest()


def _botconversa(knock: Knock, told: Credentials, now: dt.datetime) -> None:
    """A relay signs; a flow of Botconversa itself cannot compute anything and shows a token instead."""
    secret = told.needed("relay_secret")
    if "x-clinicdesk-signature" in knock.headers:
        stamp = knock.headers.get("x-clinicdesk-timestamp", "")
        if not _same(knock.headers["x-clinicdesk-signature"], relay_signature(secret, stamp, knock.body)):
            raise NotTheirs("signature")
        _check_stamp(stamp, now)
        read_json(knock.body)
        return
    if not _same(knock.headers.get("x-clinicdesk-token", ""), secret):
        raise NotTheirs("token")
    body = read_json(knock.body)
    if not isinstance(body, dict) or "event_id" in body:
        raise NotTheirs("signature")  # what a relay passes on is signed


def _check_stamp(stamp: str, now: dt.datetime) -> None:
    if not stamp.isascii() or not stamp.isdigit() or len(stamp) > 12:
        raise NotTheirs("timestamp")
    if abs(now.timestamp() - int(stamp)) > REPLAY_WINDOW.total_seconds():
        raise NotTheirs("too_old")


def _nobody(_knock: Knock, _told: Credentials, _now: dt.datetime) -> None:
    raise NotTheirs("no_webhooks")


_CHECKS: dict[Provider, Callable[[Knock, Credentials, dt.datetime], None]] = {
    Provider.META: _meta,
    Provider.TWILIO: _twilio,
    Provider.ZAPI: _zapi,
    Provider.BOTCONVERSA: _botconversa,
    Provider.SENDGRID: _sendgrid,
    Provider.SMTP: _nobody,
}

__all__ = ["REPLAY_WINDOW", "Credentials", "Knock", "NotTheirs", "UnreadableBody", "challenge_answer", "check"]
