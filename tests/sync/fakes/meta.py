"""Meta's Cloud API on loopback: takes messages, refuses as Graph does, and posts signed webhooks to a gateway.

    with FakeMeta.open() as meta:
        channel.address, settings = meta.address, meta.settings    # secrets: meta.secrets
        meta.connect("http://127.0.0.1:8000/hooks/…")
        …
        meta.wait_for(1)                     # posted messages
        meta.press(meta.sent[0], 0)          # the patient presses the first button
        meta.write(meta.sent[0].wa_id, "1")  # or writes
        meta.tell(meta.sent[0], "delivered", "read")

`automatic = ("sent", "delivered")` tells these of each message as soon as it was taken.
"""

import contextlib
import hashlib
import hmac
import http.client
import itertools
import re
import threading
from dataclasses import dataclass, field
from typing import Any

from tests.sync.fakes import meta_events as events
from tests.sync.fakes.server import TURN, FakeProvider, Posted, Reply, knock

PHONE_NUMBER_ID = "106540352242922"
_WITH_NINTH = {"11", "12", "13", "14", "15", "16", "17", "18", "19", "21", "22", "24", "27", "28"}


@dataclass(frozen=True)
class SentMessage:
    """One message that was taken."""

    id: str
    wa_id: str
    user_id: str
    message: dict[str, Any]

    @property
    def attempt(self) -> str:
        return str(self.message.get("biz_opaque_callback_data", ""))

    @property
    def words(self) -> str:
        """What the patient reads, as far as Meta was told: free text, or the template's values."""
        message = self.message
        if message["type"] == "text":
            return str(message["text"]["body"])
        if message["type"] == "interactive":
            return str(message["interactive"]["body"]["text"])
        if message["type"] == "template":
            parts = message["template"].get("components", [])
            return " · ".join(p["text"] for part in parts if part["type"] == "body" for p in part["parameters"])
        return str(message[message["type"]].get("caption", ""))

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """Payload and label of each button."""
        if self.message["type"] == "interactive":
            buttons = self.message["interactive"]["action"]["buttons"]
            return [(button["reply"]["id"], button["reply"]["title"]) for button in buttons]
        parts = self.message.get("template", {}).get("components", [])
        return [(part["parameters"][0]["payload"], "") for part in parts if part["type"] == "button"]


@dataclass
class Approved:
    """A template Meta knows."""

    values: int
    buttons: int = 0
    language: str = "pt_BR"


