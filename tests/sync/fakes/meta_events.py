"""The bodies that Meta posts to a webhook, as they look since user ids came in 2026; pywa reads them in a test."""

import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from typing import Any

ACCOUNT = "102290129340398"


def signature_of(app_secret: str, body: bytes) -> str:
    """The header `X-Hub-Signature-256`."""
    return "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def encoded(event: object) -> bytes:
    """The bytes of an event, as they are signed."""
    return json.dumps(event, ensure_ascii=True, separators=(",", ":")).encode()


def event(values: Sequence[dict[str, Any]], account: str = ACCOUNT) -> dict[str, Any]:
    """One delivery with several changes."""
    changes = [{"field": "messages", "value": value} for value in values]
    return {"object": "whatsapp_business_account", "entry": [{"id": account, "changes": changes}]}


def value(phone_number_id: str, **content: Any) -> dict[str, Any]:
    """One change of a number of ours."""
    metadata = {"display_phone_number": "5511400040001", "phone_number_id": phone_number_id}
    return {"messaging_product": "whatsapp", "metadata": metadata, **content}


def contact(wa_id: str, user_id: str, name: str = "Ana") -> dict[str, Any]:
    """Who writes; without `wa_id` for somebody who took a user name."""
    told: dict[str, Any] = {"profile": {"name": name}}
    return told | ({"wa_id": wa_id} if wa_id else {}) | ({"user_id": user_id} if user_id else {})


def message(
    wa_id: str,
    message_id: str,
    content: dict[str, Any],
    *,
    user_id: str = "",
    quoted: str = "",
    at: float | None = None,
) -> dict[str, Any]:
    """One message of theirs; `content` holds its type and what belongs to it."""
    told: dict[str, Any] = {"id": message_id, "timestamp": str(int(at if at is not None else time.time())), **content}
    if wa_id:
        told["from"] = wa_id
    if user_id:
        told["from_user_id"] = user_id
    if quoted:
        told["context"] = {"from": "5511400040001", "id": quoted}
    return told


def text(body: str) -> dict[str, Any]:
    return {"type": "text", "text": {"body": body}}


def template_button(payload: str, label: str) -> dict[str, Any]:
    """What comes of a quick reply under a template."""
    return {"type": "button", "button": {"payload": payload, "text": label}}


def window_button(payload: str, label: str) -> dict[str, Any]:
    """What comes of a button under a message in the window."""
    return {
        "type": "interactive",
        "interactive": {"type": "button_reply", "button_reply": {"id": payload, "title": label}},
    }


def media(kind: str, media_id: str, mime: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, kind: {"id": media_id, "mime_type": mime, "sha256": "0" * 44, **more}}


def status(
    message_id: str, state: str, recipient: str, *, attempt: str = "", code: int = 0, at: float | None = None
) -> dict[str, Any]:
    """What became of a message of ours."""
    told: dict[str, Any] = {
        "id": message_id,
        "status": state,
        "timestamp": str(int(at if at is not None else time.time())),
        "recipient_id": recipient,
    }
    if attempt:
        told["biz_opaque_callback_data"] = attempt
    if state in ("sent", "delivered"):
        told["pricing"] = {"billable": True, "pricing_model": "PMP", "category": "utility", "type": "regular"}
    if code:
        told["errors"] = [
            {"code": code, "title": "refused", "message": "refused", "error_data": {"details": "refused"}}
        ]
    return told
