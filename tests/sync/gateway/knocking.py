"""How each provider signs what it delivers, by the code of those who made its library where there is one."""

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

SECRET = "segredo-da-conta"
EVENT_KEY = ec.generate_private_key(ec.SECP256R1())
EVENT_PUBLIC_KEY = base64.b64encode(
    EVENT_KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
).decode()


def meta(body: bytes, secret: str = SECRET) -> dict[str, str]:
    """Meta's header."""
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def sendgrid(body: bytes, stamp: int) -> dict[str, str]:
    """SendGrid's headers."""
    signature = EVENT_KEY.sign(str(stamp).encode() + body, ec.ECDSA(hashes.SHA256()))
    return {
        "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
        "X-Twilio-Email-Event-Webhook-Timestamp": str(stamp),
    }


def relay(body: bytes, stamp: int, secret: str = SECRET) -> dict[str, str]:
    """A relay's headers."""
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-ClinicDesk-Timestamp": str(stamp), "X-ClinicDesk-Signature": f"v1={digest}"}


def as_json(value: Any) -> bytes:
    """A body."""
    return json.dumps(value, ensure_ascii=False).encode()
