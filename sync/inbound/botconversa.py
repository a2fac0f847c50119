"""What a flow of Botconversa's, or a relay such as N8N, passes on: the shape is ours (docs/gateway.md)."""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from hashlib import sha256

from clinicdesk.domain.hooks import Receipt
from clinicdesk.domain.messages import MessageState
from clinicdesk.domain.told import StatusTold, Told, Written, WrittenKind
from sync.inbound.bodies import read_json
from sync.inbound.picking import (
    LONGEST_NAME,
    LONGEST_PAYLOAD,
    a_map,
    a_uuid,
    an_id,
    digits,
    each,
    number_words,
    words,
    written_moment,
)

SUBSCRIBER = "subscriber:"  # before an id of theirs, which looks like a telephone number
_STATES = {
    "sent": MessageState.SENT,
    "delivered": MessageState.DELIVERED,
    "read": MessageState.READ,
    "failed": MessageState.FAILED,
}


def read(receipt: Receipt) -> list[Told]:
    """What a delivery says. Raises UnreadableBody."""
    body = read_json(receipt.body)
    # Without an id of its own it goes by the delivery's, which is the same for the same within a minute.
    named = f"{receipt.received_at:%Y%m%d%H%M}:{sha256(receipt.body).hexdigest()[:32]}"
    return each([body], partial(_entry, received_at=receipt.received_at, named=named))


def _entry(body: object, received_at: dt.datetime, named: str) -> Iterator[Written | StatusTold]:
    told = a_map(body)
    at = written_moment(told.get("occurred_at"), received_at)
    attempt, state = a_uuid(told.get("attempt_id")), _STATES.get(words(told.get("status")).lower())
    if attempt is not None and state is not None:
        yield StatusTold(f"attempt:{attempt}", state, at, attempt, detail=words(told.get("detail"), 500))
        return
    subscriber, phone = number_words(told.get("subscriber_id")), digits(told.get("phone"))
    pressed = words(told.get("button_id"), LONGEST_PAYLOAD)
    said = words(told.get("text"))
    yield Written(
        provider_message_id=an_id(number_words(told.get("event_id")) or number_words(told.get("message_id")) or named),
        identity=an_id(f"{SUBSCRIBER}{subscriber}" if subscriber else phone),
        kind=WrittenKind.BUTTON if pressed else WrittenKind.TEXT if said else WrittenKind.UNKNOWN,
        sent_at=at,
        body=said,
        phone=phone,
        display_name=words(told.get("name"), LONGEST_NAME),
        payload=pressed,
        quoted_id=words(told.get("quoted_id"), 320),
    )
