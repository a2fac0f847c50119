"""WhatsApp by Botconversa: people are its subscribers, whom a text or a flow is sent; or an automation gets our JSON.

Unverified: what is known of it was gathered from what others published and never tried against it.
"""

import threading
from collections import OrderedDict
from typing import Any, NoReturn

from clinicdesk.domain.carrier_faults import CarrierFault
from clinicdesk.domain.messages import Provider
from clinicdesk.domain.phone_variants import canonical, variants, why_not_by_phone
from sync.carrier import ApprovedTemplate, FetchedMedia, Parcel, Refused, Sent, Verdict
from sync.channel import ChannelSettings
from sync.deadline import within
from sync.line import Answer, ProviderLine, as_header, as_part, fetch_openly, refuse_unforeseen, said, unreadable
from sync.texts import one_line, with_choices, words_within
from sync.whatsapp.relay import AutomationCarrier

LONGEST_TEXT = 4096
LARGEST_FILE = 16_000_000
_REMEMBERED = 5_000
SUBSCRIBER = "subscriber:"  # before an id of theirs, which looks like a telephone number


def botconversa_carrier(settings: ChannelSettings) -> "BotconversaCarrier | AutomationCarrier":
    """The way that the channel is set to: Botconversa's interface, or the address of an automation."""
    if settings.text("way", "api") == "automation":
        return AutomationCarrier(settings)
    return BotconversaCarrier(settings)


class BotconversaCarrier:
    """One account. Subscribers that were found are remembered, because finding one takes several of its 600 calls."""

    def __init__(self, settings: ChannelSettings) -> None:
        key = as_header(settings.secret("api_key"), "api_key")
        self._tag, self._campaign = (_number(settings.text(name), name) for name in ("tag", "campaign"))
        fields = [part.strip() for part in settings.text("value_fields").split(",") if part.strip()]
        self._fields = tuple(_number(field, "value_fields") for field in fields)
        self._known: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()
        self._line = ProviderLine(Provider.BOTCONVERSA, settings.address, headers={"API-KEY": key})

    def send(self, parcel: Parcel) -> Sent:
        """Send one text; or, where a flow stands for the message, put its values in place and send the flow."""
        with within():
            subscriber = self._subscriber(parcel)
            if parcel.template is not None and parcel.attachment is None and _is_number(parcel.template.name):
                return self._send_flow(subscriber, parcel.template, parcel)
            path, body = message_of(parcel, subscriber)
            return self._sent(self._line.ask("POST", path, json=body, sends=True), subscriber, parcel)

    def check(self) -> str:
        """Raises Refused, saying whether the key, the tag or the campaign are wrong."""
        with within():
            self._is_there("tags/", self._tag, "tag")
            if self._campaign:
                self._is_there("campaigns/", self._campaign, "campaign")
        return ""

    def fetch(self, media_id: str) -> FetchedMedia:
        """A file somebody sent; `media_id` is the address it lies at."""
        return fetch_openly(self._line, media_id, LARGEST_FILE)

    def close(self) -> None:
        """Give the connections back."""
        self._line.close()

    def _send_flow(self, subscriber: str, flow: ApprovedTemplate, parcel: Parcel) -> Sent:
        if len(flow.values) > len(self._fields):
            raise Refused(Verdict.OUR_FAULT, CarrierFault.TEMPLATE_VALUES)
        for field, value in zip(self._fields, flow.values, strict=False):
            self._must(f"subscriber/{subscriber}/custom_fields/{field}/", {"value": one_line(value, 1000)})
        answer = self._line.ask(
            "POST", f"subscriber/{subscriber}/send_flow/", json={"flow": int(flow.name)}, sends=True
        )
        return self._sent(answer, subscriber, parcel)

    def _sent(self, answer: Answer, subscriber: str, parcel: Parcel) -> Sent:
        """Botconversa gives a message no name, so it goes by ours."""
        if not answer.taken:
            if answer.status == 404:
                self._forget(subscriber)
            _refuse(answer, sends=True)
        return Sent(f"attempt:{parcel.attempt_id}", f"{SUBSCRIBER}{subscriber}")

    def _subscriber(self, parcel: Parcel) -> str:
        identity = parcel.recipient.identity
        if identity.startswith(SUBSCRIBER):
            return _number(identity.removeprefix(SUBSCRIBER), "", Verdict.OUR_FAULT, CarrierFault.NOT_REACHED)
        phone = canonical(parcel.recipient.phone or identity)
        if fault := why_not_by_phone(parcel.kind, phone):
            raise Refused(Verdict.NEXT_CHANNEL, fault)
        with self._lock:
            known = self._known.get(phone)
        if known is None:
            known = self._find(phone) or self._create(phone, parcel.recipient.name)
            self._enlist(known)
            with self._lock:
                self._known[phone] = known
                if len(self._known) > _REMEMBERED:
                    self._known.popitem(last=False)
        return known

    def _find(self, phone: str) -> str:
        """Who has that number; asked with and without a plus sign, as each was seen to be the only one that works."""
        written = sorted(variants(phone), key=lambda each: each != phone)
        for text in [shape for each in written for shape in (each, each.removeprefix("+"))]:
            answer = self._line.ask("GET", f"subscriber/get_by_phone/{as_part(text)}/")
            if found := _id_of(answer):
                return found
            if not answer.taken and answer.status not in (400, 404):
                _refuse(answer)
        return ""

    def _create(self, phone: str, name: str) -> str:
        first, _, last = (one_line(name, 100) or "-").partition(" ")
        person = {"phone": phone, "first_name": first, "last_name": last or "-", "has_opt_in_whatsapp": True}
        answer = self._must("subscriber/", person)
        if found := _id_of(answer) or self._find(phone):
            return found
        raise Refused(Verdict.RETRY, CarrierFault.ANSWER_UNREADABLE)

    def _enlist(self, subscriber: str) -> None:
        if self._tag:
            self._must(f"subscriber/{subscriber}/tags/{self._tag}/", {})
        if self._campaign:
            self._must(f"subscriber/{subscriber}/campaigns/{self._campaign}/", {})

    def _must(self, path: str, body: dict[str, Any]) -> Answer:
        answer = self._line.ask("POST", path, json=body)
        if not answer.taken:
            _refuse(answer)
        return answer

    def _is_there(self, path: str, number: str, name: str) -> None:
        answer = self._line.ask("GET", path)
        if not answer.taken:
            _refuse(answer)
        rows = answer.body.get("results", answer.rows)
        if not isinstance(rows, list):
            raise unreadable(sends=False)
        known = {str(row.get("id")) for row in rows if isinstance(row, dict)}
        if number and number not in known:
            raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SETTING_WRONG, detail=name)

    def _forget(self, subscriber: str) -> None:
        with self._lock:
            self._known = OrderedDict((phone, each) for phone, each in self._known.items() if each != subscriber)


