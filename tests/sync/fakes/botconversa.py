"""Botconversa on loopback, written from what others published, and the N8N relay behind it. Unverified.

Its events are whatever a clinic's flow is set to send; these are the ones that docs/providers.md asks for.
"""

import hashlib
import hmac
import itertools
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from tests.sync.fakes.server import FakeProvider, Posted, Reply, knock

CATCH = "/api/v1/webhooks-automation/catch/136000/fakeKey/"


@dataclass
class Subscriber:
    """Somebody the account knows."""

    id: int
    phone: str
    first_name: str = ""
    last_name: str = ""
    tags: set[str] = field(default_factory=set)
    campaigns: set[str] = field(default_factory=set)
    values: dict[str, str] = field(default_factory=dict)
    got: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class FakeBotconversa(FakeProvider):
    """One account. `asks_with_plus`: which of the two shapes of a number is known, as both were seen."""

    api_key: str = "fake-api-key"
    relay_secret: str = "fake-relay-secret"
    asks_with_plus: bool = True
    tells_created: bool = True  # whether a created subscriber's id is in the answer
    tags: set[str] = field(default_factory=lambda: {"7"})
    campaigns: set[str] = field(default_factory=lambda: {"9"})
    subscribers: list[Subscriber] = field(default_factory=list)
    caught: list[dict[str, Any]] = field(default_factory=list)  # by the automation

    def __post_init__(self) -> None:
        self._count = itertools.count(501)
        self._gateway = ""
        FakeProvider.__init__(self)

    @property
    def secrets(self) -> dict[str, str]:
        return {"api_key": self.api_key, "relay_secret": self.relay_secret}

    @property
    def automation_address(self) -> str:
        return f"{self.address}{CATCH}"

    def answer(self, request: Posted) -> Reply:
        if request.path == CATCH:
            self.caught.append(request.json)
            return Reply(200, b"")
        if request.headers.get("api-key") != self.api_key:
            return Reply.of({"detail": "Authentication credentials were not provided."}, 401)
        path = request.path
        if path in ("/tags/", "/campaigns/"):
            known = self.tags if path == "/tags/" else self.campaigns
            return Reply.of([{"id": int(each), "name": each} for each in known])
        if asked := re.fullmatch(r"/subscriber/get_by_phone/([^/]+)/", path):
            return self._by_phone(unquote(asked[1]))
        if path == "/subscriber/" and request.method == "POST":
            return self._create(request.json)
        if asked := re.fullmatch(r"/subscriber/([0-9]+)/(.+)", path):
            return self._for(int(asked[1]), asked[2], request)
        return Reply.of({"detail": "Not found."}, 404)

    def _by_phone(self, asked: str) -> Reply:
        if asked.startswith("+") == self.asks_with_plus:
            for each in self.subscribers:
                if each.phone == asked.removeprefix("+"):
                    return Reply.of({"id": each.id, "phone": f"+{each.phone}"})
        return Reply.of({"detail": "Not found."}, 404)

    def _create(self, person: dict[str, Any]) -> Reply:
        if person.get("has_opt_in_whatsapp") is not True or not person.get("first_name") or not person.get("phone"):
            return Reply.of({"has_opt_in_whatsapp": ["This field is required."]}, 400)
        phone = str(person["phone"]).removeprefix("+")
        made = Subscriber(next(self._count), phone, person["first_name"], person["last_name"])
        self.subscribers.append(made)
        return Reply.of({"id": made.id} if self.tells_created else {}, 201)

    def _for(self, number: int, what: str, request: Posted) -> Reply:
        subscriber = next((each for each in self.subscribers if each.id == number), None)
        if subscriber is None:
            return Reply.of({"detail": "Not found."}, 404)
        match what.strip("/").split("/"):
            case ["send_message"] if request.json["type"] in ("text", "file") and request.json["value"]:
                subscriber.got.append(request.json)
                return Reply(200, b"")
            case ["send_flow"] if isinstance(request.json["flow"], int):
                subscriber.got.append(request.json)
                return Reply.of({})
            case ["tags", tag] if tag in self.tags:
                subscriber.tags.add(tag)
            case ["campaigns", campaign] if campaign in self.campaigns:
                subscriber.campaigns.add(campaign)
            case ["custom_fields", name]:
                subscriber.values[name] = request.json["value"]
            case _:
                return Reply.of({"detail": "Not found."}, 404)
        return Reply.of({})

    # --- what a flow, or the relay behind it, posts ------------------------------------------------------------------

    def connect(self, gateway: str) -> None:
        """From now on events are posted to this address."""
        self._gateway = gateway

    def relay(self, phone: str, words: str, **more: Any) -> str:
        """A patient's words, passed on and signed by N8N."""
        event = {"event_id": f"ev-{next(self._count)}", "phone": phone, "text": words, "button_id": ""}
        event |= {"subscriber_id": "", "occurred_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
        self.post(event | more)
        return str((event | more)["event_id"])

    def post(self, event: object, signature: str | None = None, stamp: str = "") -> int:
        """Post any event as the relay signs it, unless told otherwise; what the gateway answered."""
        body, stamp = json.dumps(event).encode(), stamp or str(int(time.time()))
        signed = signature or relay_signature(self.relay_secret, stamp, body)
        headers = {"Content-Type": "application/json", "X-ClinicDesk-Timestamp": stamp}
        return knock(self._gateway, body, headers | {"X-ClinicDesk-Signature": signed})[0]

    def post_directly(self, event: object) -> int:
        """Post as a flow's own block does, which can show a token and sign nothing."""
        headers = {"Content-Type": "application/json", "X-ClinicDesk-Token": self.relay_secret}
        return knock(self._gateway, json.dumps(event).encode(), headers)[0]


def relay_signature(secret: str, stamp: str, body: bytes) -> str:
    """The header `X-ClinicDesk-Signature`."""
    return "v1=" + hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
