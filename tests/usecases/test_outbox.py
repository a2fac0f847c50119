"""A message is claimed once, goes the first road that may be taken, and is never handed over twice."""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from clinicdesk.domain.message_rules import Why
from clinicdesk.domain.messages import ChannelKind, MessageState
from clinicdesk.domain.outbox import Claimed, Dropped, InFlight, Later, Noted, read_payload
from clinicdesk.domain.parcels import Refusal, Sent, Verdict
from clinicdesk.domain.queue import DecideMessage, Decision
from clinicdesk.domain.told import StatusTold
from clinicdesk.errors import MessageMoved
from clinicdesk.usecases import outbox, queue
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import Office, put, value
from tests.outgoing import NOON, Grounds, Outgoing

DUE = NOON - dt.timedelta(days=1)
MINUTE = dt.timedelta(minutes=1)
ANA = "+5511900000142"


@pytest.fixture
def grounds(rolled_back: Office) -> Iterator[Grounds]:
    opened = Grounds(rolled_back)
    yield opened
    opened.close()


@pytest.fixture
def ground(grounds: Grounds) -> Outgoing:
    return grounds.ground()


@pytest.fixture
def robot(grounds: Grounds, ground: Outgoing) -> Clinic:
    return grounds.acting("sync")


@pytest.fixture
def ready(ground: Outgoing) -> Outgoing:
    ground.channel()
    ground.consent()
    return ground


def taken(robot: Clinic, message: UUID, now: dt.datetime = DUE) -> Claimed:
    found = outbox.claim(robot, message, now)
    assert isinstance(found, Claimed), found
    return found


def reminder(ground: Outgoing, **changes: object) -> UUID:
    visit = ground.office.book_row(ground.admin)
    return ground.message(ground.rule(asks=True), appointment_id=visit, **changes)


def status(sent: str, state: MessageState = MessageState.DELIVERED, **changes: object) -> StatusTold:
    return StatusTold(sent, state, DUE, **changes)  # type: ignore[arg-type]


def test_what_is_claimed_has_all_that_a_carrier_needs(robot: Clinic, ready: Outgoing) -> None:
    message = reminder(ready)
    found = taken(robot, message)
    assert (found.channel.kind, found.parcel.recipient.phone) == (ChannelKind.WHATSAPP, ANA)
    assert found.parcel.body == ("Olá, Ana: 6 de março às 09:00.\n\nResponda 1 para confirmar ou 0 para cancelar.")
    assert [one.label for one in found.parcel.buttons] == ["Confirmar", "Cancelar"]
    question = ready.one("outgoing_message", message, "question_id")
    assert read_payload(found.parcel.buttons[1].payload) == (question, "cancel")
    assert ready.state(message) == ("sending", "")
    assert ready.one("delivery", found.parcel.attempt_id) == "sending"


def test_one_that_is_under_way_is_not_claimed_again(robot: Clinic, ready: Outgoing) -> None:
    message = reminder(ready)
    first = taken(robot, message)
    again = outbox.claim(robot, message, DUE)
    assert isinstance(again, InFlight) and again.attempt_id == first.parcel.attempt_id
    outbox.note_sent(robot, first.parcel.attempt_id, Sent("wamid.1"))
    assert outbox.claim(robot, message, DUE) == Dropped(message)
    assert outbox.claim(robot, uuid4(), DUE).__class__ is Dropped


def test_what_is_told_before_it_is_known_counts_once_it_is(robot: Clinic, ready: Outgoing) -> None:
    message = reminder(ready)
    found = taken(robot, message)
    for state in (MessageState.DELIVERED, MessageState.SENT, MessageState.DELIVERED):
        assert outbox.note_status(robot, found.channel.id, status("wamid.1", state)) is Noted.KEPT
    assert ready.state(message) == ("sending", "")
    outbox.note_sent(robot, found.parcel.attempt_id, Sent("wamid.1"))
    assert ready.state(message) == ("delivered", "")
    outbox.note_status(robot, found.channel.id, status("not ours"))
    outbox.settle_stuck(robot, dt.datetime.now(dt.UTC) + dt.timedelta(days=2))
    assert ready.admin.execute("SELECT count(*) FROM clinicdesk.early_status").fetchone() == (0,)


