"""What Meta delivers is read as an independent parser reads it, and what is broken breaks nothing else."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pywa import WhatsApp
from pywa.types import CallbackButton, Message, MessageStatus

from clinicdesk.domain.messages import MessageState, Provider
from clinicdesk.domain.told import LONGEST_BODY, StatusTold, Told, Unreadable, Written, WrittenKind
from sync.inbound import meta
from sync.inbound.bodies import UnreadableBody
from tests.sync.fakes import meta_events as events
from tests.sync.inbound.deliveries import NOW, NUMBER, SECONDS, as_json, receipt

ANA, ANA_ID = "553187654321", "BR.13491208655302741918"
PYWA = WhatsApp(server=None, validate_updates=False)


def body_of(*messages: dict[str, Any], contacts: list[dict[str, Any]] | None = None, number: str = NUMBER) -> Any:
    """One delivery with these messages of Ana's."""
    known = contacts if contacts is not None else [events.contact(ANA, ANA_ID)]
    return events.event([events.value(number, contacts=known, messages=list(messages))])


def read(body: Any) -> list[Told]:
    return meta.read(receipt(Provider.META, as_json(body), phone_number_id=NUMBER))


def only(body: Any) -> Written:
    (told,) = read(body)
    assert isinstance(told, Written)
    return told


# --- held against pywa -----------------------------------------------------------------------------------------------


def test_a_text_is_read_as_pywa_reads_it() -> None:
    body = body_of(events.message(ANA, "wamid.1", events.text("1️⃣"), user_id=ANA_ID, quoted="wamid.0", at=SECONDS))
    told, theirs = only(body), Message.from_update(PYWA, body)
    assert (told.provider_message_id, told.body, told.quoted_id) == (
        theirs.id, theirs.text, theirs.reply_to_message.id
    )  # fmt: skip
    assert (told.identity, told.phone, told.display_name) == (
        theirs.from_user.bsuid, theirs.from_user.wa_id, theirs.from_user.name
    )  # fmt: skip
    assert told.sent_at == theirs.timestamp.astimezone(dt.UTC)
    assert told.kind is WrittenKind.TEXT


@pytest.mark.parametrize("make", [events.template_button, events.window_button])
def test_both_shapes_of_a_button_are_read_as_pywa_reads_them(make: Any) -> None:
    body = body_of(events.message(ANA, "wamid.1", make("confirm:7", "Confirmar"), user_id=ANA_ID, quoted="wamid.0"))
    told, theirs = only(body), CallbackButton.from_update(PYWA, body)
    assert (told.payload, told.body, told.quoted_id) == (theirs.data, theirs.title, "wamid.0")
    assert told.kind is WrittenKind.BUTTON


@pytest.mark.parametrize("kind", ["image", "audio", "video", "document", "sticker"])
def test_files_are_read_as_pywa_reads_them(kind: str) -> None:
    more = {"caption": "meu exame"} if kind in ("image", "video", "document") else {}
    more |= {"filename": "exame.pdf"} if kind == "document" else {}
    more |= {"voice": True} if kind == "audio" else {}
    more |= {"animated": False} if kind == "sticker" else {}
    body = body_of(events.message(ANA, "wamid.1", events.media(kind, "2754859441498128", "a/b; codecs=opus", **more)))
    told, theirs = only(body), Message.from_update(PYWA, body)
    assert told.media is not None and told.kind.value == kind
    assert (told.media.fetch_from, told.media.mime) == (getattr(theirs, kind).id, "a/b")
    assert (told.body, told.media.file_name) == (theirs.caption or "", more.get("filename", ""))


@pytest.mark.parametrize(("state", "read_as"), [("sent", "sent"), ("delivered", "delivered"), ("read", "read")])
def test_steps_are_read_as_pywa_reads_them(state: str, read_as: str) -> None:
    attempt = uuid4()
    status = events.status("wamid.9", state, ANA, attempt=str(attempt), at=SECONDS)
    body = events.event([events.value(NUMBER, contacts=[events.contact(ANA, ANA_ID)], statuses=[status])])
    (told,), theirs = read(body), MessageStatus.from_update(PYWA, body)
    assert isinstance(told, StatusTold)
    assert (told.provider_message_id, str(told.attempt_id)) == (theirs.id, theirs.tracker)
    assert (told.state, told.at) == (MessageState(read_as), theirs.timestamp.astimezone(dt.UTC))


def test_a_refusal_brings_its_code_and_words() -> None:
    status = events.status("wamid.9", "failed", ANA, code=131047)
    body = events.event([events.value(NUMBER, contacts=[events.contact(ANA, ANA_ID)], statuses=[status])])
    (told,), theirs = read(body), MessageStatus.from_update(PYWA, body)
    assert isinstance(told, StatusTold) and theirs.error is not None
    assert (told.state, told.code, told.detail) == (MessageState.FAILED, str(theirs.error.code), "refused")


# --- who wrote -------------------------------------------------------------------------------------------------------


def test_somebody_without_a_number_is_known_by_their_id() -> None:
    told = only(body_of(events.message("", "wamid.1", events.text("oi")), contacts=[events.contact("", ANA_ID)]))
    assert (told.identity, told.phone, told.display_name) == (ANA_ID, "", "Ana")


