"""Whatever is in a parcel, what is posted is well formed, or nothing is: no body, name or number breaks a request."""

import json
from email import message_from_bytes
from email.policy import default
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from clinicdesk.domain.messages import ChannelKind
from sync.carrier import ApprovedTemplate, Attachment, Button, Parcel, Recipient, Refused
from sync.mail.letter import Sender, letter_of, mailbox
from sync.mail.sendgrid import mail_of
from sync.mail.smtp import _dotted
from sync.sms import twilio
from sync.texts import file_name_of, mime_of, with_choices
from sync.whatsapp import botconversa, meta_messages, relay, zapi
from tests.sync.fakes.meta import what_is_wrong_in_the_window

SENDER = Sender("agenda@clinica.example", "Clínica Aurora", "", "mailto:agenda@clinica.example?subject=SAIR")

# Anything at all, half characters and line ends among it, and the shapes that usually break something.
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=60)
NASTY = st.sampled_from(
    [
        "=HYPERLINK(1)",
        "<img src=x>",
        "a\r\nBcc: x@y.z",
        "\0",
        "\ud800",
        ".",
        "\r\n.\r\n",
        "{{1}}",
        "%s%n",
        '"',
        "😀" * 40,
    ]
)
WORDS = ANYTHING | NASTY | st.text(max_size=2000).map(lambda text: text * 3)
PHONES = (
    st.from_regex(r"\+[0-9]{0,16}", fullmatch=True) | st.sampled_from(["+5531987654321", "+14155552671"]) | ANYTHING
)
IDENTITIES = (
    st.just("") | st.from_regex(r"[0-9]{1,16}|BR\.[0-9]{1,20}|[0-9]{1,15}@lid|subscriber:[0-9]{1,9}") | ANYTHING
)
EMAILS = st.emails() | ANYTHING
BUTTONS = st.lists(st.builds(Button, ANYTHING, WORDS, st.sampled_from(["", "1", "0", "9"])), max_size=4).map(tuple)
FILES = st.none() | st.builds(
    Attachment,
    st.sampled_from(["image", "audio", "video", "document", "x"]),
    st.sampled_from(["image/png", "audio/ogg", "video/mp4", "a\r\nb", ""]) | ANYTHING,
    WORDS,
    st.binary(max_size=30),
)
TEMPLATES = st.none() | st.builds(
    ApprovedTemplate,
    st.sampled_from(["confirmacao", "HX" + "0" * 32, "123"]) | ANYTHING,
    st.just("pt_BR"),
    st.lists(WORDS, max_size=3).map(tuple),
)


def parcels(*kinds: ChannelKind) -> st.SearchStrategy[Parcel]:
    recipients = st.builds(Recipient, PHONES, IDENTITIES, EMAILS, WORDS)
    return st.builds(
        Parcel,
        st.just(UUID(int=1)),
        st.sampled_from(kinds),
        recipients,
        WORDS,
        WORDS,
        TEMPLATES,
        st.booleans(),
        BUTTONS,
        st.just("") | ANYTHING,
        FILES,
    )


def as_json(value: object) -> Any:
    """Through strict UTF-8 and back, unchanged."""
    coded = json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "strict")
    assert b"\0" not in coded and json.loads(coded) == value
    return value


MANY = settings(max_examples=50, deadline=None)


@MANY
@given(parcels(ChannelKind.WHATSAPP))
def test_meta(parcel: Parcel) -> None:
    try:
        message = as_json(meta_messages.message_of(parcel, "M1"))
    except Refused:
        return
    assert ("to" in message) != ("recipient" in message)
    assert message.get("to", "1" * 8).isdigit() and 8 <= len(message.get("to", "1" * 8)) <= 15
    assert message["biz_opaque_callback_data"] == str(parcel.attempt_id)
    if message["type"] != "template":
        assert parcel.in_window and what_is_wrong_in_the_window(message) is None
        return
    for component in message["template"].get("components", []):
        for value in component["parameters"]:
            text = value.get("text", "x")
            assert 0 < len(text) <= 1024 and "\n" not in text and "\t" not in text and "    " not in text
            assert 0 < len(value.get("payload", "x")) <= 256


@MANY
@given(parcels(ChannelKind.WHATSAPP, ChannelKind.SMS), st.booleans())
def test_twilio(parcel: Parcel, abroad: bool) -> None:
    try:
        form = as_json(twilio.form_of(parcel, abroad=abroad))
    except Refused:
        return
    assert ("Body" in form) != ("ContentSid" in form)
    assert 0 < len(form.get("Body", "x")) <= 1600
    assert form["To"].startswith("whatsapp:+") == (parcel.kind is ChannelKind.WHATSAPP)
    assert form["To"].removeprefix("whatsapp:")[1:].isdigit()
    assert all(isinstance(value, str) and value for value in json.loads(form.get("ContentVariables", "{}")).values())


@MANY
@given(parcels(ChannelKind.WHATSAPP), st.booleans())
def test_z_api(parcel: Parcel, buttons: bool) -> None:
    try:
        way, body = zapi.posting_of(parcel, buttons=buttons)
    except Refused:
        return
    as_json(body)
    assert all(letter.isascii() and (letter.isalnum() or letter in "-/") for letter in way) and way.count("/") <= 1
    assert body["phone"].removesuffix("@lid").isdigit()
    assert body.get("message", "x").strip()


@MANY
@given(parcels(ChannelKind.WHATSAPP))
def test_botconversa_and_an_automation(parcel: Parcel) -> None:
    for build in (lambda: botconversa.message_of(parcel, "7")[1], lambda: relay.event_of(parcel)):
        try:
            body = as_json(build())
        except Refused:
            continue
        assert str(body.get("value") or body.get("text")).strip()


@MANY
@given(parcels(ChannelKind.EMAIL))
def test_letters(parcel: Parcel) -> None:
    try:
        raw = letter_of(parcel, SENDER, "Tue, 01 Dec 2026 10:00:00 -0000").as_bytes()
    except Refused:
        return
    assert b"\n" not in raw.replace(b"\r\n", b"") and raw.isascii()
    assert b"\r\n.\r\n" not in _dotted(raw)
    got = message_from_bytes(raw, policy=default)
    assert not got.defects and got["Bcc"] is None and len(got["To"].addresses) == len(got.get_all("To")) == 1
    assert mailbox(got["To"].addresses[0].addr_spec)
    assert got["Message-ID"] == f"<{parcel.attempt_id}@clinica.example>"
    mail = as_json(mail_of(parcel, SENDER)) if parcel.attachment is None or parcel.attachment.content else None
    if mail is not None:
        assert mail["subject"] and mail["content"][0]["value"] and "\n" not in mail["subject"]


@given(WORDS, BUTTONS)
def test_what_can_be_answered_is_said_once(words: str, buttons: tuple[Button, ...]) -> None:
    once = with_choices(words, buttons)
    labelled = [button for button in buttons if button.typed and button.label.strip().isalnum()]
    if len(labelled) == len(buttons):
        assert with_choices(once, buttons) == once


@given(WORDS, ANYTHING)
def test_names_of_files_fit_into_headers(name: str, mime: str) -> None:
    file = Attachment("document", mime, name, b"")
    assert file_name_of(file).isprintable() and not set(file_name_of(file)) & set('/\\"<>|')
    assert mime_of(file).isascii() and mime_of(file).count("/") == 1
