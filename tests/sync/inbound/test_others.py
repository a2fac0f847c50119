"""What Twilio, Z-API, Botconversa and SendGrid deliver, as far as it is known what they do."""

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinicdesk.domain.messages import ChannelKind, MessageState, Provider
from clinicdesk.domain.told import StatusTold, Told, Unreadable, Written, WrittenKind
from sync.inbound.bodies import UnreadableBody
from sync.inbound.reading import told_by
from tests.sync.inbound.deliveries import NOW, SECONDS, as_form, as_json, receipt


def twilio(kind: ChannelKind = ChannelKind.WHATSAPP, **fields: str) -> list[Told]:
    return told_by(receipt(Provider.TWILIO, as_form(**fields), kind))


def zapi(**fields: Any) -> list[Told]:
    return told_by(receipt(Provider.ZAPI, as_json({"instanceId": "3C", "momment": SECONDS * 1000, **fields})))


def botconversa(**fields: Any) -> list[Told]:
    return told_by(receipt(Provider.BOTCONVERSA, as_json(fields)))


def sendgrid(*events: Any) -> list[Told]:
    return told_by(receipt(Provider.SENDGRID, as_json(list(events)), ChannelKind.EMAIL))


def written(told: list[Told]) -> Written:
    (one,) = told
    assert isinstance(one, Written)
    return one


# --- Twilio ----------------------------------------------------------------------------------------------------------

ANA = {"MessageSid": "SM1", "From": "whatsapp:+553187654321", "WaId": "553187654321", "ProfileName": "Ana <b>"}


def test_twilio_tells_words_buttons_and_places() -> None:
    told = written(twilio(**ANA, Body="1️⃣ + é", NumMedia="0", SmsStatus="received", Surprise="new"))
    assert (told.identity, told.phone, told.display_name) == ("553187654321", "553187654321", "Ana <b>")
    assert (told.provider_message_id, told.kind, told.body, told.sent_at) == ("SM1", "text", "1️⃣ + é", NOW)
    told = written(twilio(**ANA, ButtonText="Confirmar", ButtonPayload="c:7", OriginalRepliedMessageSid="SM0"))
    assert (told.kind, told.body, told.payload, told.quoted_id) == ("button", "Confirmar", "c:7", "SM0")
    assert written(twilio(**ANA, Latitude="-19.9", Longitude="-43.9", Label="Casa")).body == "-19.9,-43.9\nCasa"
    assert written(twilio(**ANA, Body="")).kind is WrittenKind.UNKNOWN


def test_twilio_tells_each_file_as_a_message() -> None:
    files = {"NumMedia": "2", "MediaUrl0": "https://api.twilio.com/1", "MediaContentType0": "image/jpeg"}
    files |= {"MediaUrl1": "https://api.twilio.com/2", "MediaContentType1": "audio/ogg; codecs=opus"}
    first, second = twilio(**ANA, Body="os dois", **files)
    assert isinstance(first, Written) and isinstance(second, Written) and first.media and second.media
    assert (first.provider_message_id, first.kind, first.body) == ("SM1", "image", "os dois")
    assert (second.provider_message_id, second.kind, second.body) == ("SM1:1", "audio", "")
    assert (first.media.fetch_from, second.media.mime) == ("https://api.twilio.com/1", "audio/ogg")


def test_twilio_tells_what_became_of_ours() -> None:
    attempt = uuid4()
    for state, expected in (("sent", "sent"), ("delivered", "delivered"), ("read", "read"), ("undelivered", "failed")):
        (told,) = twilio(MessageSid="SM9", MessageStatus=state, To=ANA["From"], ErrorCode="63016", attempt=str(attempt))
        assert isinstance(told, StatusTold)
        assert (told.provider_message_id, told.state, told.attempt_id) == ("SM9", MessageState(expected), attempt)
        assert (told.identity, told.code) == ("+553187654321", "63016")
    assert twilio(MessageSid="SM9", MessageStatus="queued") == []
    assert twilio(MessageStatus="sent") == [Unreadable("broken_entry")]


def test_a_short_message_is_no_whatsapp_message() -> None:
    sms = {"MessageSid": "SM1", "From": "+5531987654321", "Body": "SAIR"}
    assert twilio(**sms) == [Unreadable("other_channel")]
    assert written(twilio(ChannelKind.SMS, **sms)).identity == "5531987654321"
    assert twilio(ChannelKind.SMS, **ANA, Body="1") == [Unreadable("other_channel")]
    with pytest.raises(UnreadableBody):
        told_by(receipt(Provider.TWILIO, b"\xff"))


# --- Z-API -----------------------------------------------------------------------------------------------------------

BENTO = {"type": "ReceivedCallback", "messageId": "3EB0", "phone": "5511987654321", "senderName": "Bento"}


