"""Z-API on loopback, written from its documentation. Unverified: no parser of anybody else's reads what it posts."""

import itertools
import json
import time
from dataclasses import dataclass, field
from typing import Any

from tests.sync.fakes.server import FakeProvider, Posted, Reply, knock


@dataclass(frozen=True)
class SentMessage:
    """One message that was taken."""

    id: str
    way: str  # send-text, send-button-list, send-image …
    body: dict[str, Any]


@dataclass
class FakeZapi(FakeProvider):
    """One instance."""

    instance_id: str = "3C67AB641C8AA0412F6A2242B4E23AC7"
    instance_token: str = "fake-instance-token"
    client_token: str = "fake-client-token"
    connected: bool = True
    takes_buttons: bool = True
    sent: list[SentMessage] = field(default_factory=list)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._count = itertools.count(1)
        self._gateway = ""
        FakeProvider.__init__(self)

    @property
    def settings(self) -> dict[str, str]:
        return {"instance_id": self.instance_id}

    @property
    def secrets(self) -> dict[str, str]:
        return {"instance_token": self.instance_token, "client_token": self.client_token}

    def answer(self, request: Posted) -> Reply:
        if request.path.startswith("/files/"):
            assert "client-token" not in request.headers, "the account's token was shown to another host"
            mime, content = self.files[request.path.removeprefix("/files/")]
            return Reply(200, content, {"Content-Type": mime})
        root = f"/instances/{self.instance_id}/token/{self.instance_token}/"
        if not request.path.startswith(root):
            return Reply.of({"error": "Instance not found"}, 400)
        if request.headers.get("client-token") != self.client_token:
            return Reply.of({"error": "Client-Token is not allowed"}, 403)
        way = request.path.removeprefix(root)
        if way == "status":
            words = {} if self.connected else {"error": "You are not connected."}
            return Reply.of({"connected": self.connected, "smartphoneConnected": self.connected, **words})
        if way == "send-button-list" and not self.takes_buttons:
            return Reply.of({"error": "You must accept buttons message terms in panel to send this message."}, 400)
        return self._message(way, request.json)

    def _message(self, way: str, body: dict[str, Any]) -> Reply:
        if not self.connected:
            return Reply.of({"error": "You are not connected."}, 400)
        if not body.get("phone") or (way in ("send-text", "send-button-list") and not body.get("message")):
            return Reply.of({"error": "phone and message are required"}, 400)
        name = f"{next(self._count):020X}"
        self.sent.append(SentMessage(name, way, body))
        return Reply.of({"zaapId": "Z" + name, "messageId": name, "id": name})

    # --- what Z-API posts --------------------------------------------------------------------------------------------

    def connect(self, gateway: str) -> None:
        """From now on events are posted to this address."""
        self._gateway = gateway

    def write(self, phone: str, words: str, **more: Any) -> str:
        """A patient writes; further fields as Z-API names them."""
        return self.receive(phone, {"text": {"message": words}} | more)

    def press(self, phone: str, sent: SentMessage, place: int = 0) -> str:
        """A patient presses a button of a message of ours."""
        button = sent.body["buttonList"]["buttons"][place]
        answer = {"buttonId": button["id"], "message": button["label"]}
        return self.receive(phone, {"buttonsResponseMessage": answer, "referenceMessageId": sent.id})

    def receive(self, phone: str, content: dict[str, Any]) -> str:
        """Anything a patient may send; its id is given back."""
        name = f"IN{next(self._count):018X}"
        told = {"type": "ReceivedCallback", "instanceId": self.instance_id, "messageId": name, "phone": phone}
        told |= {"fromMe": False, "isGroup": False, "isNewsletter": False, "isStatusReply": False, "isEdit": False}
        told |= {"waitingMessage": False, "connectedPhone": "5511400040001", "senderName": "Ana", "status": "RECEIVED"}
        told |= {"momment": int(time.time() * 1000), "senderLid": f"{phone[-8:]}@lid"}
        self.post(told | content)
        return name

    def tell(self, sent: SentMessage, *states: str) -> None:
        """What became of a message: SENT, RECEIVED, READ or PLAYED."""
        for state in states:
            told = {"type": "MessageStatusCallback", "status": state, "ids": [sent.id], "phone": sent.body["phone"]}
            self.post(told | {"momment": int(time.time() * 1000), "instanceId": self.instance_id})

    def tell_not_sent(self, sent: SentMessage, words: str) -> None:
        """That the telephone did not take a message after all."""
        told = {"type": "DeliveryCallback", "messageId": sent.id, "zaapId": "Z" + sent.id, "phone": sent.body["phone"]}
        self.post(told | {"instanceId": self.instance_id, "error": words})

    def post(self, event: object) -> int:
        """Post any event; what the gateway answered."""
        return knock(self._gateway, json.dumps(event).encode(), {"Content-Type": "application/json"})[0]

    def add_file(self, mime: str, content: bytes) -> str:
        """The address of a file, as it stands in an event."""
        name = str(next(self._count))
        self.files[name] = (mime, content)
        return f"{self.address}/files/{name}"