def test_somebody_without_an_id_is_known_by_their_number() -> None:
    told = only(body_of(events.message(ANA, "wamid.1", events.text("oi")), contacts=[events.contact(ANA, "")]))
    assert (told.identity, told.phone) == (ANA, ANA)
    assert only(body_of(events.message(ANA, "wamid.1", events.text("oi")), contacts=[])).identity == ANA


def test_each_of_several_people_has_their_own_name() -> None:
    bento = "5511987654321"
    contacts = [events.contact(ANA, ANA_ID), events.contact(bento, "BR.2", "Bento")]
    told = read(body_of(events.message(bento, "wamid.1", events.text("1")),
                        events.message(ANA, "wamid.2", events.text("0")), contacts=contacts))  # fmt: skip
    assert [(one.display_name, one.identity) for one in told if isinstance(one, Written)] == [
        ("Bento", "BR.2"), ("Ana", ANA_ID)
    ]  # fmt: skip


# --- everything else that can be written -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "kind", "said", "quoted"),
    [
        ({"type": "reaction", "reaction": {"message_id": "wamid.0", "emoji": "👍"}}, "reaction", "👍", "wamid.0"),
        ({"type": "reaction", "reaction": {"message_id": "wamid.0"}}, "reaction", "", "wamid.0"),
        ({"type": "edit", "edit": {"original_message_id": "wamid.0", "message": events.text("0")}}, "edited", "0",
         "wamid.0"),
        ({"type": "revoke", "revoke": {"original_message_id": "wamid.0"}}, "deleted", "", "wamid.0"),
        ({"type": "location", "location": {"latitude": -19.92, "longitude": -43.94, "name": "Casa"}}, "location",
         "-19.920000,-43.940000\nCasa", ""),
        ({"type": "contacts", "contacts": [{"name": {"formatted_name": "Mãe"}, "phones": [{"phone": "+55 31 9"}]}]},
         "contact", "Mãe +55 31 9", ""),
        ({"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "x", "title": "Sim"}}},
         "button", "Sim", ""),
        ({"type": "interactive", "interactive": {"type": "nfm_reply"}}, "unknown", "", ""),
        ({"type": "unsupported", "errors": [{"code": 131051}]}, "unknown", "", ""),
        ({"type": "hologram"}, "unknown", "", ""),
        (events.text(""), "text", "", ""),
        (events.text("a\0b\ud800c"), "text", "abc", ""),
    ],
)  # fmt: skip
def test_whatever_is_written_is_told(content: dict[str, Any], kind: str, said: str, quoted: str) -> None:
    told = only(body_of(events.message(ANA, "wamid.1", content)))
    assert (told.kind.value, told.body, told.quoted_id) == (kind, said, quoted)


def test_words_without_end_are_cut_and_clocks_that_are_wrong_are_not_believed() -> None:
    assert len(only(body_of(events.message(ANA, "wamid.1", events.text("a" * 50_000)))).body) == LONGEST_BODY
    for at in (0, SECONDS + 86_400, 10**18, -5):
        message = events.message(ANA, "wamid.1", events.text("1")) | {"timestamp": str(at)}
        assert only(body_of(message)).sent_at == NOW
    within = events.message(ANA, "wamid.1", events.text("1"), at=SECONDS)
    assert only(body_of(within)).sent_at == NOW - dt.timedelta(seconds=60)


# --- what is broken --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "broken",
    [None, 7, "x", [], {}, {"id": "wamid.17"}, {"id": "", "from": ANA, "type": "text", "text": {"body": "1"}},
     {"from": ANA, "type": "text", "text": {"body": "1"}}, {"id": "wamid.17", "from": ANA, "type": "text", "text": 1},
     {"id": "wamid.17", "from": ANA, "type": "image", "image": {}}, {"id": ["wamid.17"], "from": ANA},
     {"id": "x" * 400, "from": ANA, "type": "hologram"}],
)  # fmt: skip
def test_the_seventeenth_of_fifty_is_broken_and_the_others_count(broken: Any) -> None:
    messages: list[Any] = [events.message(ANA, f"wamid.{n}", events.text(str(n))) for n in range(50)]
    messages[16] = broken
    told = read(body_of(*messages, contacts=[events.contact(ANA, ANA_ID), events.contact("5511", "BR.2")]))
    assert len(told) == 50
    assert told[16] == Unreadable("broken_entry")
    assert [one.body for one in told if isinstance(one, Written)] == [str(n) for n in range(50) if n != 16]


def test_what_is_for_another_number_or_no_message_is_not_ours() -> None:
    told = read(body_of(events.message(ANA, "wamid.1", events.text("1")), number="999"))
    assert told == [Unreadable("other_number")]
    other = {"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "account_update", "value": {}}]}]}
    assert read(other) == []
    assert read({"entry": [{"changes": "x"}]}) == read({"entry": {}}) == [Unreadable("broken_entry")]


_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["id", "from", "type", "text", "body", "image", "contacts", "profile", "wa_id", "errors", "status", "context",
         "timestamp", "edit", "message", "interactive", "location", "latitude", "longitude"]), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_JSON, max_size=3), st.lists(_JSON, max_size=3), _JSON)
def test_whatever_stands_in_an_entry_is_told_or_unreadable(messages: Any, statuses: Any, contacts: Any) -> None:
    value = events.value(NUMBER, messages=messages, statuses=statuses, contacts=contacts)
    try:
        told = read(events.event([value]))
    except UnreadableBody:
        return
    assert all(isinstance(one, Written | StatusTold | Unreadable) for one in told)