def test_whoever_has_another_number_there_stays_one_conversation(robot: Clinic, ready: Outgoing) -> None:
    for each in ("1", "2"):
        found = taken(robot, reminder_of_another(ready))
        outbox.note_sent(robot, found.parcel.attempt_id, Sent(each, identity="551190000142"))
    third = taken(robot, reminder_of_another(ready))
    outbox.note_sent(robot, third.parcel.attempt_id, Sent("3"))
    assert third.parcel.recipient.identity == "551190000142"
    assert ready.admin.execute("SELECT count(*) FROM clinicdesk.conversation").fetchone() == (1,)


def test_what_was_sent_stands_in_a_conversation_under_the_name_the_provider_gives(
    robot: Clinic, ready: Outgoing
) -> None:
    message = reminder(ready)
    attempt = taken(robot, message).parcel.attempt_id
    outbox.note_sent(robot, attempt, Sent("wamid.1", identity="551190000142"))
    talk = ready.one("outgoing_message", message, "conversation_id")
    assert ready.one("conversation", talk, "identity") == "551190000142"
    assert ready.one("conversation", talk, "(phone, patient_id)") == (ANA, str(ready.ana))
    assert ready.one("conversation", talk, "last_words").startswith("Olá, Ana")
    second = taken(robot, reminder_of_another(ready))
    assert second.parcel.recipient.phone == ANA


def reminder_of_another(ground: Outgoing) -> UUID:
    return ground.message(kind="birthday", template_id=ground.template("Parabéns, {first_name}!"))


def test_a_status_is_ranked_and_never_goes_back(robot: Clinic, ready: Outgoing) -> None:
    message = reminder(ready)
    found = taken(robot, message)
    attempt, channel = found.parcel.attempt_id, found.channel.id
    assert outbox.note_status(robot, channel, status("wamid.1", MessageState.READ, attempt_id=attempt)) is Noted.DONE
    outbox.note_sent(robot, attempt, Sent("wamid.1"))
    assert ready.state(message) == ("read", "")
    for told in (MessageState.DELIVERED, MessageState.SENT, MessageState.FAILED, MessageState.READ):
        assert outbox.note_status(robot, channel, status("wamid.1", told)) is Noted.OLD_NEWS
    assert ready.state(message) == ("read", "")
    assert ready.one("delivery", attempt) == "read"
    assert outbox.note_status(robot, channel, status("wamid.other")) is Noted.KEPT


@pytest.mark.parametrize(
    ("code", "state", "paused"),
    [
        ("21617", ("failed", "message_too_long"), ""),
        ("30002", ("planned", "retrying"), "account_blocked"),
        ("30008", ("planned", "retrying"), ""),
        ("30006", ("planned", "retrying"), ""),
        ("7", ("planned", "retrying"), ""),
    ],
)
def test_what_is_told_later_follows_from_the_code(
    robot: Clinic, ground: Outgoing, code: str, state: tuple[str, str], paused: str
) -> None:
    ground.channel("sms", "twilio", receives="nothing")
    ground.consent("ana", "sms")
    message = reminder(ground)
    found = taken(robot, message)
    outbox.note_sent(robot, found.parcel.attempt_id, Sent("wamid.1"))
    outbox.note_status(robot, found.channel.id, status("wamid.1", MessageState.FAILED, code=code), DUE)
    assert ground.state(message) == state
    assert ground.one("message_channel", found.channel.id, "paused_reason") == paused