def message_of(parcel: Parcel, subscriber: str) -> tuple[str, dict[str, str]]:
    """Where a text is posted, and what. Raises Refused where nothing may be posted."""
    if parcel.attachment is not None:
        # A file is sent by an address that Botconversa can open, and a clinic has none that strangers may.
        raise Refused(Verdict.OUR_FAULT, CarrierFault.ATTACHMENT_REFUSED)
    words = words_within(with_choices(parcel.body, parcel.buttons), LONGEST_TEXT)
    return f"subscriber/{subscriber}/send_message/", {"type": "text", "value": words}


def _id_of(answer: Answer) -> str:
    found = str(answer.body.get("id") or "") if answer.taken else ""
    return found if found.isascii() and found.isdigit() else ""


def _is_number(text: str) -> bool:
    """Whether a name may be a flow's; that of an approved text is for another provider, and the words go instead."""
    return text.isascii() and text.isdigit() and len(text) <= 18


def _number(
    text: str,
    name: str,
    verdict: Verdict = Verdict.PAUSE_CHANNEL,
    fault: CarrierFault = CarrierFault.SETTING_WRONG,
) -> str:
    if (not text and name) or _is_number(text):
        return text
    raise Refused(verdict, fault, detail=name)


def _refuse(answer: Answer, *, sends: bool = False) -> NoReturn:
    refuse_unforeseen(answer, detail=said(answer.body.get("detail") or answer.body.get("error")), sends=sends)
