"""What a clinic begins with, who gets what on a day and why not, and birthdays."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from clinicdesk.domain.message_rules import Why
from clinicdesk.domain.message_settings import RuleForm, TemplateForm
from clinicdesk.domain.messages import ChannelKind, MessageKind
from clinicdesk.errors import NotAllowed
from clinicdesk.usecases import message_plan, outbox, preferences
from clinicdesk.usecases.clinic import Clinic
from tests.office import DAY, Office, at
from tests.outgoing import NOON, Grounds, Outgoing

LONG_AGO = NOON - dt.timedelta(days=5)
EVE = DAY - dt.timedelta(days=1)


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


def test_a_clinic_begins_with_six_rules_and_their_texts_once(grounds: Grounds, ground: Outgoing) -> None:
    manager = grounds.acting("otavio")
    assert message_plan.install_starter(manager) == 6
    assert message_plan.install_starter(manager) == 0
    rules = [one.form for one in preferences.kept(manager, RuleForm)]
    assert sorted((one.event, one.offset_minutes, one.asks) for one in rules) == [
        ("booked", 0, False), ("cancelled", 0, False), ("moved", 0, False), ("offer", 0, False),
        ("reminder", 720, True), ("reminder", 2880, True),
    ]  # fmt: skip
    assert len(preferences.kept(manager, TemplateForm)) == 6
    with pytest.raises(NotAllowed):
        ground.admin.execute("DELETE FROM clinicdesk.message_rule")
        message_plan.install_starter(grounds.acting("renata"))


def test_who_gets_what_tomorrow_and_why_not(grounds: Grounds, ground: Outgoing, robot: Clinic) -> None:
    ground.channel(price="0.0380")
    ground.consent()
    rule = ground.rule(asks=True)
    bento = ground.office.sample.patients["bento"]
    visits = [
        ground.office.book_row(ground.admin),
        ground.office.book_row(ground.admin, patient_id=bento, starts_at=at(10), ends_at=at(11)),
    ]
    for visit, patient in zip(visits, (ground.ana, bento), strict=True):
        ground.message(rule, appointment_id=visit, patient_id=patient)
    plan = message_plan.preview(grounds.acting("renata"), EVE, LONG_AGO)
    [sent], [held] = plan.going_out, plan.held_back
    assert (sent.patient_name, sent.rule, sent.channel) == (
        "Ana Conceição Álvares",
        MessageKind.REMINDER,
        ChannelKind.WHATSAPP,
    )
    assert (sent.visit, sent.when) == (at(9), NOON - dt.timedelta(days=1))
    assert (sent.cost, held.cost, plan.cost) == (Decimal("0.0380"), 0, Decimal("0.0380"))
    assert sent.body == "Olá, Ana: 6 de março às 09:00.\n\nResponda 1 para confirmar ou 0 para cancelar."
    assert (held.patient_name, held.why_not, held.channel) == ("Bento d'Ávila", Why.NO_CONSENT, None)
    assert message_plan.preview(grounds.acting("renata"), DAY, LONG_AGO).messages == ()

    outbox.claim(robot, sent.message_id, sent.when)
    outbox.claim(robot, held.message_id, held.when)
    later = message_plan.preview(grounds.acting("renata"), EVE, NOON)
    assert [one.sent for one in later.messages] == [True, False]
    assert later.held_back[0].why_not == "no_consent"
    assert later.cost == plan.cost


def wished(ground: Outgoing) -> list[tuple[UUID, dt.datetime]]:
    return ground.admin.execute(
        "SELECT patient_id, planned_for FROM clinicdesk.outgoing_message WHERE kind = 'birthday'"
    ).fetchall()


@pytest.mark.parametrize(
    ("born", "day", "wished_on"),
    [
        (dt.date(1980, 3, 6), DAY, True),
        (dt.date(1980, 3, 7), DAY, False),
        (dt.date(1980, 2, 29), dt.date(2035, 2, 28), True),
        (dt.date(1980, 2, 29), dt.date(2036, 2, 28), False),
        (dt.date(1980, 2, 29), dt.date(2036, 2, 29), True),
    ],
)
def test_a_birthday_is_wished_once_to_who_allowed_it(
    ground: Outgoing, robot: Clinic, born: dt.date, day: dt.date, wished_on: bool
) -> None:
    ground.rule("birthday", template_id=ground.template("Parabéns!", purpose="marketing"), offset_minutes=9 * 60)
    for patient in ("ana", "bento"):
        ground.office.book_row(
            ground.admin, patient_id=ground.office.sample.patients[patient],
            starts_at=at(9 if patient == "ana" else 10), ends_at=at(9 if patient == "ana" else 10, 30),
        )  # fmt: skip
    ground.admin.execute("SET CONSTRAINTS ALL IMMEDIATE")
    ground.admin.execute("UPDATE clinicdesk.patient SET birth_date = %s", [born])
    ground.consent("ana", "whatsapp", purpose="marketing")
    ground.consent("bento", "whatsapp", purpose="care")
    assert message_plan.plan_birthdays(robot, day) == int(wished_on)
    assert message_plan.plan_birthdays(robot, day) == 0
    assert wished(ground) == ([(ground.ana, at(9, day=day))] if wished_on else [])


@pytest.mark.parametrize(
    ("chosen", "status", "wished_on"),
    [
        ({"service_ids": "consulta"}, "completed", True),
        ({"service_ids": "retorno"}, "completed", False),
        ({"service_ids": "consulta"}, "no_show", False),
        ({"professional_ids": "helena"}, "completed", True),
        ({"professional_ids": "bruno"}, "completed", False),
        ({"excluded_service_ids": "consulta"}, "completed", False),
    ],
)
def test_a_birthday_rule_of_some_is_for_whose_last_visit_was_one_of_theirs(
    ground: Outgoing, robot: Clinic, chosen: dict[str, str], status: str, wished_on: bool
) -> None:
    visit = ground.office.book_row(ground.admin)
    ids = {
        "consulta": ground.one("appointment", visit, "service_id"),
        "helena": ground.one("appointment", visit, "professional_id"),
    }
    ground.admin.execute("SET CONSTRAINTS ALL IMMEDIATE")
    ground.rule("birthday", **{field: [ids.get(name, uuid4())] for field, name in chosen.items()})
    ground.admin.execute("ALTER TABLE clinicdesk.appointment DISABLE TRIGGER USER")
    ground.admin.execute("UPDATE clinicdesk.appointment SET status = %s", [status])
    ground.admin.execute("UPDATE clinicdesk.patient SET birth_date = %s", [dt.date(1980, 3, 6)])
    ground.consent()
    assert message_plan.plan_birthdays(robot, DAY) == int(wished_on)


def test_what_was_being_written_when_a_rule_changed_is_planned_for_afterwards(ground: Outgoing, robot: Clinic) -> None:
    ground.rule(offset_minutes=60)
    ground.admin.execute("ALTER TABLE clinicdesk.appointment DISABLE TRIGGER p_plan")
    ground.office.book_row(ground.admin)
    assert message_plan.replan(robot) == 1
    assert ground.admin.execute("SELECT planned_for FROM clinicdesk.outgoing_message").fetchall() == [(at(8),)]