@pytest.mark.parametrize("refused", [True, False], ids=["at once", "told later"])
def test_who_is_not_reached_one_way_is_tried_the_next(robot: Clinic, ready: Outgoing, refused: bool) -> None:
    ready.channel("sms", "twilio", receives="nothing")
    ready.consent("ana", "sms")
    message = reminder(ready)
    first = taken(robot, message)
    if refused:
        outbox.note_refused(robot, first.parcel.attempt_id, Refusal(Verdict.NEXT_CHANNEL, "not_there", "131026"), DUE)
    else:
        outbox.note_sent(robot, first.parcel.attempt_id, Sent("wamid.1"))
        outbox.note_status(robot, first.channel.id, status("wamid.1", MessageState.FAILED, code="131026"), DUE)
    assert ready.state(message)[0] == "planned"
    second = taken(robot, message, DUE + MINUTE)
    assert second.channel.kind is ChannelKind.SMS
    assert second.parcel.body == "Olá, Ana: 6 de março às 09:00." and not second.parcel.buttons
    outbox.note_refused(robot, second.parcel.attempt_id, Refusal(Verdict.NEXT_CHANNEL, "not_there"), DUE + MINUTE)
    assert outbox.claim(robot, message, DUE + 2 * MINUTE) == Dropped(message, Why.UNREACHABLE)
    assert ready.state(message) == ("failed", "nowhere_reached")


def test_where_no_reply_arrives_the_words_do_not_ask_for_one(robot: Clinic, ready: Outgoing) -> None:
    """By WhatsApp an answer comes in through the public address; without one nobody is asked anything."""
    ready.admin.execute("UPDATE clinicdesk.messaging_policy SET public_address = ''")
    parcel = taken(robot, reminder(ready)).parcel
    assert parcel.body == "Olá, Ana: 6 de março às 09:00." and not parcel.buttons


def test_a_busy_provider_is_asked_again_later_and_not_for_ever(robot: Clinic, ready: Outgoing) -> None:
    message, moment, waits = reminder(ready), DUE, []
    for _try in range(8):
        attempt = taken(robot, message, moment).parcel.attempt_id
        later = outbox.note_refused(robot, attempt, Refusal(Verdict.RETRY, "busy", "429"), moment)
        assert isinstance(later, Later | Dropped)
        if isinstance(later, Later):
            waits.append((later.at - moment).total_seconds())
            moment = later.at
    assert waits[:4] == [30, 120, 480, 1800]
    assert isinstance(outbox.claim(robot, message, moment), Dropped)
    assert ready.state(message) == ("failed", "nowhere_reached")


def test_a_refused_account_pauses_the_channel_and_what_waits_is_not_lost(robot: Clinic, ready: Outgoing) -> None:
    message = reminder(ready)
    first = taken(robot, message)
    outbox.note_refused(robot, first.parcel.attempt_id, Refusal(Verdict.PAUSE_CHANNEL, "wrong_credential"), DUE)
    assert ready.one("message_channel", first.channel.id, "paused_reason") == "wrong_credential"
    later = outbox.claim(robot, message, DUE)
    assert isinstance(later, Later) and later.why is Why.CHANNEL_PAUSED
    ready.admin.execute("UPDATE clinicdesk.message_channel SET paused_at = NULL, paused_reason = ''")
    assert taken(robot, message, later.at).channel.id == first.channel.id


def test_nobody_knows_becomes_unknown_and_only_a_person_or_the_provider_settles_it(
    grounds: Grounds, robot: Clinic, ready: Outgoing
) -> None:
    message = reminder(ready)
    attempt = taken(robot, message).parcel.attempt_id
    assert outbox.settle_stuck(robot) == 0
    outbox.note_refused(robot, attempt, Refusal(Verdict.UNKNOWN, "no_answer"), DUE)
    assert ready.state(message) == ("unknown", "no_answer")
    assert outbox.claim(robot, message, DUE) == Dropped(message)
    reception = grounds.acting("renata")
    with pytest.raises(MessageMoved):
        queue.decide(reception, DecideMessage(new_id(), message, Decision.RETRY))
    for decision in (Decision.DID_NOT, Decision.RETRY):
        queue.decide(reception, DecideMessage(new_id(), message, decision))
    assert ready.state(message) == ("planned", "")


