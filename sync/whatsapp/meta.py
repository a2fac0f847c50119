"""WhatsApp by Meta's Cloud API: free text in the window, approved templates outside it."""

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import NoReturn
from urllib.parse import urlsplit

from clinicdesk.domain.carrier_faults import CarrierFault
from clinicdesk.domain.channel_fields import GRAPH_VERSION
from clinicdesk.domain.messages import Provider
from clinicdesk.domain.phone_variants import why_not_by_phone
from clinicdesk.domain.provider_codes import meaning_of
from sync.carrier import Attachment, FetchedMedia, Parcel, Refused, Sent, Verdict
from sync.channel import ChannelSettings
from sync.deadline import within
from sync.line import Answer, ProviderLine, as_header, as_part, asked_to_wait, refuse_unforeseen, said, unreadable
from sync.texts import file_name_of, mime_of
from sync.whatsapp.meta_messages import LARGEST_DOCUMENT, message_of

LARGEST_FILE = 16_000_000
_MEDIA_HOSTS = (".fbsbx.com", ".facebook.com", ".fbcdn.net", ".whatsapp.net")
_EXPIRED = 463
_NOT_THERE = 33
_TO_ONE_PERSON = 131056
_NEEDS_PHONE = 131062
_LONGEST_PAUSE = 6  # tries, after which the pause grows no more: 4^6 s are over an hour


class MetaCarrier:
    """One number of one WhatsApp Business account."""

    def __init__(self, settings: ChannelSettings) -> None:
        token = as_header(settings.secret("token"), "token")
        self._app_secret = settings.secret("app_secret").strip()
        version = settings.text("graph_version", GRAPH_VERSION).removeprefix("v")
        if not re.fullmatch(r"[0-9]{1,3}\.[0-9]", version):
            raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SETTING_WRONG, detail="graph_version")
        self._token = token
        self._number = f"v{version}/{as_part(settings.needed('phone_number_id'))}"
        self._version = f"v{version}"
        self._line = ProviderLine(Provider.META, settings.address, headers={"Authorization": f"Bearer {token}"})

    def send(self, parcel: Parcel) -> Sent:
        """Post one message; one that Meta cannot bring to a user id goes to the phone, where there is one."""
        with within():
            try:
                return self._post(parcel)
            except Refused as refused:
                if refused.code != str(_NEEDS_PHONE) or why_not_by_phone(parcel.kind, parcel.recipient.phone):
                    raise
            return self._post(_to_phone(parcel))

    def _post(self, parcel: Parcel) -> Sent:
        message = message_of(parcel, "pending" if parcel.attachment else "")
        if parcel.attachment is not None:
            message = message_of(parcel, self._upload(parcel.attachment))
        answer = self._line.ask("POST", f"{self._number}/messages", json=message, sends=True)
        if not answer.taken:
            _refuse(answer, parcel.tries, sends=True)
        return _sent(answer)

    def check(self) -> str:
        """What the number calls itself. Raises Refused, saying whether number, token or app secret are wrong."""
        with within():
            asked = {"fields": "display_phone_number,verified_name"}
            answer = self._line.ask("GET", self._number, params=asked)
            if not answer.taken:
                _refuse(answer)
            if not answer.body.get("id"):
                raise unreadable(sends=False)
            if self._app_secret:
                self._check_app_secret(asked)
        name, number = (str(answer.body.get(key) or "") for key in ("verified_name", "display_phone_number"))
        return " · ".join(part for part in (name, number) if part)

    def _check_app_secret(self, asked: Mapping[str, str]) -> None:
        """Graph takes a proof that whoever asks knows the app's secret, and says when it is the wrong one."""
        proof = hmac.new(self._app_secret.encode(), self._token.encode(), hashlib.sha256).hexdigest()
        answer = self._line.ask("GET", self._number, params={**asked, "appsecret_proof": proof})
        if not answer.taken:
            error = _error(answer)
            if answer.status < 500 and "appsecret_proof" in str(error.get("message")):
                code = str(error.get("code") or "")
                raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.WRONG_APP_SECRET, code, said(error.get("message")))
            _refuse(answer)

    def fetch(self, media_id: str) -> FetchedMedia:
        """A file somebody sent. Meta keeps it some days, and the address it gives of it five minutes."""
        with within():
            told = self._line.ask("GET", f"{self._version}/{as_part(media_id)}")
            if not told.taken:
                _refuse_media(told)
            address = str(told.body.get("url") or "")
            if not self._is_metas(address):
                raise Refused(Verdict.OUR_FAULT, CarrierFault.ADDRESS_UNSAFE)
            got = self._line.ask_at("GET", address, largest=LARGEST_FILE)
            if not got.taken:
                _refuse_media(got)
        mime = str(told.body.get("mime_type") or got.headers.get("content-type") or "")
        return FetchedMedia(mime.partition(";")[0].strip(), got.content)

    def close(self) -> None:
        """Give the connections back."""
        self._line.close()

    def _upload(self, attachment: Attachment) -> str:
        if len(attachment.content) > LARGEST_DOCUMENT:
            raise Refused(Verdict.OUR_FAULT, CarrierFault.ATTACHMENT_TOO_LARGE)
        mime = mime_of(attachment)
        answer = self._line.ask(
            "POST",
            f"{self._number}/media",
            data={"messaging_product": "whatsapp", "type": mime},
            files={"file": (file_name_of(attachment), attachment.content, mime)},
        )
        if not answer.taken:
            _refuse(answer)
        if not (media_id := str(answer.body.get("id") or "")):
            raise unreadable(sends=False)
        return media_id

    def _is_metas(self, address: str) -> bool:
        """Whether the token may be shown there: a host of Meta's, or the one that is asked for everything else."""
        try:
            parts, base = urlsplit(address), urlsplit(self._line.address)
            if (parts.scheme, parts.hostname, parts.port) == (base.scheme, base.hostname, base.port):
                return True
            host, ordinary = parts.hostname or "", parts.port in (None, 443) and "@" not in parts.netloc
        except ValueError:
            return False
        return parts.scheme == "https" and ordinary and host.endswith(_MEDIA_HOSTS)


