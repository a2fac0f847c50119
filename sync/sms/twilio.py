"""WhatsApp and text messages by Twilio: free text, or a content template where WhatsApp asks for one."""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn
from urllib.parse import urlencode

from clinicdesk.domain.carrier_faults import CarrierFault
from clinicdesk.domain.messages import ChannelKind, Provider
from clinicdesk.domain.phone_variants import canonical, digits_of, why_not_by_phone
from clinicdesk.domain.provider_codes import meaning_of
from sync.carrier import FetchedMedia, Parcel, Refused, Sent, Verdict
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
from sync.texts import value_of, with_choices, words_within

LONGEST_TEXT = 1600
LARGEST_FILE = 16_000_000
_PAGE, _MOST_PAGES = 200, 20
_SID = re.compile(r"[0-9a-fA-F]{32}")


class TwilioCarrier:
    """One sender of a Twilio account: a WhatsApp number, a number for text messages, or a messaging service."""

    def __init__(self, settings: ChannelSettings) -> None:
        self._settings = settings
        self._account = _sid(settings.needed("account_sid"), "AC", "account_sid")
        self._sender = _sender(settings)
        token = as_header(settings.secret("auth_token"), "auth_token")
        self._line = ProviderLine(Provider.TWILIO, settings.address, auth=(self._account, token))

    def send(self, parcel: Parcel) -> Sent:
        """Post one message. Twilio takes it and tells later what became of it."""
        form = self._sender | form_of(parcel, abroad=self._settings.text("abroad") == "yes")
        if self._settings.callback:
            # It comes back with every step, also of a message whose answer was lost.
            form["StatusCallback"] = f"{self._settings.callback}?attempt={parcel.attempt_id}"
        answer = self._line.ask("POST", self._path("Messages.json"), data=form, sends=True)
        if not answer.taken:
            _refuse(answer, sends=True)
        if not (sid := str(answer.body.get("sid") or "")):
            raise unreadable(sends=True)
        return Sent(sid)

    def check(self) -> str:
        """What the account calls itself. Raises Refused, saying whether account, token or sender are wrong."""
        with within():
            answer = self._line.ask("GET", f"2010-04-01/Accounts/{self._account}.json")
            if not answer.taken:
                _refuse(answer)
            if "status" not in answer.body:
                raise unreadable(sends=False)
            if answer.body["status"] != "active":
                raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.ACCOUNT_BLOCKED)
            self._check_sender()
        return str(answer.body.get("friendly_name") or "")

    def _check_sender(self) -> None:
        """A number for text messages has to be the account's. WhatsApp's senders stand in no list there."""
        number = self._sender.get("From", "")
        if self._settings.kind is not ChannelKind.SMS or not number.startswith("+"):
            return
        answer = self._line.ask("GET", self._path("IncomingPhoneNumbers.json"), params={"PhoneNumber": number})
        if not answer.taken:
            _refuse(answer)
        if not answer.body.get("incoming_phone_numbers"):
            raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SENDER_REFUSED)

    def fetch(self, media_id: str) -> FetchedMedia:
        """A file somebody sent; `media_id` is its address at Twilio, which sends on to where it lies."""
        with within():
            if not media_id.startswith(f"{self._line.address}/{self._path('Messages/')}"):
                raise Refused(Verdict.OUR_FAULT, CarrierFault.ADDRESS_UNSAFE)
            answer = self._line.ask_at("GET", media_id, largest=LARGEST_FILE, redirects=True)
            if 300 <= answer.status < 400:
                return fetch_openly(self._line, answer.headers.get("location", ""), LARGEST_FILE)
        if answer.status in (404, 410):
            raise Refused(Verdict.OUR_FAULT, CarrierFault.MEDIA_GONE, str(answer.status))
        if not answer.taken:
            _refuse(answer)
        return FetchedMedia(answer.headers.get("content-type", "").partition(";")[0].strip(), answer.content)

    def told_since(self, day: dt.date) -> Iterator[dict[str, str]]:
        """What was written to this sender since a day, and what became of ours, as Twilio would have posted it."""
        asked = f"{self._path('Messages.json')}?{urlencode({'DateSent>': day.isoformat(), 'PageSize': _PAGE})}"
        for _page in range(_MOST_PAGES):
            answer = self._line.ask("GET", asked)
            if not answer.taken:
                _refuse(answer)
            for one in answer.body.get("messages") or ():
                if isinstance(one, dict) and (fields := self._as_posted(one)):
                    yield fields
            asked = str(answer.body.get("next_page_uri") or "")
            if not asked.startswith(f"/{self._path('Messages.json')}?"):
                return

    def _as_posted(self, one: Mapping[str, Any]) -> dict[str, str]:
        """A listed message as its webhook; nothing for another sender's or another kind's."""
        told = {name: str(one.get(name) or "") for name in ("sid", "from", "to", "body", "status", "error_code")}
        inbound = one.get("direction") == "inbound"
        ours, theirs = (told["to"], told["from"]) if inbound else (told["from"], told["to"])
        wanted = self._sender.get("From", ours)
        if not told["sid"] or ours != wanted or theirs.startswith("whatsapp:") is not self._whatsapp:
            return {}
        when = _written_out(one.get("date_sent") if inbound else one.get("date_updated"))
        posted = {"MessageSid": told["sid"], "From": told["from"], "To": told["to"], "DateSent": when}
        if not inbound:
            return posted | {"MessageStatus": told["status"], "ErrorCode": told["error_code"]}
        return posted | {"SmsStatus": "received", "Body": told["body"]} | self._files(one, told["sid"])

    def _files(self, one: Mapping[str, Any], sid: str) -> dict[str, str]:
        """Where the files of a message lie, which its line in the list does not tell."""
        if not str(one.get("num_media") or "0").strip("0"):
            return {}
        answer = self._line.ask("GET", self._path(f"Messages/{as_part(sid)}/Media.json"))
        listed = [each for each in answer.body.get("media_list") or () if isinstance(each, dict)]
        found = {"NumMedia": str(len(listed))}
        for place, each in enumerate(listed):
            where = str(each.get("uri") or "").removesuffix(".json")
            found |= {f"MediaUrl{place}": f"{self._line.address}{where}"}
            found |= {f"MediaContentType{place}": str(each.get("content_type") or "")}
        return found

    @property
    def _whatsapp(self) -> bool:
        return self._settings.kind is ChannelKind.WHATSAPP

    def close(self) -> None:
        """Give the connections back."""
        self._line.close()

    def _path(self, what: str) -> str:
        return f"2010-04-01/Accounts/{self._account}/{what}"


