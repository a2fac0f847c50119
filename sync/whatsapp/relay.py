"""Messages as JSON of our own to an automation: Botconversa's catch hook, or an N8N flow that stands behind one.

The address is the secret, so no fault ever names it.
"""

from urllib.parse import urlsplit, urlunsplit

from clinicdesk.domain.carrier_faults import CarrierFault
from clinicdesk.domain.messages import Provider
from clinicdesk.domain.phone_variants import canonical, why_not_by_phone
from sync.carrier import FetchedMedia, Parcel, Refused, Sent, Verdict
from sync.channel import ChannelSettings
from sync.line import ProviderLine, fetch_openly, refuse_unforeseen
from sync.texts import one_line, with_choices, words_within

LONGEST_TEXT = 4096
LARGEST_FILE = 16_000_000


class AutomationCarrier:
    """One address that takes our JSON."""

    def __init__(self, settings: ChannelSettings) -> None:
        address = settings.needed_secret("automation_address").strip()
        try:
            parts = urlsplit(address)
        except ValueError:
            raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SECRET_WRONG, detail="automation_address") from None
        if not parts.path.strip("/") or not address.isascii() or not address.isprintable() or " " in address:
            raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SECRET_WRONG, detail="automation_address")
        self._line = ProviderLine(Provider.BOTCONVERSA, f"{parts.scheme}://{parts.netloc}")
        self._address = urlunsplit(parts)

    def send(self, parcel: Parcel) -> Sent:
        """Post one message. What becomes of it then is the automation's."""
        answer = self._line.ask_at("POST", self._address, json=event_of(parcel), sends=True)
        if answer.status in (404, 410):
            raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.WRONG_ACCOUNT, str(answer.status))
        if not answer.taken:
            refuse_unforeseen(answer, sends=True)
        return Sent(f"attempt:{parcel.attempt_id}")

    def check(self) -> str:
        """Nothing can be asked of an automation without setting it off; the address has the shape of one."""
        return ""

    def fetch(self, media_id: str) -> FetchedMedia:
        """A file somebody sent; `media_id` is the address it lies at."""
        return fetch_openly(self._line, media_id, LARGEST_FILE)

    def close(self) -> None:
        """Give the connections back."""
        self._line.close()


def event_of(parcel: Parcel) -> dict[str, object]:
    """What the automation is told. Raises Refused where there is nobody to reach or nothing to say."""
    if parcel.attachment is not None:
        raise Refused(Verdict.OUR_FAULT, CarrierFault.ATTACHMENT_REFUSED)
    phone = canonical(parcel.recipient.phone or parcel.recipient.identity)
    if fault := why_not_by_phone(parcel.kind, phone):
        raise Refused(Verdict.NEXT_CHANNEL, fault)
    template = parcel.template
    return {
        "attempt_id": str(parcel.attempt_id),
        "phone": phone.removeprefix("+"),
        "name": one_line(parcel.recipient.name, 200),
        "text": words_within(with_choices(parcel.body, parcel.buttons), LONGEST_TEXT),
        "template": template.name if template else "",
        "values": [one_line(value, 1000) for value in template.values] if template else [],
        "buttons": [{"id": each.payload, "label": one_line(each.label, 40)} for each in parcel.buttons],
    }
