"""Deliveries of SendGrid: a list of what became of letters."""

import datetime as dt
from collections.abc import Iterator
from functools import partial

from clinicdesk.domain.hooks import Receipt
from clinicdesk.domain.messages import MessageState
from clinicdesk.domain.told import StatusTold, Told, Unreadable, Written, WrittenKind
from sync.inbound.bodies import read_json
from sync.inbound.picking import Broken, a_list, a_map, a_uuid, an_id, each, moment, number_words, words

_STATES = {
    "processed": MessageState.SENT,
    "delivered": MessageState.DELIVERED,
    "open": MessageState.READ,
    "click": MessageState.READ,
    "bounce": MessageState.FAILED,
    "dropped": MessageState.FAILED,
}
# Whoever presses this wants no more letters: said in the word that everybody is told to write.
_STOPS = frozenset({"unsubscribe", "group_unsubscribe", "spamreport"})
STOP = "SAIR"


def read(receipt: Receipt) -> list[Told]:
    """Everything a delivery says, in its order. Raises UnreadableBody."""
    try:
        events = a_list(read_json(receipt.body))
    except Broken:
        return [Unreadable("broken_entry")]
    return each(events, partial(_event, received_at=receipt.received_at))


def _event(entry: object, received_at: dt.datetime) -> Iterator[Written | StatusTold]:
    event = a_map(entry)
    name, at = words(event.get("event"), 40), moment(event.get("timestamp"), received_at)
    address = words(event.get("email"), 320).lower()
    if name in _STOPS:
        yield Written(an_id(event.get("sg_event_id")), an_id(address), WrittenKind.TEXT, at, body=STOP)
        return
    if name not in _STATES:
        an_id(name)
        return
    # SendGrid's name for it begins with the one it gave when it took the letter.
    message_id = an_id(event.get("sg_message_id")).partition(".")[0]
    yield StatusTold(
        provider_message_id=message_id,
        state=_STATES[name],
        at=at,
        attempt_id=a_uuid(event.get("attempt_id")),
        identity=address,
        code=number_words(event.get("status")) or words(event.get("type"), 40),
        detail=words(event.get("reason"), 500),
    )