def _written_out(moment: object) -> str:
    """Twilio's way of writing a time (RFC 2822) as everybody else's (ISO 8601); empty for none."""
    try:
        return parsedate_to_datetime(str(moment)).isoformat()
    except ValueError:
        return ""


def form_of(parcel: Parcel, *, abroad: bool = False) -> dict[str, str]:
    """What is posted of a parcel, but for the sender. Raises Refused where nothing may be posted."""
    form = {"To": _to(parcel, abroad)}
    if parcel.attachment is not None:
        # Twilio fetches files from an address, and a clinic has none that strangers may open.
        raise Refused(Verdict.OUR_FAULT, CarrierFault.ATTACHMENT_REFUSED)
    if parcel.kind is ChannelKind.SMS or parcel.in_window:
        return form | {"Body": words_within(with_choices(parcel.body, parcel.buttons), LONGEST_TEXT)}
    if parcel.template is None:
        raise Refused(Verdict.NEEDS_TEMPLATE, CarrierFault.OUTSIDE_WINDOW)
    if not _is_sid(parcel.template.name, "HX"):
        # The name is another provider's; by another way the same words may go.
        raise Refused(Verdict.NEXT_CHANNEL, CarrierFault.TEMPLATE_UNKNOWN)
    form["ContentSid"] = parcel.template.name
    if parcel.template.values:
        values = {str(place): value_of(value, LONGEST_TEXT) for place, value in enumerate(parcel.template.values, 1)}
        form["ContentVariables"] = json.dumps(values)
    return form


def _to(parcel: Parcel, abroad: bool) -> str:
    whatsapp = parcel.kind is ChannelKind.WHATSAPP
    known = digits_of(parcel.recipient.identity)
    if whatsapp and 8 <= len(known) <= 15:
        return f"whatsapp:+{known}"
    if fault := why_not_by_phone(parcel.kind, parcel.recipient.phone, abroad=abroad):
        raise Refused(Verdict.NEXT_CHANNEL, fault)
    return f"{'whatsapp:' if whatsapp else ''}{canonical(parcel.recipient.phone)}"


def _sender(settings: ChannelSettings) -> dict[str, str]:
    if service := settings.text("messaging_service"):
        return {"MessagingServiceSid": _sid(service, "MG", "messaging_service")}
    sender = settings.needed("sender").removeprefix("whatsapp:")
    whatsapp = settings.kind is ChannelKind.WHATSAPP
    if re.fullmatch(r"\+?[0-9 ()\-]{8,25}", sender):
        return {"From": f"{'whatsapp:' if whatsapp else ''}+{digits_of(sender)}"}
    if not whatsapp and re.fullmatch(r"[A-Za-z0-9 ]{3,11}", sender):  # a short code, or a name where those are allowed
        return {"From": sender}
    raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SETTING_WRONG, detail="sender")


def _is_sid(text: str, prefix: str) -> bool:
    return text.startswith(prefix) and _SID.fullmatch(text[2:]) is not None


def _sid(text: str, prefix: str, name: str) -> str:
    if not _is_sid(text, prefix):
        raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SETTING_WRONG, detail=name)
    return text


def _refuse(answer: Answer, *, sends: bool = False) -> NoReturn:
    code, detail = str(answer.body.get("code") or ""), said(answer.body.get("message"))
    meaning = meaning_of(Provider.TWILIO, code)
    if meaning is None:
        refuse_unforeseen(answer, code=code, detail=detail, sends=sends)
    verdict, fault = meaning
    raise Refused(verdict, fault, code, detail, asked_to_wait(answer))