def test_zapi_tells_words_and_who() -> None:
    told = written(zapi(**BENTO, text={"message": "sim"}, senderLid="81896604192873@lid", referenceMessageId="3E"))
    assert (told.identity, told.phone, told.quoted_id) == ("81896604192873@lid", "5511987654321", "3E")
    assert (told.kind, told.body, told.sent_at) == ("text", "sim", NOW.replace(hour=11, minute=59))
    alone = written(zapi(**BENTO | {"phone": "81896604192873@lid"}, text={"message": "sim"}))
    assert (alone.identity, alone.phone) == ("81896604192873@lid", "")
    assert written(zapi(**BENTO, text={"message": "sim"}, senderLid=None)).identity == "5511987654321"


@pytest.mark.parametrize("mark", ["fromMe", "isGroup", "isNewsletter", "isStatusReply"])
def test_what_zapi_tells_of_others_is_dropped(mark: str) -> None:
    assert zapi(**BENTO, text={"message": "1"}, **{mark: True}) == []


@pytest.mark.parametrize(
    ("content", "kind", "body", "payload", "fetch_from"),
    [
        ({"buttonsResponseMessage": {"buttonId": "c:7", "message": "Confirmar"}}, "button", "Confirmar", "c:7", ""),
        ({"listResponseMessage": {"selectedRowId": "c:7", "title": "Sim"}}, "button", "Sim", "c:7", ""),
        ({"image": {"imageUrl": "https://f/1", "caption": "foto", "mimeType": "image/jpeg"}}, "image", "foto", "",
         "https://f/1"),
        ({"audio": {"audioUrl": "https://f/2", "seconds": 9}}, "audio", "", "", "https://f/2"),
        ({"document": {"documentUrl": "https://f/3", "fileName": "e.pdf"}}, "document", "", "", "https://f/3"),
        ({"location": {"latitude": 1, "longitude": 2}}, "location", "1.000000,2.000000", "", ""),
        ({"contact": {"displayName": "Mãe"}}, "contact", "Mãe", "", ""),
        ({"reaction": {"value": "👍", "referencedMessage": {"messageId": "3E"}}}, "reaction", "👍", "", ""),
        ({"notification": "REVOKE", "notificationParameters": ["3E"]}, "deleted", "", "", ""),
        ({"poll": {}}, "unknown", "", "", ""),
    ],
)  # fmt: skip
def test_zapi_tells_everything_else(
    content: dict[str, Any], kind: str, body: str, payload: str, fetch_from: str
) -> None:
    told = written(zapi(**BENTO, **content))
    assert (told.kind.value, told.body, told.payload) == (kind, body, payload)
    assert (told.media.fetch_from if told.media else "") == fetch_from
    if kind in ("reaction", "deleted"):
        assert told.quoted_id == "3E"


def test_an_edit_of_zapis_is_a_message_of_its_own_and_one_without_words_waits_for_them() -> None:
    told = written(zapi(**BENTO, text={"message": "0"}, isEdit=True))
    assert (told.kind, told.quoted_id) == ("edited", "3EB0")
    assert told.provider_message_id.startswith("3EB0:edit:")
    assert zapi(**BENTO, waitingMessage=True) == []
    assert zapi(**BENTO | {"messageId": None}, text={"message": "1"}) == [Unreadable("broken_entry")]


def test_zapi_tells_steps_of_several_messages_at_once() -> None:
    told = zapi(type="MessageStatusCallback", status="READ", ids=["a", "b"], phone="55119")
    assert [(one.provider_message_id, one.state) for one in told if isinstance(one, StatusTold)] == [
        ("a", MessageState.READ), ("b", MessageState.READ)
    ]  # fmt: skip
    assert zapi(type="MessageStatusCallback", status="READ_BY_ME", ids=["a"]) == []
    (refused,) = zapi(type="DeliveryCallback", messageId="a", error="no such number")
    assert isinstance(refused, StatusTold) and refused.state is MessageState.FAILED
    assert zapi(type="PresenceChatCallback") == []


# --- Botconversa and relays ------------------------------------------------------------------------------------------


def test_a_relay_tells_who_what_and_when() -> None:
    told = written(botconversa(event_id="e1", phone="+55 (11) 98765-4321", subscriber_id=42, text="1", name="Bento",
                               occurred_at="2035-03-06T08:59:00-03:00"))  # fmt: skip
    assert (told.provider_message_id, told.identity, told.phone) == ("e1", "subscriber:42", "5511987654321")
    assert (told.kind, told.body, told.sent_at) == ("text", "1", NOW.replace(hour=11, minute=59))
    pressed = written(botconversa(event_id="e2", phone="5511987654321", button_id="c:7", text="Sim"))
    assert (pressed.kind, pressed.payload, pressed.identity) == ("button", "c:7", "5511987654321")
    assert botconversa(event_id="e3", text="1") == [Unreadable("broken_entry")]


