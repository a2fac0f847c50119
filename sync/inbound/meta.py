"""Deliveries of Meta's Cloud API: entries of changes, each with messages and statuses."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from clinicdesk.domain.hooks import Receipt
from clinicdesk.domain.messages import MessageState
from clinicdesk.domain.told import MediaTold, StatusTold, Told, Unreadable, Written, WrittenKind
from sync.inbound.bodies import read_json
from sync.inbound.picking import (
    LONGEST_NAME,
    LONGEST_PAYLOAD,
    Broken,
    a_list,
    a_map,
    a_uuid,
    an_id,
    digits,
    each,
    maybe_map,
    moment,
    number_words,
    words,
)

_STATES = {
    "sent": MessageState.SENT,
    "delivered": MessageState.DELIVERED,
    "read": MessageState.READ,
    "played": MessageState.READ,
    "failed": MessageState.FAILED,
}
_MEDIA = {one.value: one for one in (WrittenKind.IMAGE, WrittenKind.AUDIO, WrittenKind.VIDEO, WrittenKind.DOCUMENT,
                                     WrittenKind.STICKER)}  # fmt: skip


def read(receipt: Receipt) -> list[Told]:
    """Everything a delivery says, in its order. Raises UnreadableBody."""
    told: list[Told] = []
    for value in _values(receipt):
        if isinstance(value, Unreadable):
            told.append(value)
            continue
        try:
            contacts = [maybe_map(one) for one in a_list(value.get("contacts"))]
            messages, statuses = a_list(value.get("messages")), a_list(value.get("statuses"))
        except Broken:
            told.append(Unreadable("broken_entry"))
            continue
        told += each(messages, partial(_message, contacts=contacts, received_at=receipt.received_at))
        told += each(statuses, partial(_status, received_at=receipt.received_at))
    return told


def _values(receipt: Receipt) -> Iterator[Mapping[str, Any] | Unreadable]:
    """The changes that concern messages of this channel's number."""
    ours = str(receipt.channel.settings.get("phone_number_id") or "")
    body = read_json(receipt.body)
    try:
        entries = a_list(a_map(body).get("entry"))
    except Broken:
        yield Unreadable("broken_entry")
        return
    for entry in entries:
        try:
            changes = [a_map(one) for one in a_list(a_map(entry).get("changes"))]
            values = [a_map(one.get("value")) for one in changes if one.get("field") == "messages"]
        except Broken:
            yield Unreadable("broken_entry")
            continue
        for value in values:
            number = number_words(maybe_map(value.get("metadata")).get("phone_number_id"))
            # One app of Meta's may serve several numbers, which then all knock here.
            yield Unreadable("other_number") if ours and number and number != ours else value


def _contact(contacts: Sequence[Mapping[str, Any]], sender: str) -> Mapping[str, Any]:
    """Who wrote, among those who are told of; with only one, that one, since either may lack the number."""
    for contact in contacts:
        if sender and sender in (contact.get("user_id"), contact.get("wa_id")):
            return contact
    return contacts[0] if len(contacts) == 1 else {}


def _message(entry: object, contacts: Sequence[Mapping[str, Any]], received_at: dt.datetime) -> Iterator[Written]:
    message = a_map(entry)
    sender = words(message.get("from_user_id")) or words(message.get("from"))
    contact = _contact(contacts, sender)
    wa_id = words(message.get("from")) or words(contact.get("wa_id"))
    user_id = words(message.get("from_user_id")) or words(contact.get("user_id"))
    kind, body, payload, quoted, media = _content(message)
    yield Written(
        provider_message_id=an_id(message.get("id")),
        identity=an_id(user_id or wa_id),
        kind=kind,
        sent_at=moment(message.get("timestamp"), received_at),
        body=body,
        phone=digits(wa_id),
        display_name=words(maybe_map(contact.get("profile")).get("name"), LONGEST_NAME),
        payload=payload,
        quoted_id=quoted or words(maybe_map(message.get("context")).get("id"), 320),
        media=media,
    )


_Content = tuple[WrittenKind, str, str, str, MediaTold | None]


def _content(message: Mapping[str, Any]) -> _Content:
    """Kind, words, what a button stands for, the message it is about, and the file."""
    name = words(message.get("type"), 40)
    part = maybe_map(message.get(name))
    if name in _MEDIA:
        return _MEDIA[name], words(part.get("caption")), "", "", _media(part)
    match name:
        case "text":
            return WrittenKind.TEXT, words(a_map(message.get("text")).get("body")), "", "", None
        case "button":
            payload = words(part.get("payload"), LONGEST_PAYLOAD)
            return WrittenKind.BUTTON, words(part.get("text")), payload, "", None
        case "interactive":
            return _pressed(part)
        case "reaction":
            return WrittenKind.REACTION, words(part.get("emoji"), 40), "", words(part.get("message_id"), 320), None
        case "edit":
            _kind, body, _payload, _quoted, _file = _content(a_map(part.get("message")))
            return WrittenKind.EDITED, body, "", an_id(part.get("original_message_id")), None
        case "revoke":
            return WrittenKind.DELETED, "", "", an_id(part.get("original_message_id")), None
        case "location":
            return WrittenKind.LOCATION, _place(part), "", "", None
        case "contacts":
            return WrittenKind.CONTACT, _people(message), "", "", None
    return WrittenKind.UNKNOWN, words(part.get("body")), "", "", None


def _pressed(part: Mapping[str, Any]) -> _Content:
    """A button under a message in the window, or a line of a list."""
    pressed = maybe_map(part.get("button_reply")) or maybe_map(part.get("list_reply"))
    if not pressed:
        return WrittenKind.UNKNOWN, "", "", "", None
    return WrittenKind.BUTTON, words(pressed.get("title")), words(pressed.get("id"), LONGEST_PAYLOAD), "", None


def _media(part: Mapping[str, Any]) -> MediaTold:
    return MediaTold(
        fetch_from=an_id(part.get("id")),
        mime=words(part.get("mime_type"), 100).partition(";")[0].strip(),
        file_name=words(part.get("filename"), LONGEST_NAME),
    )


def _place(part: Mapping[str, Any]) -> str:
    latitude, longitude = part.get("latitude"), part.get("longitude")
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        raise Broken
    lines = (f"{latitude:.6f},{longitude:.6f}", words(part.get("name"), 200), words(part.get("address"), 500))
    return "\n".join(line for line in lines if line)


def _people(message: Mapping[str, Any]) -> str:
    lines = []
    for person in a_list(message.get("contacts")):
        known = maybe_map(person)
        name = words(maybe_map(known.get("name")).get("formatted_name"), LONGEST_NAME)
        phones = [words(maybe_map(one).get("phone"), 40) for one in a_list(known.get("phones"))]
        lines.append(" ".join(part for part in (name, *phones) if part))
    return words("\n".join(lines))


def _status(entry: object, received_at: dt.datetime) -> Iterator[StatusTold]:
    status = a_map(entry)
    state = _STATES.get(words(status.get("status")))
    message_id = an_id(status.get("id"))
    if state is None:
        return
    error = maybe_map(next(iter(a_list(status.get("errors"))), None))
    detail = words(maybe_map(error.get("error_data")).get("details"), 500) or words(error.get("title"), 500)
    yield StatusTold(
        provider_message_id=message_id,
        state=state,
        at=moment(status.get("timestamp"), received_at),
        attempt_id=a_uuid(status.get("biz_opaque_callback_data")),
        identity=words(status.get("recipient_user_id")) or words(status.get("recipient_id"), 320),
        code=number_words(error.get("code")),
        detail=detail,
    )