def test_a_process_that_died_while_sending_leaves_an_unknown(robot: Clinic, ready: Outgoing) -> None:
    message = reminder(ready)
    found = taken(robot, message)
    assert outbox.settle_stuck(robot, dt.datetime.now(dt.UTC) + 9 * MINUTE) == 0
    assert outbox.settle_stuck(robot, dt.datetime.now(dt.UTC) + 11 * MINUTE) == 1
    assert ready.state(message) == ("unknown", "no_answer")
    told = status("wamid.9", attempt_id=found.parcel.attempt_id)
    assert outbox.note_status(robot, found.channel.id, told) is Noted.DONE
    assert ready.state(message) == ("delivered", "")


def given_up_on_whatsapp(robot: Clinic, ready: Outgoing) -> tuple[UUID, Claimed]:
    """A reminder that WhatsApp is said not to have brought, and that would go by SMS next."""
    ready.channel("sms", "twilio", receives="nothing")
    ready.consent("ana", "sms")
    message = reminder(ready)
    first = taken(robot, message)
    outbox.note_sent(robot, first.parcel.attempt_id, Sent("wamid.1"))
    outbox.note_status(robot, first.channel.id, status("wamid.1", MessageState.FAILED, code="131026"), DUE)
    assert ready.state(message)[0] == "planned"
    return message, first


def test_what_arrived_after_all_does_not_go_the_next_way(robot: Clinic, ready: Outgoing) -> None:
    message, first = given_up_on_whatsapp(robot, ready)
    assert outbox.note_status(robot, first.channel.id, status("wamid.1")) is Noted.DONE
    assert ready.state(message) == ("delivered", "")
    assert outbox.claim(robot, message, DUE + MINUTE) == Dropped(message)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_second_try_that_is_refused_leaves_what_arrived_by_the_first(
    robot: Clinic, ready: Outgoing, verdict: Verdict
) -> None:
    message, first = given_up_on_whatsapp(robot, ready)
    second = taken(robot, message, DUE + MINUTE)
    assert outbox.note_status(robot, first.channel.id, status("wamid.1")) is Noted.DONE
    outbox.note_refused(robot, second.parcel.attempt_id, Refusal(verdict, "not_there"), DUE + MINUTE)
    assert ready.state(message) == ("delivered", "")


@pytest.mark.parametrize("decisions", [(Decision.DID_NOT,), (Decision.DID_NOT, Decision.RETRY)])
@pytest.mark.parametrize("told", ["status", "answer"])
def test_a_person_who_was_wrong_is_put_right_before_it_goes_again(
    grounds: Grounds, robot: Clinic, ready: Outgoing, decisions: tuple[Decision, ...], told: str
) -> None:
    message = reminder(ready)
    found = taken(robot, message)
    outbox.note_refused(robot, found.parcel.attempt_id, Refusal(Verdict.UNKNOWN, "no_answer"), DUE)
    for decision in decisions:
        queue.decide(grounds.acting("renata"), DecideMessage(new_id(), message, decision))
    if told == "status":
        known = status("wamid.9", MessageState.SENT, attempt_id=found.parcel.attempt_id)
        assert outbox.note_status(robot, found.channel.id, known) is Noted.DONE
    else:
        outbox.note_sent(robot, found.parcel.attempt_id, Sent("wamid.9"))
    assert ready.state(message) == ("sent", "")
    assert ready.one("outgoing_message", message, "decided_by") is None
    assert outbox.claim(robot, message) == Dropped(message)


# --- which way, and whether at all -----------------------------------------------------------------------------------


def dropped(robot: Clinic, message: UUID, now: dt.datetime = DUE) -> Why | None:
    found = outbox.claim(robot, message, now)
    assert isinstance(found, Dropped), found
    return found.why


def set_row(ground: Outgoing, table: str, words: str, where: str = "true") -> None:
    ground.admin.execute(f"UPDATE clinicdesk.{table} SET {words} WHERE {where}".encode())


