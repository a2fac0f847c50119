"""Deliveries as they would lie in the database, made without one."""

import datetime as dt
import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from clinicdesk.domain.hooks import HookChannel, Receipt, Receives
from clinicdesk.domain.messages import ChannelKind, Provider

NOW = dt.datetime(2035, 3, 6, 12, 0, tzinfo=dt.UTC)
SECONDS = int(NOW.timestamp()) - 60
ONE = UUID(int=1)
NUMBER = "106540352242922"


def receipt(provider: Provider, body: bytes, kind: ChannelKind = ChannelKind.WHATSAPP, **settings: object) -> Receipt:
    """One that arrived just now."""
    channel = HookChannel(ONE, ONE, kind, provider, "0" * 64, Receives.WEBHOOK, "https://x.example", settings)
    return Receipt(ONE, channel, body, "", NOW)


def as_json(value: Any) -> bytes:
    """A JSON body."""
    return json.dumps(value).encode()


def as_form(**fields: str) -> bytes:
    """A form's body."""
    return urlencode(fields).encode()
