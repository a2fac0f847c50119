"""What is posted to Meta's /messages: always a message that Meta can read, or a refusal before anything is sent."""

import re
from typing import Any

from clinicdesk.domain.carrier_faults import CarrierFault
from clinicdesk.domain.phone_variants import digits_of, why_not_by_phone
from sync.carrier import ApprovedTemplate, Attachment, Parcel, Refused, Verdict
from sync.texts import clean, file_name_of, one_line, value_of, words_within

LONGEST_TEXT = 4096
LONGEST_WITH_BUTTONS = 1024  # and of a caption
LONGEST_VALUE = 1024
MOST_BUTTONS = 3
LONGEST_LABEL = 20
LONGEST_PAYLOAD = 256

# What each form of media takes, in bytes; whatever else there is travels as a document.
_FORMS = {
    "image": (("image/jpeg", "image/png"), 5_000_000),
    "audio": (("audio/aac", "audio/mp4", "audio/mpeg", "audio/amr", "audio/ogg"), 16_000_000),
    "video": (("video/mp4", "video/3gpp"), 16_000_000),
}
LARGEST_DOCUMENT = 100_000_000
_NAME, _LANGUAGE = re.compile(r"[a-z0-9_]{1,512}"), re.compile(r"[A-Za-z]{2,3}(_[A-Za-z]{2,4})?")
_PHONE_IDENTITY = re.compile(r"[0-9]{8,15}")


def message_of(parcel: Parcel, media_id: str = "") -> dict[str, Any]:
    """The message to post. Raises Refused where there is nobody to reach or nothing that may be said now."""
    message: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **recipient_of(parcel),
        "biz_opaque_callback_data": str(parcel.attempt_id),
    }
    if not parcel.in_window:
        if parcel.template is None or parcel.attachment is not None:
            raise Refused(Verdict.NEEDS_TEMPLATE, CarrierFault.OUTSIDE_WINDOW)
        if not _NAME.fullmatch(parcel.template.name) or not _LANGUAGE.fullmatch(parcel.template.language):
            # The name is another provider's; by another way the same words may go.
            raise Refused(Verdict.NEXT_CHANNEL, CarrierFault.TEMPLATE_UNKNOWN)
        return message | {"type": "template", "template": _template(parcel.template, parcel)}
    if parcel.quoted_id.startswith("wamid.") and parcel.quoted_id.isprintable():
        message["context"] = {"message_id": parcel.quoted_id}
    if parcel.attachment is not None:
        return message | _media(parcel.attachment, parcel, media_id)
    return message | (_with_buttons(parcel) if _buttons_fit(parcel) else _text(parcel))


def recipient_of(parcel: Parcel) -> dict[str, str]:
    """By which name Meta is told whom it is for: what Meta calls them, else the phone as it is kept."""
    identity = parcel.recipient.identity
    if _PHONE_IDENTITY.fullmatch(identity):
        return {"to": identity}
    if identity and identity.isprintable():
        return {"recipient": identity}
    if fault := why_not_by_phone(parcel.kind, parcel.recipient.phone):
        raise Refused(Verdict.NEXT_CHANNEL, fault)
    return {"to": digits_of(parcel.recipient.phone)}


def form_of(attachment: Attachment, words: str) -> str:
    """As what a file is sent: what Meta does not show as itself, or cannot caption, as a document."""
    mimes, largest = _FORMS.get(attachment.kind, ((), 0))
    if attachment.mime not in mimes or len(attachment.content) > largest:
        return "document"
    return "document" if attachment.kind == "audio" and words.strip() else attachment.kind


def _template(template: ApprovedTemplate, parcel: Parcel) -> dict[str, Any]:
    components: list[dict[str, Any]] = []
    if template.values:
        values = [{"type": "text", "text": value_of(value, LONGEST_VALUE)} for value in template.values]
        components.append({"type": "body", "parameters": values})
    for place, button in enumerate(parcel.buttons):
        payload = {"type": "payload", "payload": _payload(button.payload)}
        components.append({"type": "button", "sub_type": "quick_reply", "index": str(place), "parameters": [payload]})
    named = {"name": template.name, "language": {"code": template.language}}
    return named | ({"components": components} if components else {})


def _text(parcel: Parcel) -> dict[str, Any]:
    return {"type": "text", "text": {"body": words_within(parcel.body, LONGEST_TEXT), "preview_url": False}}


def _buttons_fit(parcel: Parcel) -> bool:
    return 0 < len(parcel.buttons) <= MOST_BUTTONS and len(clean(parcel.body).strip()) <= LONGEST_WITH_BUTTONS


def _with_buttons(parcel: Parcel) -> dict[str, Any]:
    buttons = [
        {"type": "reply", "reply": {"id": _payload(button.payload), "title": _label(button.label, place)}}
        for place, button in enumerate(parcel.buttons, 1)
    ]
    body = {"text": words_within(parcel.body, LONGEST_WITH_BUTTONS)}
    return {"type": "interactive", "interactive": {"type": "button", "body": body, "action": {"buttons": buttons}}}


def _media(attachment: Attachment, parcel: Parcel, media_id: str) -> dict[str, Any]:
    form = form_of(attachment, parcel.body)
    content = {"id": media_id}
    if parcel.body.strip():
        content["caption"] = words_within(parcel.body, LONGEST_WITH_BUTTONS)
    if form == "document":
        content["filename"] = file_name_of(attachment)
    return {"type": form, form: content}


def _label(text: str, place: int) -> str:
    return one_line(text, LONGEST_LABEL) or str(place)


def _payload(text: str) -> str:
    if not text or len(text) > LONGEST_PAYLOAD or not text.isprintable():
        raise Refused(Verdict.OUR_FAULT, CarrierFault.MESSAGE_REFUSED, detail="payload")
    return text
