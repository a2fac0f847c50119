"""Deliveries of Z-API: one message or one step each.

What is known of them was published by others, and nobody here tried it against the provider.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from clinicdesk.domain.hooks import Receipt
from clinicdesk.domain.messages import MessageState
from clinicdesk.domain.told import MediaTold, StatusTold, Told, Written, WrittenKind
from sync.inbound.bodies import read_json
from sync.inbound.picking import (
    LONGEST_NAME,
    LONGEST_PAYLOAD,
    Broken,
    a_count,
    a_list,
    a_map,
    an_id,
    digits,
    each,
    maybe_map,
    moment,
    words,
)

_STATES = {
    "SENT": MessageState.SENT,
    "RECEIVED": MessageState.DELIVERED,
    "READ": MessageState.READ,
    "PLAYED": MessageState.READ,
}
_NOT_A_PATIENTS = ("fromMe", "isGroup", "isNewsletter", "isStatusReply")
_MEDIA = {
    "image": (WrittenKind.IMAGE, "imageUrl"),
    "audio": (WrittenKind.AUDIO, "audioUrl"),
    "video": (WrittenKind.VIDEO, "videoUrl"),
    "document": (WrittenKind.DOCUMENT, "documentUrl"),
    "sticker": (WrittenKind.STICKER, "stickerUrl"),
}
_PER_SECOND = 1000
_LID = "@lid"


def read(receipt: Receipt) -> list[Told]:
    """What a delivery says; nothing for what is not a patient's or no message. Raises UnreadableBody."""
    return each([read_json(receipt.body)], partial(_entry, received_at=receipt.received_at))


def _entry(body: object, received_at: dt.datetime) -> Iterator[Written | StatusTold]:
    told = a_map(body)
    match told.get("type"):
        case "ReceivedCallback":
            if not any(told.get(name) is True for name in _NOT_A_PATIENTS):
                yield from _message(told, received_at)
        case "MessageStatusCallback":
            yield from _statuses(told, received_at)
        case "DeliveryCallback":
            yield _delivered(told, received_at)


def _message(told: Mapping[str, Any], received_at: dt.datetime) -> Iterator[Written]:
    message_id = an_id(told.get("messageId"))
    sent_at = moment(told.get("momment"), received_at, _PER_SECOND)
    content = _content(told)
    if content is None and told.get("waitingMessage") is True:
        return  # its words come later, under the same id
    kind, body, payload, quoted, media = content or (WrittenKind.UNKNOWN, "", "", "", None)
    if told.get("isEdit") is True:
        kind, quoted = WrittenKind.EDITED, message_id
        message_id = an_id(f"{message_id}:edit:{int(sent_at.timestamp() * _PER_SECOND)}")
    phone, lid = _who(told)
    yield Written(
        provider_message_id=message_id,
        identity=an_id(lid or phone),
        kind=kind,
        sent_at=sent_at,
        body=body,
        phone=phone,
        display_name=words(told.get("senderName") or told.get("chatName"), LONGEST_NAME),
        payload=payload,
        quoted_id=quoted or words(told.get("referenceMessageId"), 320),
        media=media,
    )


def _who(told: Mapping[str, Any]) -> tuple[str, str]:
    """The telephone number, and WhatsApp's own name for the person: either may stand where the number does."""
    phone, lid = words(told.get("phone"), 320), words(told.get("senderLid"), 320)
    if phone.endswith(_LID):
        return "", lid if lid.endswith(_LID) else phone
    return digits(phone), lid if lid.endswith(_LID) else ""


_Content = tuple[WrittenKind, str, str, str, MediaTold | None]


def _content(told: Mapping[str, Any]) -> _Content | None:
    if told.get("notification") == "REVOKE":
        quoted = words(next(iter(a_list(told.get("notificationParameters"))), ""), 320)
        return WrittenKind.DELETED, "", "", quoted or an_id(told.get("referenceMessageId")), None
    if text := maybe_map(told.get("text")):
        return WrittenKind.TEXT, words(text.get("message")), "", "", None
    for name, answer in (("buttonsResponseMessage", "buttonId"), ("listResponseMessage", "selectedRowId")):
        if pressed := maybe_map(told.get(name)):
            payload = words(pressed.get(answer), LONGEST_PAYLOAD)
            return WrittenKind.BUTTON, words(pressed.get("message") or pressed.get("title")), payload, "", None
    if reaction := maybe_map(told.get("reaction")):
        quoted = words(maybe_map(reaction.get("referencedMessage")).get("messageId"), 320)
        return WrittenKind.REACTION, words(reaction.get("value"), 40), "", quoted, None
    for name, (kind, address) in _MEDIA.items():
        if part := maybe_map(told.get(name)):
            return kind, words(part.get("caption")), "", "", _media(part, address)
    if place := maybe_map(told.get("location")):
        return WrittenKind.LOCATION, _place(place), "", "", None
    if person := maybe_map(told.get("contact")):
        return WrittenKind.CONTACT, words(person.get("displayName"), LONGEST_NAME), "", "", None
    return None


def _media(part: Mapping[str, Any], address: str) -> MediaTold:
    where = words(part.get(address), 2_001)
    if not where or len(where) > 2_000:
        raise Broken
    return MediaTold(
        fetch_from=where,
        mime=words(part.get("mimeType"), 100).partition(";")[0].strip(),
        file_name=words(part.get("fileName"), LONGEST_NAME),
        seconds=a_count(part.get("seconds"), 32_000),
    )


def _place(part: Mapping[str, Any]) -> str:
    latitude, longitude = part.get("latitude"), part.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        raise Broken
    lines = (f"{latitude:.6f},{longitude:.6f}", words(part.get("name"), 200), words(part.get("address"), 500))
    return "\n".join(line for line in lines if line)


def _statuses(told: Mapping[str, Any], received_at: dt.datetime) -> Iterator[StatusTold]:
    state = _STATES.get(words(told.get("status")))
    ids = [an_id(one) for one in a_list(told.get("ids"))]
    if state is None:
        return
    at, identity = moment(told.get("momment"), received_at, _PER_SECOND), words(told.get("phone"), 320)
    for message_id in ids:
        yield StatusTold(message_id, state, at, identity=identity)


def _delivered(told: Mapping[str, Any], received_at: dt.datetime) -> StatusTold:
    """What became of our own: WhatsApp took it, or says why not."""
    error = words(told.get("error"), 500)
    state = MessageState.FAILED if error else MessageState.SENT
    at = moment(told.get("momment"), received_at, _PER_SECOND)
    return StatusTold(an_id(told.get("messageId")), state, at, identity=words(told.get("phone"), 320), detail=error)
