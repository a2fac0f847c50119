"""Twilio on loopback: takes messages for WhatsApp and for telephones, and posts signed webhooks to a gateway.

Its signature is checked against Twilio's own RequestValidator in a test.
"""

import base64
import datetime as dt
import hmac
import itertools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from tests.sync.fakes.server import FakeProvider, Posted, Reply, knock

ACCOUNT = "AC" + "0" * 31 + "1"
SERVICE = "MG" + "0" * 31 + "2"
CONTENT = "HX" + "0" * 31 + "3"


@dataclass(frozen=True)
class SentMessage:
    """One message that was taken."""

    sid: str
    form: Mapping[str, str]

    @property
    def values(self) -> dict[str, str]:
        """The variables of a content template."""
        return dict(json.loads(self.form.get("ContentVariables", "{}")))


def signature_of(token: str, url: str, fields: Mapping[str, str]) -> str:
    """The header `X-Twilio-Signature` over the address Twilio was told and every field."""
    signed = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.digest(token.encode(), signed.encode(), "sha1")).decode()


@dataclass
class FakeTwilio(FakeProvider):
    """One account. `refused`: which code is answered to a recipient."""

    account_sid: str = ACCOUNT
    auth_token: str = "fake-auth-token"
    sender: str = "+5511400040001"
    status: str = "active"
    numbers: set[str] = field(default_factory=lambda: {"+5511400040001"})
    contents: set[str] = field(default_factory=lambda: {CONTENT})
    refused: dict[str, int] = field(default_factory=dict)
    sent: list[SentMessage] = field(default_factory=list)
    media: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    log: list[dict[str, Any]] = field(default_factory=list)  # what is listed when it is asked
    files: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # of a listed message: address and type

    def __post_init__(self) -> None:
        self._count = itertools.count(1)
        self._gateway = self._public = ""
        FakeProvider.__init__(self)

    @property
    def settings(self) -> dict[str, str]:
        return {"account_sid": self.account_sid, "sender": self.sender}

    @property
    def secrets(self) -> dict[str, str]:
        return {"auth_token": self.auth_token}

    def answer(self, request: Posted) -> Reply:
        if request.path.startswith("/stored/"):
            assert "authorization" not in request.headers, "the account's token was shown to another host"
            mime, content = self.media[request.path.removeprefix("/stored/")]
            return Reply(200, content, {"Content-Type": mime})
        if request.headers.get("authorization") != "Basic " + self._basic():
            return error(401, 20003, "Authenticate")
        root = f"/2010-04-01/Accounts/{self.account_sid}"
        if request.path == f"{root}.json":
            return Reply.of({"friendly_name": "Clínica Aurora", "status": self.status, "sid": self.account_sid})
        if request.path == f"{root}/IncomingPhoneNumbers.json":
            found = [{"phone_number": each} for each in self.numbers if each == request.query.get("PhoneNumber")]
            return Reply.of({"incoming_phone_numbers": found})
        if request.path == f"{root}/Messages.json" and request.method == "GET":
            return self._listed(request)
        if found := re.fullmatch(rf"{root}/Messages/([A-Z0-9a-f]+)/Media.json", request.path):
            files = [{"uri": f"{where}.json", "content_type": mime} for where, mime in self.files.get(found[1], [])]
            return Reply.of({"media_list": files})
        if request.path == f"{root}/Messages.json" and request.method == "POST":
            return self._message(request)
        if media := re.fullmatch(rf"{root}/Messages/MM[0-9a-f]+/Media/(ME[0-9a-f]+)", request.path):
            return Reply(307, b"", {"Location": f"{self.address}/stored/{media[1]}"})
        return error(404, 20404, "The requested resource was not found")

    def _listed(self, request: Posted) -> Reply:
        """Two on a page, the newest first, those since a day."""
        since = dt.date.fromisoformat(request.query["DateSent>"])
        wanted = [one for one in reversed(self.log) if parsedate_to_datetime(one["date_sent"]).date() >= since]
        page = int(request.query.get("Page", "0"))
        more = urlencode({"DateSent>": since.isoformat(), "Page": page + 1})
        following = f"/2010-04-01/Accounts/{self.account_sid}/Messages.json?{more}" if wanted[page * 2 + 2 :] else None
        return Reply.of({"messages": wanted[page * 2 : page * 2 + 2], "next_page_uri": following})

    def _basic(self) -> str:
        return base64.b64encode(f"{self.account_sid}:{self.auth_token}".encode()).decode()

    def _message(self, request: Posted) -> Reply:
        assert request.headers["content-type"] == "application/x-www-form-urlencoded"
        form = request.form
        if code := self._what_is_wrong(form):
            return error(429 if code in (20429, 63018) else 400, code, f"refused with {code}")
        sid = f"SM{next(self._count):032x}"
        self.sent.append(SentMessage(sid, form))
        return Reply.of({"sid": sid, "status": "queued", "to": form["To"], "error_code": None}, 201)

    def _what_is_wrong(self, form: Mapping[str, str]) -> int:
        if code := self.refused.get(form.get("To", "")):
            return code
        if not re.fullmatch(r"(whatsapp:)?\+[0-9]{8,15}", form.get("To", "")):
            return 21211
        if ("From" in form) == ("MessagingServiceSid" in form):
            return 21603
        if "ContentSid" in form:
            values = json.loads(form.get("ContentVariables", "{}"))
            clean = all(isinstance(value, str) and value and "\n" not in value for value in values.values())
            return (0 if clean else 21656) if form["ContentSid"] in self.contents else 21655
        body = form.get("Body", "")
        return 21617 if len(body) > 1600 else (0 if body else 21602)

    # --- what Twilio posts -------------------------------------------------------------------------------------------

    def connect(self, gateway: str, public: str = "") -> None:
        """From now on events are posted to `gateway`, signed for `public`, the address that the clinic told Twilio."""
        self._gateway, self._public = gateway, public or gateway

    def write(self, phone: str, words: str, *, whatsapp: bool = True, **more: str) -> str:
        """A patient writes; further fields as Twilio names them."""
        sid, channel = f"SM{next(self._count):032x}", "whatsapp:" if whatsapp else ""
        told = {"MessageSid": sid, "SmsMessageSid": sid, "AccountSid": self.account_sid, "NumMedia": "0"}
        told |= {
            "From": f"{channel}{phone}",
            "To": f"{channel}{self.sender}",
            "Body": words,
            "ApiVersion": "2010-04-01",
        }
        if whatsapp:
            told |= {"ProfileName": "Ana", "WaId": phone.removeprefix("+")}
        self.post(told | more)
        return sid

    def tell(self, sent: SentMessage, *states: str, code: int = 0) -> None:
        """What became of a message: queued, sent, delivered, read, undelivered or failed."""
        for state in states:
            told = {"MessageSid": sent.sid, "MessageStatus": state, "AccountSid": self.account_sid}
            told |= {"To": sent.form["To"], "From": sent.form.get("From", ""), "ApiVersion": "2010-04-01"}
            self.post(told | ({"ErrorCode": str(code)} if code else {}), query=_query_of(sent))

    def post(self, fields: Mapping[str, str], signature: str | None = None, query: str = "") -> int:
        """Post any fields, signed as Twilio signs unless told otherwise; what the gateway answered."""
        signed = signature_of(self.auth_token, self._public + query, fields) if signature is None else signature
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8", "X-Twilio-Signature": signed}
        return knock(self._gateway + query, urlencode(fields).encode(), headers)[0]

    def add_media(self, mime: str, content: bytes) -> str:
        """The address of a file, as it stands in `MediaUrl0`."""
        name = f"ME{next(self._count):032x}"
        self.media[name] = (mime, content)
        return f"{self.address}/2010-04-01/Accounts/{self.account_sid}/Messages/MM{1:032x}/Media/{name}"


def _query_of(sent: SentMessage) -> str:
    """What stands behind the address that was told with a message."""
    callback = sent.form.get("StatusCallback", "")
    return f"?{callback.partition('?')[2]}" if "?" in callback else ""


def error(status: int, code: int, message: str) -> Reply:
    """An error as Twilio words it."""
    return Reply.of({"code": code, "message": message, "status": status}, status)