@dataclass
class FakeMeta(FakeProvider):
    """One number of an account. `templates` empty: every template is known."""

    token: str = "EAAG-fake-token"
    app_secret: str = "fake-app-secret"
    verify_token: str = "fake-verify-token"
    phone_number_id: str = PHONE_NUMBER_ID
    templates: dict[str, Approved] = field(default_factory=dict)
    automatic: tuple[str, ...] = ()
    strict_window: bool = False  # whether free text needs that the person wrote before
    sent: list[SentMessage] = field(default_factory=list)
    media: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    undeliverable: set[str] = field(default_factory=set)  # wa_ids that are refused with 131026
    told: list[tuple[int, str]] = field(default_factory=list)  # what the gateway answered

    def __post_init__(self) -> None:
        self._count = itertools.count(1)
        self._gateway = ""
        self._open_windows: set[str] = set()
        self._tellers: list[threading.Thread] = []
        FakeProvider.__init__(self)

    @property
    def settings(self) -> dict[str, str]:
        return {"phone_number_id": self.phone_number_id, "graph_version": "26.0"}

    @property
    def secrets(self) -> dict[str, str]:
        return {"token": self.token, "app_secret": self.app_secret, "verify_token": self.verify_token}

    def wait_for(self, count: int, seconds: float = TURN) -> list[SentMessage]:
        """Wait until so many messages were taken."""
        self.wait_until(lambda: len(self.sent) >= count, seconds)
        return list(self.sent)

    # --- Graph -------------------------------------------------------------------------------------------------------

    def answer(self, request: Posted) -> Reply:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return graph_error(401, 190, "Invalid OAuth access token - Cannot parse access token")
        if request.path.startswith("/download/"):
            mime, content = self.media[request.path.removeprefix("/download/")]
            return Reply(200, content, {"Content-Type": mime})
        if not (found := re.fullmatch(r"/v[0-9]{1,3}\.[0-9]/([^/]+)(/[a-z]+)?", request.path)):
            return graph_error(404, 2500, "Unknown path components")
        place, what = found[1], found[2] or ""
        if place in self.media and request.method == "GET":
            return self._media_told(place)
        if place != self.phone_number_id:
            return graph_error(400, 100, "Unsupported request. Object does not exist", subcode=33)
        return {"/messages": self._message, "/media": self._upload, "": self._number}[what](request)

    def _number(self, request: Posted) -> Reply:
        proof = hmac.new(self.app_secret.encode(), self.token.encode(), hashlib.sha256).hexdigest()
        if request.query.get("appsecret_proof", proof) != proof:
            return graph_error(400, 100, "Invalid appsecret_proof provided in the API argument")
        told = {
            "display_phone_number": "+55 11 4000-4000",
            "verified_name": "Clínica Aurora",
            "id": self.phone_number_id,
        }
        return Reply.of(told)

    def _upload(self, request: Posted) -> Reply:
        kind, _, boundary = request.headers["content-type"].partition("; boundary=")
        assert kind == "multipart/form-data"
        parts = {}
        for part in request.body.split(b"--" + boundary.encode())[1:-1]:
            head, _, content = part.removeprefix(b"\r\n").removesuffix(b"\r\n").partition(b"\r\n\r\n")
            name = re.search(rb'name="([^"]*)"', head)
            assert name is not None
            parts[name[1].decode()] = content
        assert parts["messaging_product"] == b"whatsapp"
        return Reply.of({"id": self.add_media(parts["type"].decode(), parts["file"])})

    def _media_told(self, media_id: str) -> Reply:
        mime, content = self.media[media_id]
        told = {
            "url": f"{self.address}/download/{media_id}",
            "mime_type": mime,
            "file_size": len(content),
            "id": media_id,
        }
        return Reply.of(told | {"sha256": hashlib.sha256(content).hexdigest(), "messaging_product": "whatsapp"})

    def _message(self, request: Posted) -> Reply:
        message = request.json
        if wrong := self._what_is_wrong(message):
            return wrong
        to, recipient = str(message.get("to", "")), str(message.get("recipient", ""))
        wa_id = wa_id_of(to) if to else ""
        user_id = recipient if not to else f"BR.{to[-8:]}"
        sent = SentMessage(f"wamid.{next(self._count):06d}", wa_id, user_id, message)
        self.sent.append(sent)
        if self.automatic:
            self._later(sent)
        contact = {"input": to, "wa_id": wa_id} if to else {"input": recipient, "user_id": user_id}
        answer = {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": sent.id}]}
        return Reply.of(answer)

    def _what_is_wrong(self, message: dict[str, Any]) -> Reply | None:
        if message.get("messaging_product") != "whatsapp" or not (message.get("to") or message.get("recipient")):
            return graph_error(400, 131008, "Required parameter is missing")
        if "to" in message and not re.fullmatch(r"[0-9]{8,15}", message["to"]):
            return graph_error(400, 131009, "Parameter value is not valid")
        kind, person = message.get("type"), message.get("to") or message["recipient"]
        if wa_id_of(str(person)) in self.undeliverable:
            return graph_error(400, 131026, "Message undeliverable")
        if kind == "template":
            return self._what_is_wrong_with(message["template"])
        if self.strict_window and wa_id_of(str(person)) not in self._open_windows:
            return graph_error(400, 131047, "Re-engagement message")
        return what_is_wrong_in_the_window(message)

    def _what_is_wrong_with(self, template: dict[str, Any]) -> Reply | None:
        if not self.templates:
            return None
        known = self.templates.get(template["name"])
        if known is None or known.language != template["language"]["code"]:
            return graph_error(404, 132001, "Template name does not exist in the translation")
        parts = template.get("components", [])
        values = sum(len(part["parameters"]) for part in parts if part["type"] == "body")
        if values != known.values or sum(part["type"] == "button" for part in parts) > known.buttons:
            return graph_error(400, 132000, "Number of parameters does not match the expected number of params")
        return None

    # --- what Meta posts ---------------------------------------------------------------------------------------------

    def connect(self, gateway: str) -> None:
        """From now on events are posted to this address."""
        self._gateway = gateway

    def add_media(self, mime: str, content: bytes) -> str:
        """A file that can be fetched by its id."""
        media_id = f"{1_000_000 + next(self._count)}"
        self.media[media_id] = (mime, content)
        return media_id

    def write(self, wa_id: str, words: str, **more: Any) -> str:
        """A patient writes; `quoted` is the id of a message of ours."""
        return self.send_in(wa_id, events.text(words), **more)

    def press(self, sent: SentMessage, place: int = 0, **more: Any) -> str:
        """A patient presses a button of a message of ours."""
        payload, label = sent.buttons[place]
        shape = events.template_button if sent.message["type"] == "template" else events.window_button
        return self.send_in(sent.wa_id, shape(payload, label), quoted=sent.id, **{"user_id": sent.user_id} | more)

    def send_in(
        self,
        wa_id: str,
        content: dict[str, Any],
        *,
        user_id: str = "",
        quoted: str = "",
        name: str = "Ana",
        times: int = 1,
    ) -> str:
        """Anything a patient may send; its id is given back. `times`: how often it is delivered."""
        user_id = user_id or f"BR.{wa_id[-8:]}"
        message_id = f"wamid.IN{next(self._count):06d}"
        self._open_windows |= {wa_id, user_id}
        told = events.message(wa_id, message_id, content, user_id=user_id, quoted=quoted)
        contacts = [events.contact(wa_id, user_id, name)]
        for _ in range(times):
            self.post(events.event([events.value(self.phone_number_id, contacts=contacts, messages=[told])]))
        return message_id

    def tell(self, sent: SentMessage, *states: str, code: int = 0, times: int = 1) -> None:
        """What became of a message, in this order; `code` is why it failed."""
        for state in states:
            told = events.status(
                sent.id, state, sent.wa_id or sent.user_id, attempt=sent.attempt, code=code if state == "failed" else 0
            )
            for _ in range(times):
                self.post(events.event([events.value(self.phone_number_id, statuses=[told])]))

    def post(self, event: object, signature: str | None = None) -> int:
        """Post any event, signed as Meta signs unless told otherwise; what the gateway answered."""
        body = event if isinstance(event, bytes) else events.encoded(event)
        signed = events.signature_of(self.app_secret, body) if signature is None else signature
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signed}
        answered = knock(self._gateway, body, headers)
        self.told.append(answered)
        return answered[0]

    def verify(self, challenge: str = "1158201444", token: str | None = None) -> tuple[int, str]:
        """Ask the gateway whether it is the one that was set up."""
        asked = f"hub.mode=subscribe&hub.verify_token={self.verify_token if token is None else token}"
        return knock(f"{self._gateway}?{asked}&hub.challenge={challenge}", b"", {}, "GET")

    def _later(self, sent: SentMessage) -> None:
        """Tell of it by itself, again and again to a gateway that is away, as Meta does."""

        def tell() -> None:
            for state in self.automatic:
                while not self.ended:
                    with contextlib.suppress(OSError, http.client.HTTPException):
                        self.tell(sent, state)
                        if self.told[-1][0] < 500:
                            break
                    self.wait_for_end(0.1)

        thread = threading.Thread(target=tell, name="meta-tells", daemon=True)
        self._tellers.append(thread)
        thread.start()

    def closed(self) -> None:
        for thread in self._tellers:
            thread.join(TURN)


