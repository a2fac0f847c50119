"""Quiet hours, and which way a message goes; what a claim sees is tested where it is claimed."""

import datetime as dt
from dataclasses import replace
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.domain.message_rules import QuietHours, Road, Why, choose_road, may_be_mobile
from clinicdesk.domain.messages import ChannelKind, MessageKind, MessageState, Provider
from clinicdesk.domain.outbox import backoff, button_payload, counts, read_payload

ZONE = ZoneInfo("America/Sao_Paulo")
NIGHT = QuietHours(ZONE)
TIMES = st.builds(dt.time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
MOMENTS = st.integers(0, 30 * 24 * 60).map(
    lambda minutes: dt.datetime(2035, 3, 1, tzinfo=dt.UTC) + minutes * dt.timedelta(minutes=1)
)


def local(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2035, 3, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("moment", "allowed", "following", "before"),
    [
        (local(6, 12), True, local(6, 12), local(6, 12)),
        (local(6, 21), False, local(7, 8), local(6, 20, 30)),
        (local(6, 7, 59), False, local(6, 8), local(5, 20, 30)),
        (local(4, 12), False, local(5, 8), local(3, 20, 30)),  # a Sunday
        (local(5, 2), False, local(5, 8), local(3, 20, 30)),  # in the night after it
    ],
)
def test_nobody_is_written_to_by_night_and_on_sundays(
    moment: dt.datetime, allowed: bool, following: dt.datetime, before: dt.datetime
) -> None:
    assert NIGHT.allows(moment) is allowed
    assert NIGHT.next_allowed(moment) == following
    assert NIGHT.last_allowed(moment) == before


@given(TIMES, TIMES, st.booleans(), MOMENTS)
def test_what_is_put_off_is_allowed_and_not_put_the_wrong_way(
    quiet_from: dt.time, quiet_to: dt.time, sundays: bool, moment: dt.datetime
) -> None:
    quiet = QuietHours(ZONE, quiet_from, quiet_to, sundays)
    following, before = quiet.next_allowed(moment), quiet.last_allowed(moment)
    assert before <= moment <= following and quiet.allows(following)
    # All day long quiet but for some minutes by night: there is no evening to say it in.
    assert quiet.allows(before) or quiet_from < dt.time(0, 30)
    if quiet.allows(moment):
        assert before == moment == following


WHATSAPP = Road(uuid4(), ChannelKind.WHATSAPP, Provider.ZAPI, "+5511900000142")
SMS = replace(WHATSAPP, channel_id=uuid4(), kind=ChannelKind.SMS, provider=Provider.TWILIO)
EMAIL = Road(uuid4(), ChannelKind.EMAIL, Provider.SMTP, "ana@example.com")
ALL = tuple(ChannelKind)


def test_the_rules_order_goes_before_the_clinics() -> None:
    assert choose_road(MessageKind.REMINDER, ALL, [EMAIL, SMS, WHATSAPP]) == WHATSAPP
    assert choose_road(MessageKind.REMINDER, [ChannelKind.EMAIL, ChannelKind.SMS], [WHATSAPP, SMS, EMAIL]) == EMAIL
    assert choose_road(MessageKind.REMINDER, [ChannelKind.EMAIL], [WHATSAPP]) is Why.NO_CHANNEL


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"tried": True}, Why.UNREACHABLE),
        ({"address": ""}, Why.NO_ADDRESS),
        ({"address": "+551133334444"}, Why.LANDLINE),
        ({"consent": False}, Why.NO_CONSENT),
        ({"opted_out": True}, Why.OPTED_OUT),
        ({"paused": True}, Why.CHANNEL_PAUSED),
        ({"provider": Provider.META}, Why.OUTSIDE_WINDOW),
    ],
)
def test_a_road_that_may_not_be_taken_gives_way_to_the_next(changes: dict[str, object], why: Why) -> None:
    closed = replace(WHATSAPP, **changes)  # type: ignore[arg-type]
    assert choose_road(MessageKind.REMINDER, ALL, [closed]) is why
    assert choose_road(MessageKind.REMINDER, ALL, [closed, SMS]) == SMS


def test_in_a_conversation_nobody_is_asked_again_whether_the_clinic_may_write() -> None:
    closed = replace(WHATSAPP, consent=False, opted_out=True)
    assert choose_road(MessageKind.ANSWER, ALL, [closed]) == closed


def test_within_the_window_or_with_an_approved_text_whatsapp_is_open() -> None:
    for opened in (replace(WHATSAPP, provider=Provider.META, window_open=True),
                   replace(WHATSAPP, provider=Provider.META, approved=True)):  # fmt: skip
        assert choose_road(MessageKind.REMINDER, ALL, [opened]) == opened


@pytest.mark.parametrize(
    ("phone", "mobile"),
    [("+5511900000142", True), ("+551187654321", True), ("+551133334444", False), ("+558007701234", False),
     ("+554004123", False), ("+14155550100", True)],
)  # fmt: skip
def test_a_landline_is_not_written_to(phone: str, mobile: bool) -> None:
    assert may_be_mobile(phone) is mobile


def test_what_is_known_of_a_message_is_never_taken_back() -> None:
    order = [MessageState.SENT, MessageState.DELIVERED, MessageState.READ]
    for place, present in enumerate(order):
        assert [one for one in order if counts(present, one)] == order[place + 1 :]
    assert counts(MessageState.SENT, MessageState.FAILED) and not counts(MessageState.DELIVERED, MessageState.FAILED)
    assert counts(MessageState.FAILED, MessageState.READ) and not counts(MessageState.FAILED, MessageState.SENT)
    assert all(counts(MessageState.UNKNOWN, one) for one in (*order, MessageState.FAILED))


def test_waiting_grows_and_the_provider_is_heard() -> None:
    waits = [backoff(tries).total_seconds() for tries in range(1, 7)]
    assert waits == [30, 120, 480, 1800, 1800, 1800]
    assert backoff(1, dt.timedelta(hours=2)) == dt.timedelta(hours=2)


def test_a_button_brings_its_question_back() -> None:
    question = uuid4()
    assert read_payload(button_payload(question, "confirm")) == (question, "confirm")
    for other in ("", "confirm", "confirm:1", f"1:{question}", f"confirm:{question}x", "appt:42:confirm"):
        assert read_payload(other) is None