@pytest.mark.parametrize(
    ("table", "words", "why"),
    [
        ("appointment", "status = 'cancelled', cancelled_by = 'clinic'", Why.CANCELLED),
        ("appointment", "status = 'confirmed'", Why.ALREADY_CONFIRMED),
        ("appointment", "status = 'checked_in'", Why.HAPPENED_ALREADY),
        ("appointment", "starts_at = starts_at + interval '1 day', ends_at = ends_at + interval '1 day'", Why.MOVED),
        ("messaging_policy", "active = false", Why.MESSAGES_OFF),
        ("message_rule", "active = false", Why.RULE_INACTIVE),
        ("message_template", "active = false", Why.RULE_INACTIVE),
        ("consent", "revoked_at = now(), revoked_source = 'desk'", Why.NO_CONSENT),
        ("message_channel", "active = false", Why.NO_CHANNEL),
        ("message_channel", "provider = 'meta'", Why.OUTSIDE_WINDOW),
        ("patient", "phone = ''", Why.NO_ADDRESS),
        ("patient", "phone = '+551133334444'", Why.LANDLINE),
        ("patient", "phone = '+558007701234'", Why.LANDLINE),
    ],
)
def test_what_changed_meanwhile_is_seen_before_sending(
    robot: Clinic, ready: Outgoing, table: str, words: str, why: Why
) -> None:
    message = reminder(ready)
    # Whatever the plan does about it by itself, the claim has to see too: the plan may be older than the change.
    ready.admin.execute("SET CONSTRAINTS ALL IMMEDIATE")
    ready.admin.execute("ALTER TABLE clinicdesk.appointment DISABLE TRIGGER p_plan_again")
    ready.admin.execute("ALTER TABLE clinicdesk.message_rule DISABLE TRIGGER p_plan")
    set_row(ready, table, words)
    assert dropped(robot, message) is why
    assert ready.state(message) == ("failed" if why is Why.OUTSIDE_WINDOW else "cancelled", why.value)


def test_three_days_of_absence_send_nothing_stale(robot: Clinic, ready: Outgoing) -> None:
    assert dropped(robot, reminder(ready), DUE + 3 * 24 * 60 * MINUTE) is Why.HAPPENED_ALREADY
    assert dropped(robot, reminder_of_another(ready), DUE + 5 * 60 * MINUTE) is Why.TOO_OLD


def test_what_is_due_at_night_waits_for_the_morning(robot: Clinic, ready: Outgoing) -> None:
    message = reminder(ready, planned_for=NOON - dt.timedelta(hours=40), expires_at=NOON)
    later = outbox.claim(robot, message, NOON - dt.timedelta(hours=37))  # eleven in the evening
    assert later == Later(message, NOON - dt.timedelta(hours=28), Why.QUIET_HOURS)
    assert ready.state(message) == ("planned", "quiet_hours")
    short = reminder_of_another(ready)
    assert dropped(robot, short, NOON - dt.timedelta(hours=13)) is Why.TOO_OLD


def test_before_its_time_nothing_is_sent(robot: Clinic, ready: Outgoing) -> None:
    message = reminder(ready)
    assert outbox.claim(robot, message, DUE - MINUTE) == Later(message, DUE, Why.NOT_DUE)


def test_whoever_opted_out_is_not_written_to(robot: Clinic, ready: Outgoing) -> None:
    first = taken(robot, reminder_of_another(ready))
    outbox.note_sent(robot, first.parcel.attempt_id, Sent("1"))
    set_row(ready, "conversation", "opted_out_at = now()")
    assert dropped(robot, reminder(ready)) is Why.OPTED_OUT


def test_no_person_writes_first_to_whoever_opted_out(robot: Clinic, ready: Outgoing) -> None:
    """They may be answered while they write."""
    renata, talk = ready.office.sample.people["renata"], uuid4()
    put(ready.admin, "conversation", id=talk, clinic_id=ready.clinic_id, channel_id=ready.channel(), identity="5511",
        phone=ANA, owner="person", person_id=renata, opted_out_at=DUE - 3 * MINUTE,
        window_until=DUE + MINUTE)  # fmt: skip
    message = ready.message(kind="person", conversation_id=talk, body="Bom dia!")
    assert dropped(robot, message, DUE + 2 * MINUTE) is Why.OPTED_OUT
    again = ready.message(kind="person", conversation_id=talk, body="Bom dia!")
    assert isinstance(outbox.claim(robot, again, DUE), Claimed)