def graph_error(status: int, code: int, message: str, *, subcode: int = 0) -> Reply:
    """An error as Graph words it."""
    error: dict[str, Any] = {"message": f"(#{code}) {message}", "type": "OAuthException", "code": code}
    if subcode:
        error["error_subcode"] = subcode
    return Reply.of({"error": error | {"error_data": {"details": message}, "fbtrace_id": "AbC"}}, status)


def wa_id_of(to: str) -> str:
    """What WhatsApp calls a number: in most of Brazil a mobile goes by the eight digits of before 2016."""
    old = re.fullmatch(r"55([0-9]{2})9([0-9]{8})", to)
    return f"55{old[1]}{old[2]}" if old and old[1] not in _WITH_NINTH else to


def what_is_wrong_in_the_window(message: dict[str, Any]) -> Reply | None:
    """The limits of what may be sent freely."""
    kind = message.get("type")
    if kind == "text":
        fine = 0 < len(message["text"]["body"]) <= 4096
    elif kind == "interactive":
        buttons = message["interactive"]["action"]["buttons"]
        titles = [button["reply"]["title"] for button in buttons]
        fine = 0 < len(message["interactive"]["body"]["text"]) <= 1024 and 1 <= len(buttons) <= 3
        fine = fine and all(0 < len(title) <= 20 for title in titles)
    else:
        fine = kind in ("image", "audio", "video", "document") and bool(message[kind].get("id"))
    return None if fine else graph_error(400, 131009, "Parameter value is not valid")
