"""SendGrid on loopback: takes letters, and posts signed events to a gateway.

Its signature is checked against SendGrid's own EventWebhook in a test.
"""

import base64
import itertools
import json
import time
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.sync.fakes.server import FakeProvider, Posted, Reply, knock


@dataclass(frozen=True)
class SentMail:
    """One letter that was taken."""

    id: str
    mail: dict[str, Any]

    @property
    def attempt(self) -> str:
        return str(self.mail["personalizations"][0]["custom_args"]["attempt_id"])

    @property
    def to(self) -> str:
        return str(self.mail["personalizations"][0]["to"][0]["email"])


@dataclass
class FakeSendGrid(FakeProvider):
    """One account with one verified sender."""

    api_key: str = "SG.fake-key"
    sender: str = "agenda@clinica.example"
    scopes: list[str] = field(default_factory=lambda: ["mail.send"])
    sent: list[SentMail] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._count = itertools.count(1)
        self._gateway = ""
        self._key = ec.generate_private_key(ec.SECP256R1())
        FakeProvider.__init__(self)

    @property
    def settings(self) -> dict[str, str]:
        return {"from_address": self.sender, "from_name": "Clínica Aurora", "webhook_key": self.public_key}

    @property
    def secrets(self) -> dict[str, str]:
        return {"api_key": self.api_key}

    @property
    def public_key(self) -> str:
        """What SendGrid shows in its settings, to be typed into ours."""
        der = self._key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return base64.b64encode(der).decode()

    def answer(self, request: Posted) -> Reply:
        if request.headers.get("authorization") != f"Bearer {self.api_key}":
            return errors(401, "The provided authorization grant is invalid, expired, or revoked", None)
        if request.path == "/v3/scopes":
            return Reply.of({"scopes": self.scopes})
        mail = request.json
        if mail["from"]["email"] != self.sender:
            return errors(403, "The from address does not match a verified Sender Identity.", "from")
        to = mail["personalizations"][0]["to"][0]["email"]
        if "@" not in to or not mail["subject"] or not mail["content"][0]["value"]:
            return errors(400, "Does not contain a valid address.", "personalizations.0.to.0.email")
        name = f"{next(self._count):022d}"
        self.sent.append(SentMail(name, mail))
        return Reply(202, b"", {"X-Message-Id": name})

    # --- what SendGrid posts -----------------------------------------------------------------------------------------

    def connect(self, gateway: str) -> None:
        """From now on events are posted to this address."""
        self._gateway = gateway

    def tell(self, sent: SentMail, *states: str, reason: str = "") -> None:
        """What became of letters, in one delivery: processed, delivered, bounce, dropped, deferred …"""
        self.post([self.event(sent, state, reason) for state in states])

    def event(self, sent: SentMail, state: str, reason: str = "") -> dict[str, Any]:
        """One event."""
        told: dict[str, Any] = {
            "event": state,
            "email": sent.to,
            "timestamp": int(time.time()),
            "attempt_id": sent.attempt,
        }
        told |= {"sg_message_id": f"{sent.id}.filter0001", "sg_event_id": f"ev{next(self._count):020d}"}
        return told | ({"reason": reason, "status": "5.1.1"} if reason else {})

    def post(self, events: object, signature: str | None = None, stamp: str = "") -> int:
        """Post any events, signed as SendGrid signs unless told otherwise; what the gateway answered."""
        body, stamp = json.dumps(events).encode(), stamp or str(int(time.time()))
        headers = {
            "Content-Type": "application/json",
            "X-Twilio-Email-Event-Webhook-Timestamp": stamp,
            "X-Twilio-Email-Event-Webhook-Signature": signature or self.signature_of(stamp, body),
        }
        return knock(self._gateway, body, headers)[0]

    def signature_of(self, stamp: str, body: bytes) -> str:
        """ECDSA over the stamp and the bytes."""
        return base64.b64encode(self._key.sign(stamp.encode() + body, ec.ECDSA(hashes.SHA256()))).decode()


def errors(status: int, message: str, place: str | None) -> Reply:
    """Errors as SendGrid words them."""
    return Reply.of({"errors": [{"message": message, "field": place, "help": None}]}, status)