def _to_phone(parcel: Parcel) -> Parcel:
    return replace(parcel, recipient=replace(parcel.recipient, identity=""))


def _sent(answer: Answer) -> Sent:
    messages, contacts = answer.body.get("messages"), answer.body.get("contacts")
    first = messages[0] if isinstance(messages, list) and messages else None
    contact = contacts[0] if isinstance(contacts, list) and contacts else None
    message_id = first.get("id") if isinstance(first, dict) else None
    if not isinstance(message_id, str) or not message_id:
        raise unreadable(sends=True)
    known = contact if isinstance(contact, dict) else {}
    return Sent(message_id, str(known.get("user_id") or known.get("wa_id") or ""))


def _error(answer: Answer) -> Mapping[str, object]:
    error = answer.body.get("error")
    return error if isinstance(error, dict) else {}


def _refuse(answer: Answer, tries: int = 0, *, sends: bool = False) -> NoReturn:
    error = _error(answer)
    code, subcode = str(error.get("code") if error.get("code") is not None else ""), error.get("error_subcode")
    data = error.get("error_data")
    detail = said((data.get("details") if isinstance(data, dict) else "") or error.get("message"))
    meaning = meaning_of(Provider.META, code)
    if meaning is None:
        refuse_unforeseen(answer, code=code, detail=detail, sends=sends)
    verdict, fault = meaning
    if code == "190" and subcode == _EXPIRED:
        fault = CarrierFault.TOKEN_EXPIRED
    if code == "100" and subcode == _NOT_THERE:
        verdict, fault = Verdict.PAUSE_CHANNEL, CarrierFault.WRONG_ACCOUNT
    after = asked_to_wait(answer)
    if code == str(_TO_ONE_PERSON):
        after = dt.timedelta(seconds=4 ** min(tries + 1, _LONGEST_PAUSE))
    raise Refused(verdict, fault, code, detail, after)


def _refuse_media(answer: Answer) -> NoReturn:
    error = _error(answer)
    gone = str(error.get("code")) == "100" or answer.status in (404, 410)
    if gone:
        raise Refused(Verdict.OUR_FAULT, CarrierFault.MEDIA_GONE, str(error.get("code") or answer.status))
    _refuse(answer)
