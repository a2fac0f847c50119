"""WhatsApp by Z-API, which drives a telephone's WhatsApp Web: free text at any time, buttons that may not show.

Unverified: what is known of it was gathered from its documentation and never tried against it. So the words always say
what may be answered, whether or not buttons go along.
"""

import base64
from collections.abc import Mapping
from typing import Any, NoReturn

from clinicdesk.domain.carrier_faults import CarrierFault
from clinicdesk.domain.messages import Provider
from clinicdesk.domain.phone_variants import digits_of, why_not_by_phone
from clinicdesk.domain.provider_codes import meaning_of
from sync.carrier import Attachment, Button, FetchedMedia, Parcel, Refused, Sent, Verdict
from sync.channel import ChannelSettings
from sync.deadline import within
from sync.line import (
    Answer,
    ProviderLine,
    as_header,
    as_part,
    asked_to_wait,
    fetch_openly,
    refuse_unforeseen,
    said,
    unreadable,
)
from sync.texts import clean, file_name_of, mime_of, one_line, with_choices, words_within

LONGEST_TEXT = 4096
LARGEST_FILE = 16_000_000
_MOST_BUTTONS = 3


class ZapiCarrier:
    """One instance: one telephone."""

    def __init__(self, settings: ChannelSettings) -> None:
        token = as_part(as_header(settings.secret("instance_token"), "instance_token"))
        self._instance = f"instances/{as_part(settings.needed('instance_id'))}/token/{token}"
        self._buttons = settings.text("buttons", "no") == "yes"
        client_token = as_header(settings.secret("client_token"), "client_token")
        self._line = ProviderLine(Provider.ZAPI, settings.address, headers={"Client-Token": client_token})

    def send(self, parcel: Parcel) -> Sent:
        """Hand one message to the telephone. Where buttons are refused, the same words go out without."""
        way, body = posting_of(parcel, buttons=self._buttons)
        with within():
            try:
                return self._post(way, body)
            except Refused as refused:
                if way != "send-button-list" or refused.verdict is not Verdict.OUR_FAULT:
                    raise
            return self._post(*posting_of(parcel, buttons=False))

    def _post(self, way: str, body: Mapping[str, Any]) -> Sent:
        answer = self._line.ask("POST", f"{self._instance}/{way}", json=body, sends=True)
        if not answer.taken or answer.body.get("error"):
            _refuse(answer, sends=True)
        if not (message_id := str(answer.body.get("messageId") or answer.body.get("id") or "")):
            raise unreadable(sends=True)
        return Sent(message_id)

    def check(self) -> str:
        """Whether the telephone is there. Raises Refused, saying whether instance, token or telephone are wrong."""
        answer = self._line.ask("GET", f"{self._instance}/status")
        if not answer.taken:
            _refuse(answer)
        if "connected" not in answer.body and not answer.body.get("error"):
            raise unreadable(sends=False)
        if answer.body.get("connected") is not True:
            if answer.body.get("error"):
                _refuse(answer)
            raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.NOT_CONNECTED)
        return ""

    def fetch(self, media_id: str) -> FetchedMedia:
        """A file somebody sent; `media_id` is the address it lies at, which is no host of Z-API's own."""
        return fetch_openly(self._line, media_id, LARGEST_FILE)

    def close(self) -> None:
        """Give the connections back."""
        self._line.close()


def posting_of(parcel: Parcel, *, buttons: bool) -> tuple[str, dict[str, Any]]:
    """Where a parcel is posted under the instance, and what. Raises Refused where nothing may be posted."""
    body: dict[str, Any] = {"phone": _to(parcel)}
    if parcel.quoted_id:
        body["messageId"] = parcel.quoted_id
    words = with_choices(parcel.body, parcel.buttons)
    if parcel.attachment is not None:
        return _file(parcel.attachment, words, body)
    body["message"] = words_within(words, LONGEST_TEXT)
    if buttons and 0 < len(parcel.buttons) <= _MOST_BUTTONS:
        return "send-button-list", body | {"buttonList": {"buttons": [_button(each) for each in parcel.buttons]}}
    return "send-text", body


def _button(button: Button) -> dict[str, str]:
    return {"id": button.payload, "label": one_line(button.label, 20) or button.typed or "-"}


def _to(parcel: Parcel) -> str:
    identity = parcel.recipient.identity
    if identity.endswith("@lid") and digits_of(identity):
        return f"{digits_of(identity)}@lid"
    if 8 <= len(digits_of(identity)) <= 15:
        return digits_of(identity)
    if fault := why_not_by_phone(parcel.kind, parcel.recipient.phone):
        raise Refused(Verdict.NEXT_CHANNEL, fault)
    return digits_of(parcel.recipient.phone)


def _file(attachment: Attachment, words: str, body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if len(attachment.content) > LARGEST_FILE:
        raise Refused(Verdict.OUR_FAULT, CarrierFault.ATTACHMENT_TOO_LARGE)
    form = attachment.kind if attachment.kind in ("image", "video", "audio") else "document"
    if form == "audio" and words:
        form = "document"  # a voice message has no room for words
    coded = f"data:{mime_of(attachment)};base64,{base64.b64encode(attachment.content).decode()}"
    body[form] = coded
    if words:
        body["caption"] = words_within(words, LONGEST_TEXT)
    if form != "document":
        return f"send-{form}", body
    name = file_name_of(attachment)
    extension = "".join(letter for letter in name.rpartition(".")[2].lower() if letter.isascii() and letter.isalnum())
    return f"send-document/{extension[:8] or 'bin'}", body | {"fileName": clean(name)}


def _refuse(answer: Answer, *, sends: bool = False) -> NoReturn:
    words = str(answer.body.get("error") or answer.body.get("message") or "")
    meaning = meaning_of(Provider.ZAPI, "", words)
    if meaning is None:
        refuse_unforeseen(answer, detail=said(words), sends=sends)
    verdict, fault = meaning
    raise Refused(verdict, fault, str(answer.status), said(words), asked_to_wait(answer))