def test_marketing_needs_a_consent_of_its_own(robot: Clinic, ready: Outgoing) -> None:
    text = ready.template("Parabéns!", purpose="marketing")
    assert dropped(robot, ready.message(kind="birthday", template_id=text)) is Why.NO_CONSENT
    ready.consent("ana", "whatsapp", purpose="marketing")
    taken(robot, ready.message(kind="birthday", template_id=text))


def test_a_child_is_reached_by_the_guardian(robot: Clinic, ready: Outgoing) -> None:
    nina = ready.office.sample.patients["nina"]
    found = taken(robot, ready.message(kind="birthday", template_id=ready.template("{first_name}"), patient_id=nina))
    assert (found.parcel.recipient.phone, found.parcel.recipient.name) == (ANA, "Ana Conceição Álvares")
    assert found.parcel.body == "Nina"


def test_outside_the_window_the_approved_text_goes_with_its_values_in_order(robot: Clinic, ground: Outgoing) -> None:
    ground.channel(provider="meta", price=0.05)
    ground.consent()
    text = ground.template("{first_name}, {time}", provider_name="lembrete", provider_variables=["time", "first_name"])
    message = ground.message(
        ground.rule(asks=True, template_id=text), appointment_id=ground.office.book_row(ground.admin)
    )
    found = taken(robot, message)
    assert found.parcel.template is not None and found.parcel.template.values == ("09:00", "Ana")
    assert found.parcel.template.name == "lembrete" and not found.parcel.in_window
    assert float(ground.one("outgoing_message", message, "price")) == 0.05
    outbox.note_sent(robot, found.parcel.attempt_id, Sent("1"))
    set_row(ground, "conversation", f"window_until = '{DUE + MINUTE}'")
    again = taken(robot, ground.message(kind="birthday", template_id=text))
    assert again.parcel.in_window and again.parcel.template is None
    # The provider knows better: then the approved text.
    outbox.note_refused(robot, again.parcel.attempt_id, Refusal(Verdict.NEEDS_TEMPLATE, "outside_window"), DUE)
    third = taken(robot, again.message_id)
    assert third.parcel.template is not None
    outbox.note_refused(robot, third.parcel.attempt_id, Refusal(Verdict.NEEDS_TEMPLATE, "outside_window"), DUE)
    assert dropped(robot, again.message_id) is Why.UNREACHABLE


def test_services_of_one_coming_are_told_once(robot: Clinic, ready: Outgoing) -> None:
    together, rule = uuid4(), ready.rule()
    visits = [
        ready.office.book_row(
            ready.admin,
            visit_id=together,
            starts_at=NOON + hours * 60 * MINUTE,
            ends_at=NOON + (hours + 1) * 60 * MINUTE,
        )
        for hours in (0, 1)
    ]
    first, second = (ready.message(rule, appointment_id=one) for one in visits)
    assert dropped(robot, second) is Why.TOGETHER
    assert taken(robot, first).parcel.body.endswith("12:00.")


@pytest.mark.parametrize(
    ("change", "why"),
    [("status = 'confirmed'", Why.ALREADY_CONFIRMED), ("status = 'cancelled', cancelled_by = 'patient'", None)],
)
def test_what_the_first_service_does_not_say_the_next_one_says(
    robot: Clinic, ready: Outgoing, change: str, why: Why | None
) -> None:
    together, late = uuid4(), DUE + 120 * MINUTE
    ready.rule(asks=True, offset_minutes=24 * 60)
    visits = [
        ready.office.book_row(
            ready.admin, visit_id=together, starts_at=NOON + after, ends_at=NOON + after + 60 * MINUTE
        )
        for after in (0 * MINUTE, 60 * MINUTE, 120 * MINUTE)
    ]
    first, second, third = (
        value(ready.admin, "SELECT id FROM clinicdesk.outgoing_message WHERE appointment_id = %s", [one])
        for one in visits
    )
    assert (dropped(robot, third, late), dropped(robot, second, late)) == (Why.TOGETHER, Why.TOGETHER)
    ready.admin.execute(f"UPDATE clinicdesk.appointment SET {change} WHERE id = %s".encode(), [visits[0]])
    assert dropped(robot, first, late) is why
    assert taken(robot, second, late).parcel.body.startswith("Olá, Ana: 6 de março às 13:00.")
    assert dropped(robot, third, late) is Why.TOGETHER