def test_a_flow_without_ids_is_told_apart_by_its_minute() -> None:
    one, again = (written(botconversa(phone="5511987654321", text="1")) for _ in range(2))
    other = written(botconversa(phone="5511987654321", text="2"))
    assert one.provider_message_id == again.provider_message_id != other.provider_message_id


def test_a_relay_tells_what_became_of_ours() -> None:
    attempt = uuid4()
    (told,) = botconversa(event_id="e4", attempt_id=str(attempt), status="delivered")
    assert told == StatusTold(f"attempt:{attempt}", MessageState.DELIVERED, NOW, attempt)


# --- SendGrid --------------------------------------------------------------------------------------------------------


def letter(event: str, **more: Any) -> dict[str, Any]:
    told = {"event": event, "email": "Ana@Example.com", "timestamp": SECONDS, "sg_event_id": f"id-{event}"}
    return told | {"sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0", **more}


def test_sendgrid_tells_what_became_of_letters() -> None:
    attempt = uuid4()
    told = sendgrid(letter("processed"), letter("delivered", attempt_id=str(attempt)), letter("open"),
                    letter("bounce", status="5.1.1", reason="550 no such user"), letter("deferred"), 7)  # fmt: skip
    states = [one.state.value for one in told if isinstance(one, StatusTold)]
    assert states == ["sent", "delivered", "read", "failed"]
    assert told[-1] == Unreadable("broken_entry")
    delivered, bounced = told[1], told[3]
    assert isinstance(delivered, StatusTold) and isinstance(bounced, StatusTold)
    assert (delivered.provider_message_id, delivered.attempt_id) == ("14c5d75ce93", attempt)
    assert (bounced.code, bounced.detail, bounced.identity) == ("5.1.1", "550 no such user", "ana@example.com")


@pytest.mark.parametrize("event", ["unsubscribe", "group_unsubscribe", "spamreport"])
def test_whoever_wants_no_more_letters_has_said_so(event: str) -> None:
    told = written(sendgrid(letter(event)))
    assert (told.identity, told.body, told.provider_message_id) == ("ana@example.com", "SAIR", f"id-{event}")


def test_what_sendgrid_does_not_send_is_unreadable() -> None:
    body = receipt(Provider.SENDGRID, b"{}", ChannelKind.EMAIL)
    assert told_by(body) == [Unreadable("broken_entry")]


# --- anything at all -------------------------------------------------------------------------------------------------

_NAMES = ["type", "messageId", "phone", "text", "message", "momment", "isEdit", "image", "imageUrl", "reaction", "ids",
          "status", "location", "latitude", "longitude", "senderLid", "notification", "notificationParameters", "event",
          "email", "sg_message_id", "sg_event_id", "timestamp", "event_id", "attempt_id", "occurred_at", "button_id",
          "subscriber_id", "reason"]  # fmt: skip
_WORDS = st.sampled_from(
    ["ReceivedCallback", "MessageStatusCallback", "DeliveryCallback", "READ", "REVOKE", "delivered", "unsubscribe", "1",
     "5531987654321", "2035-03-06T08:59:00", "9" * 5_000, "\ud800", "\0", "e\u0301"]
)  # fmt: skip
_ANY: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=8),
    max_leaves=15,
)


@pytest.mark.parametrize("provider", [Provider.ZAPI, Provider.BOTCONVERSA, Provider.SENDGRID])
@settings(max_examples=120, deadline=None)
@given(st.dictionaries(st.sampled_from(_NAMES), _ANY, max_size=12), st.booleans())
def test_whatever_stands_in_a_delivery_is_told_or_unreadable(provider: Provider, body: Any, many: bool) -> None:
    try:
        told = told_by(receipt(provider, as_json([body, body] if many else body), ChannelKind.EMAIL))
    except UnreadableBody:
        return
    for one in told:
        assert isinstance(one, Written | StatusTold | Unreadable)
        assert "\0" not in str(one) and "\\ud800" not in repr(one)


_FIELDS = ["MessageSid", "From", "Body", "NumMedia", "MediaUrl0", "MessageStatus", "To", "Latitude", "Longitude",
           "ButtonPayload", "DateSent", "attempt"]  # fmt: skip
_VALUES = st.text(max_size=20) | st.sampled_from(["delivered", "-1", "99", "whatsapp:+553187654321"])


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.sampled_from(_FIELDS), _VALUES))
def test_whatever_stands_in_a_form_is_told_or_unreadable(fields: dict[str, str]) -> None:
    try:
        told = twilio(**fields)
    except UnreadableBody:
        assert not fields
        return
    assert all(isinstance(one, Written | StatusTold | Unreadable) for one in told)
