"""E-mail by SendGrid: taken with a 202, told of later by signed events that carry the attempt's name."""

import base64
from typing import Any, NoReturn

from clinicdesk.domain.carrier_faults import CarrierFault
from clinicdesk.domain.messages import Provider
from sync.carrier import Attachment, FetchedMedia, Parcel, Refused, Sent, Verdict
from sync.channel import ChannelSettings
from sync.line import Answer, ProviderLine, as_header, asked_to_wait, refuse_unforeseen, said, unreadable
from sync.mail.letter import LARGEST_FILE, Sender, receiver_of, sender_of, subject_of, text_of
from sync.texts import file_name_of, mime_of, one_line


class SendGridCarrier:
    """One account, writing from one verified sender."""

    def __init__(self, settings: ChannelSettings) -> None:
        self._sender = sender_of(settings)
        key = as_header(settings.secret("api_key"), "api_key")
        self._line = ProviderLine(Provider.SENDGRID, settings.address, headers={"Authorization": f"Bearer {key}"})

    def send(self, parcel: Parcel) -> Sent:
        """Hand one letter over."""
        answer = self._line.ask("POST", "v3/mail/send", json=mail_of(parcel, self._sender), sends=True)
        if not answer.taken:
            _refuse(answer, sends=True)
        if not (message_id := answer.headers.get("x-message-id", "")):
            raise unreadable(sends=True)
        return Sent(message_id, receiver_of(parcel).lower())

    def check(self) -> str:
        """Raises Refused, saying whether the key is wrong or may not send."""
        answer = self._line.ask("GET", "v3/scopes")
        if not answer.taken:
            _refuse(answer)
        scopes = answer.body.get("scopes")
        if not isinstance(scopes, list):
            raise unreadable(sends=False)
        if "mail.send" not in scopes:
            raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.NO_PERMISSION)
        return self._sender.address

    def fetch(self, media_id: str) -> FetchedMedia:
        """Nothing comes in by this way."""
        raise Refused(Verdict.OUR_FAULT, CarrierFault.MEDIA_GONE)

    def close(self) -> None:
        """Give the connections back."""
        self._line.close()


def mail_of(parcel: Parcel, sender: Sender) -> dict[str, Any]:
    """What is posted. Nobody counts who opened or clicked: a patient did not ask to be watched."""
    to = _named(one_line(parcel.recipient.name, 100), receiver_of(parcel))
    mail: dict[str, Any] = {
        "personalizations": [{"to": [to], "custom_args": {"attempt_id": str(parcel.attempt_id)}}],
        "from": _named(sender.name, sender.address),
        "subject": subject_of(parcel),
        "content": [{"type": "text/plain", "value": text_of(parcel)}],
        "headers": {"List-Unsubscribe": f"<{sender.unsubscribe}>"},
        "tracking_settings": {"click_tracking": {"enable": False}, "open_tracking": {"enable": False}},
    }
    if sender.reply_to:
        mail["reply_to"] = {"email": sender.reply_to}
    if parcel.attachment is not None:
        mail["attachments"] = [_file(parcel.attachment)]
    return mail


def _named(name: str, address: str) -> dict[str, str]:
    return {"email": address} | ({"name": name} if name else {})


def _file(attachment: Attachment) -> dict[str, str]:
    if len(attachment.content) > LARGEST_FILE:
        raise Refused(Verdict.OUR_FAULT, CarrierFault.ATTACHMENT_TOO_LARGE)
    if not attachment.content:
        raise Refused(Verdict.OUR_FAULT, CarrierFault.ATTACHMENT_REFUSED)
    content = base64.b64encode(attachment.content).decode()
    return {"content": content, "type": mime_of(attachment), "filename": file_name_of(attachment)}


def _refuse(answer: Answer, *, sends: bool = False) -> NoReturn:
    errors = answer.body.get("errors")
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], dict) else {}
    words, field = str(first.get("message") or ""), str(first.get("field") or "")
    code = str(answer.status)
    if answer.status == 403 and ("from" in field or "sender identity" in words.lower()):
        raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SENDER_REFUSED, code, said(words))
    if answer.status == 403:
        raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.NO_PERMISSION, code, said(words))
    if answer.status == 401 and "credits" in words.lower():
        raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.PAYMENT, code, said(words))
    if answer.status == 400 and ".to" in field:
        raise Refused(Verdict.NEXT_CHANNEL, CarrierFault.NOT_AN_EMAIL, code, said(words))
    if answer.status == 413:
        raise Refused(Verdict.OUR_FAULT, CarrierFault.ATTACHMENT_TOO_LARGE, code, said(words), asked_to_wait(answer))
    refuse_unforeseen(answer, detail=said(words), sends=sends)
