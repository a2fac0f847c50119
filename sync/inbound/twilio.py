"""Deliveries of Twilio: a form for each message and for each step of ours. New fields come without notice."""

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial

from clinicdesk.domain.hooks import Receipt
from clinicdesk.domain.messages import ChannelKind, MessageState
from clinicdesk.domain.told import MediaTold, StatusTold, Told, Unreadable, Written, WrittenKind
from sync.inbound.bodies import read_form
from sync.inbound.picking import (
    LONGEST_NAME,
    LONGEST_PAYLOAD,
    a_count,
    a_uuid,
    an_id,
    digits,
    each,
    words,
    written_moment,
)

_STATES = {
    "sent": MessageState.SENT,
    "delivered": MessageState.DELIVERED,
    "read": MessageState.READ,
    "undelivered": MessageState.FAILED,
    "failed": MessageState.FAILED,
}
_UNDER_WAY = frozenset({"accepted", "scheduled", "queued", "sending", "canceled"})
_KINDS = {"image": WrittenKind.IMAGE, "audio": WrittenKind.AUDIO, "video": WrittenKind.VIDEO}
_MOST_FILES = 10
_PREFIX = "whatsapp:"


def read(receipt: Receipt) -> list[Told]:
    """What a delivery says. Raises UnreadableBody."""
    fields = dict(read_form(receipt.body))
    state = (fields.get("MessageStatus") or fields.get("SmsStatus") or "").lower()
    if state in _STATES or state in _UNDER_WAY:
        return each([fields], partial(_status, receipt=receipt, state=state))
    if _other_kind(receipt, fields):
        return [Unreadable("other_channel")]
    return each([fields], partial(_message, receipt=receipt))


def _other_kind(receipt: Receipt, fields: Mapping[str, str]) -> bool:
    """Whether a short message came where WhatsApp's arrive, or the other way round."""
    whatsapp = fields.get("From", "").startswith(_PREFIX)
    return whatsapp is not (receipt.channel.kind is ChannelKind.WHATSAPP)


def _status(fields: Mapping[str, str], receipt: Receipt, state: str) -> Iterator[StatusTold]:
    message_id = an_id(fields.get("MessageSid") or fields.get("SmsSid"))
    if state in _UNDER_WAY:
        return
    yield StatusTold(
        provider_message_id=message_id,
        state=_STATES[state],
        at=_when(fields, receipt),
        attempt_id=a_uuid(fields.get("attempt")),
        identity=_bare(fields.get("To", "")),
        code=words(fields.get("ErrorCode"), 40),
        detail=words(fields.get("ErrorMessage") or fields.get("ChannelStatusMessage"), 500),
    )


def _message(fields: Mapping[str, str], receipt: Receipt) -> Iterator[Written]:
    """The message, and each file after the first as a message of its own."""
    message_id = an_id(fields.get("MessageSid") or fields.get("SmsSid"))
    sender = an_id(words(_bare(fields.get("From", ""))))
    files = [_file(fields, place) for place in range(min(a_count(fields.get("NumMedia")), _MOST_FILES))]
    kind, body = _kind_and_words(fields)
    phone = digits(sender) or digits(fields.get("WaId"))
    written = partial(
        Written,
        identity=phone or sender,
        sent_at=_when(fields, receipt),
        phone=phone,
        display_name=words(fields.get("ProfileName"), LONGEST_NAME),
    )
    yield written(
        message_id,
        kind=_of(files[0]) if files else kind,
        body=body,
        payload=words(fields.get("ButtonPayload"), LONGEST_PAYLOAD),
        quoted_id=words(fields.get("OriginalRepliedMessageSid"), 320),
        media=files[0] if files else None,
    )
    for place, media in enumerate(files[1:], 1):
        yield written(f"{message_id}:{place}", kind=_of(media), media=media)


def _when(fields: Mapping[str, str], receipt: Receipt) -> dt.datetime:
    """What Twilio lists has a time; what it posts has none."""
    return written_moment(fields.get("DateSent"), receipt.received_at)


def _kind_and_words(fields: Mapping[str, str]) -> tuple[WrittenKind, str]:
    body = words(fields.get("Body"))
    if fields.get("ButtonPayload") or fields.get("ButtonText"):
        return WrittenKind.BUTTON, words(fields.get("ButtonText")) or body
    if fields.get("Latitude") and fields.get("Longitude"):
        lines = (f"{fields['Latitude']},{fields['Longitude']}", fields.get("Label", ""), fields.get("Address", ""))
        return WrittenKind.LOCATION, words("\n".join(line for line in lines if line))
    if fields.get("MessageType") == "contacts":
        return WrittenKind.CONTACT, body
    return (WrittenKind.TEXT, body) if body else (WrittenKind.UNKNOWN, "")


def _file(fields: Mapping[str, str], place: int) -> MediaTold:
    mime = words(fields.get(f"MediaContentType{place}"), 100).partition(";")[0].strip()
    return MediaTold(an_id(words(fields.get(f"MediaUrl{place}"), 2_000)), mime)


def _of(media: MediaTold) -> WrittenKind:
    return _KINDS.get(media.mime.partition("/")[0], WrittenKind.DOCUMENT)


def _bare(address: str) -> str:
    return words(address.removeprefix(_PREFIX), 320)