def test_what_a_person_discards_of_a_coming_stays_discarded(robot: Clinic, ready: Outgoing) -> None:
    together, rule = uuid4(), ready.rule()
    visits = [
        ready.office.book_row(ready.admin, visit_id=together, starts_at=NOON + each, ends_at=NOON + each + MINUTE * 30)
        for each in (MINUTE * 0, MINUTE * 30)
    ]
    ready.admin.execute("DELETE FROM clinicdesk.outgoing_message")
    first, second = (ready.message(rule, appointment_id=one) for one in visits)
    assert dropped(robot, second) is Why.TOGETHER
    ready.admin.execute(
        "UPDATE clinicdesk.outgoing_message SET state = 'cancelled', reason = 'discarded' WHERE id = %s", [first]
    )
    assert ready.state(second) == ("cancelled", "together")


def test_the_check_in_code_is_made_when_it_is_told(robot: Clinic, ready: Outgoing) -> None:
    rule = ready.rule("check_in", template_id=ready.template("{code}"))
    visit = ready.office.book_row(ready.admin)
    told = taken(robot, ready.message(rule, kind="check_in", appointment_id=visit)).parcel.body
    found = ready.admin.execute("SELECT code FROM clinicdesk.check_in_pass WHERE appointment_id = %s", [visit])
    assert found.fetchone() == (told,)


def test_a_repeated_question_is_the_same_question(robot: Clinic, ready: Outgoing) -> None:
    rule, visit = ready.rule(asks=True), ready.office.book_row(ready.admin)
    asked = set()
    for minutes in (0, 1):
        message = ready.message(rule, appointment_id=visit, planned_for=DUE - minutes * MINUTE)
        taken(robot, message)
        asked.add(ready.one("outgoing_message", message, "question_id"))
    assert len(asked) == 1


def test_a_wrong_message_is_for_a_person_to_look_at(robot: Clinic, ready: Outgoing) -> None:
    message = reminder(ready)
    attempt = taken(robot, message).parcel.attempt_id
    outbox.note_refused(robot, attempt, Refusal(Verdict.OUR_FAULT, "template_values", "132000", "x"), DUE)
    assert ready.state(message) == ("failed", "template_values")
    assert ready.one("outgoing_message", message, "detail") == "132000 x"


@pytest.mark.parametrize("verdict", [each for each in Verdict if each is not Verdict.UNKNOWN])
def test_a_test_that_is_refused_is_over_and_says_why(robot: Clinic, ready: Outgoing, verdict: Verdict) -> None:
    channel = ready.channel()
    message = ready.message(kind="test", channel_id=channel, recipient=ANA, body="Teste", patient_id=None)
    found = taken(robot, message)
    assert found.test
    outbox.note_refused(robot, found.parcel.attempt_id, Refusal(verdict, "wrong_app_secret"), DUE)
    assert ready.state(message) == ("failed", "wrong_app_secret")
    paused = ready.one("message_channel", channel, "paused_reason")
    assert paused == ("wrong_app_secret" if verdict is Verdict.PAUSE_CHANNEL else "")


@pytest.mark.parametrize(("reason", "left"), [("wrong_token", ""), ("person:férias", "person:férias")])
def test_a_test_that_goes_out_opens_what_nobody_closed(robot: Clinic, ready: Outgoing, reason: str, left: str) -> None:
    channel = ready.channel(paused_at=DUE, paused_reason=reason)
    message = ready.message(kind="test", channel_id=channel, recipient=ANA, body="Teste", patient_id=None)
    outbox.note_sent(robot, taken(robot, message).parcel.attempt_id, Sent("wamid.1"))
    assert ready.one("message_channel", channel, "paused_reason") == left
