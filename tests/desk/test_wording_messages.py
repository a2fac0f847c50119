"""Every word of messages is said in every language, and none is left over."""

from collections.abc import Iterator
from enum import StrEnum

import pytest

from clinicdesk import words
from clinicdesk.desk import wording_fields
from clinicdesk.desk import wording_messages as wording
from clinicdesk.domain.carrier_faults import CarrierFault
from clinicdesk.domain.channel_fields import FIELDS
from clinicdesk.domain.consents import ConsentSource
from clinicdesk.domain.message_rules import Why
from clinicdesk.domain.message_settings import setting_field
from clinicdesk.domain.messages import ChannelKind, Event, MessageKind, MessageState, Provider, Purpose
from clinicdesk.domain.pacing import AWAY
from clinicdesk.errors import InvalidField
from clinicdesk.terms import asked_words

SETTLED = "settled"  # by settle_message: somebody said that it did not go out


@pytest.fixture(autouse=True, params=words.LANGUAGES)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    before = words.language()
    words.use_language(request.param)
    yield request.param
    words.use_language(before)


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        (ChannelKind, wording.CHANNELS),
        (ChannelKind, wording.CHANNEL_ICONS),
        (Provider, wording.PROVIDERS),
        (Purpose, wording.PURPOSES),
        (Event, wording.EVENTS),
        (MessageKind, wording.KINDS),
        (MessageState, wording.STATES),
        (ConsentSource, wording.CONSENT_SOURCES),
    ],
)
def test_every_word_of_the_program_is_worded(kinds: type[StrEnum], said: dict[str, str]) -> None:
    assert {str(one) for one in kinds} == set(said)


def test_every_reason_is_half_a_sentence() -> None:
    assert {*map(str, Why), *map(str, CarrierFault), AWAY, SETTLED} == set(wording.REASONS)
    assert all(wording.reason_word(one) and not wording.reason_word(one).endswith(".") for one in wording.REASONS)


def test_every_fault_says_what_to_do() -> None:
    assert {*map(str, CarrierFault), SETTLED} == set(wording.FAULTS)
    for fault in wording.FAULTS:
        for detail in ("", "token", "something"):
            sentence = wording.fault_sentence(fault, detail)
            assert sentence.endswith(".") and "{" not in sentence
    assert "xyz" in wording.fault_sentence("xyz")


def test_whatever_a_provider_asks_for_has_a_name() -> None:
    every = {one.name: one for fields in FIELDS.values() for one in fields}
    assert set(every) == set(wording.CHANNEL_FIELDS) and set(wording.CHANNEL_HINTS) < set(every)
    assert {choice for one in every.values() for choice in one.choices} == set(wording.CHANNEL_CHOICES)
    for name in every:
        assert wording_fields.field_sentence(InvalidField(setting_field(name), "missing"))


def test_what_is_asked_says_how_to_stop() -> None:
    assert all("SAIR" in asked_words(purpose) for purpose in Purpose)


def test_channels_inside_a_sentence_keep_their_capitals() -> None:
    assert wording.channels_words(("whatsapp", "sms", "email")).startswith("WhatsApp, SMS, ")
    assert wording.channels_words(("email",))[0].islower()
