"""Channels, texts and rules end to end: kept, stale, sealed for sync alone, paused, tested."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest

from clinicdesk import sealing
from clinicdesk.domain.hooks import Receives
from clinicdesk.domain.message_settings import (
    ChannelForm,
    MessagingForm,
    RuleForm,
    TemplateForm,
    clean_channel,
    clean_rule,
    clean_template,
    telling_words,
)
from clinicdesk.domain.messages import ChannelKind, Event, MessageState, Provider
from clinicdesk.domain.parcels import CHECK
from clinicdesk.domain.preferences import Kept, PutInOrder, SaveForm
from clinicdesk.errors import ChangedElsewhere, InvalidField, InvalidForm, NoSenderYet, NotAllowed
from clinicdesk.keychain import FieldPlace
from clinicdesk.usecases import audit, message_plan, preferences
from clinicdesk.usecases import message_settings as settings
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import DAY, Office, at, refusal, value

PRIVATE = sealing.new_private_key()
META = ChannelForm(
    name="WhatsApp da recepção",
    settings={"phone_number_id": "106540352242922"},
    price=Decimal("0.0350"),
    secrets={"token": "EAAG-segredo"},
)
LETTER = TemplateForm(name="Lembrete", body="Olá, {first_name}! {weekday}, {day}, às {time}.")


@pytest.fixture
def manager(rolled_back: Office) -> Clinic:
    return rolled_back.desk("otavio")


def save(desk: Clinic, form: ChannelForm, over: Kept[ChannelForm] | None = None) -> Kept[ChannelForm]:
    command = SaveForm(new_id(), form, over.id if over else None, over.version if over else 0)
    return settings.save_channel(desk, command)


def sender(office: Office) -> UUID:
    key = new_id()
    office.connect("sync").execute(
        "INSERT INTO clinicdesk.sync_key (id, public_key, host) VALUES (%s, %s, 'servidor')",
        [key, sealing.public_key_of(PRIVATE)],
    )
    return key


def test_a_secret_is_sealed_for_sync_and_shown_to_nobody(office: Office) -> None:
    key, desk = sender(office), office.desk("otavio")
    kept = save(desk, META)
    assert kept.form.secrets == {} and kept.form.settings["graph_version"]
    state = settings.roads(desk).states[kept.id]
    assert set(state.sealed) == {"token"} and state.readable and len(state.hook_key) == 64
    sealed = bytes(value(office.connect("sync"), "SELECT sealed FROM clinicdesk.channel_secret"))
    place = FieldPlace(desk.id, "channel_secret", kept.id, "token")
    assert sealing.open_sealed(PRIVATE, place, sealed) == b"EAAG-segredo"
    for login in ("claudia", "otavio", "renata", "helena"):
        refused = refusal(office.connect(login), "SELECT sealed FROM clinicdesk.channel_secret")
        assert isinstance(refused, psycopg.errors.InsufficientPrivilege)
    assert value(office.admin(), "SELECT count(*) FROM clinicdesk.audit WHERE after::text LIKE '%%segredo%%'") == 0
    # Another save leaves it, a new one takes its place.
    again = save(desk, replace(kept.form, per_minute=30), kept)
    assert settings.roads(desk).states[kept.id].sealed == state.sealed
    save(desk, replace(again.form, secrets={"token": "outro"}), again)
    newer = bytes(value(office.connect("sync"), "SELECT sealed FROM clinicdesk.channel_secret"))
    assert sealing.open_sealed(PRIVATE, place, newer) == b"outro"
    office.connect("sync").execute("UPDATE clinicdesk.sync_key SET retired_at = now() WHERE id = %s", [key])
    assert not settings.roads(desk).states[kept.id].readable


def test_a_channel_that_goes_to_another_server_asks_for_its_secrets_again(office: Office) -> None:
    sender(office)
    desk = office.desk("otavio")
    kept = save(desk, META)
    elsewhere = replace(META, address="https://graph.example", secrets={})
    with pytest.raises(InvalidForm) as refused:
        save(desk, elsewhere, kept)
    assert [(one.field, one.reason) for one in refused.value.problems] == [("channel.token", "type_again")]
    moved = save(desk, replace(elsewhere, secrets={"token": "outro"}), kept)
    assert set(settings.roads(desk).states[kept.id].sealed) == {"token"}
    save(desk, replace(elsewhere, name="Recepção"), moved)
    assert set(settings.roads(desk).states[kept.id].sealed) == {"token"}


def test_without_a_process_that_sends_nothing_is_sealed(manager: Clinic) -> None:
    with pytest.raises(NoSenderYet):
        save(manager, META)
    kept = save(
        manager,
        ChannelForm(
            ChannelKind.EMAIL, Provider.SMTP, "E-mail", settings={"host": "mail.ipe.test", "from_address": "a@ipe.test"}
        ),
    )
    with pytest.raises(NoSenderYet):
        settings.send_test(manager, settings.SendTest(new_id(), kept.id, "a@ipe.test", "Teste"))
    assert not settings.roads(manager).sender.known


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"provider": Provider.SMTP}, "provider"),
        ({"settings": {}}, "channel.phone_number_id"),
        ({"secrets": {}}, "channel.token"),
        ({"secrets": {"token": "a\nb"}}, "channel.token"),
        ({"address": "http://example.com"}, "address"),
        ({"per_minute": 0}, "per_minute"),
        ({"price": Decimal(-1)}, "price"),
        ({"receives": Receives.POLL}, "receives"),
        ({"receives": Receives.WEBHOOK}, "channel.app_secret"),
    ],
)
def test_what_a_channel_lacks_is_named(change: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidForm) as caught:
        clean_channel(replace(META, **change))  # type: ignore[arg-type]
    assert field in [one.field for one in caught.value.problems]


def test_a_known_address_is_not_written_down_and_another_is() -> None:
    assert clean_channel(replace(META, address="https://graph.facebook.com/")).address == ""
    assert clean_channel(replace(META, address="http://127.0.0.1:8080")).address == "http://127.0.0.1:8080"


def test_channels_stand_in_the_order_of_fallback_and_a_stale_save_is_told(manager: Clinic) -> None:
    mail = ChannelForm(
        ChannelKind.EMAIL, Provider.SMTP, "E-mail", settings={"host": "h.test", "from_address": "a@b.test"}
    )
    one, two = save(manager, mail), save(manager, replace(mail, name="Reserva"))
    preferences.put_in_order(manager, PutInOrder(new_id(), ChannelForm, (two.id, one.id)))
    assert [kept.form.name for kept in preferences.kept(manager, ChannelForm)] == ["Reserva", "E-mail"]
    with pytest.raises(ChangedElsewhere):
        save(manager, replace(mail, name="x"), replace(one, version=7))
    with pytest.raises(InvalidField, match="taken"):
        save(manager, mail)


def test_a_test_is_planned_once_and_its_state_and_fault_are_told(office: Office) -> None:
    sender(office)
    desk = office.desk("otavio")
    kept = save(desk, META)
    with pytest.raises(InvalidField):
        settings.send_test(desk, settings.SendTest(new_id(), kept.id, "9", "Teste"))
    with pytest.raises(InvalidField, match="missing"):
        settings.send_test(desk, settings.SendTest(new_id(), kept.id, " ", "Teste"))
    command = settings.SendTest(new_id(), kept.id, "11 98765-4321", "Teste da clínica")
    planned = settings.send_test(desk, command)
    assert settings.send_test(desk, command) == planned and planned.state is MessageState.PLANNED
    sync, attempt = office.connect("sync"), new_id()
    assert (
        value(sync, "SELECT recipient FROM clinicdesk.outgoing_message WHERE id = %s", [planned.id]) == "+5511987654321"
    )
    assert value(sync, "SELECT person_id FROM clinicdesk.outgoing_message") == office.sample.people["otavio"]
    sync.execute("UPDATE clinicdesk.outgoing_message SET state = 'sending' WHERE id = %s", [planned.id])
    sync.execute(
        "INSERT INTO clinicdesk.delivery (id, clinic_id, message_id, channel_id, recipient)"
        " VALUES (%s, %s, %s, %s, '+55')",
        [attempt, desk.id, planned.id, kept.id],
    )
    sync.execute(
        "UPDATE clinicdesk.delivery SET state = 'failed', fault = 'wrong_token', detail = '190' WHERE id = %s",
        [attempt],
    )
    sync.execute(
        "UPDATE clinicdesk.outgoing_message SET state = 'failed', reason = 'our_fault' WHERE id = %s", [planned.id]
    )
    found = settings.test_state(desk, planned.id)
    assert (found.state, found.fault, found.detail, found.over) == (MessageState.FAILED, "wrong_token", "190", True)


@pytest.mark.parametrize("login", ["renata", "helena"])
def test_who_may_not_change_settings_is_told(login: str, rolled_back: Office) -> None:
    desk = rolled_back.desk(login)
    for form in (LETTER, MessagingForm(active=True)):
        with pytest.raises(NotAllowed):
            preferences.save(desk, SaveForm(new_id(), form))  # type: ignore[arg-type]
    assert settings.roads(desk).states == {}


def test_a_text_and_a_rule_are_kept_with_their_history(manager: Clinic) -> None:
    text = preferences.save(manager, SaveForm(new_id(), LETTER))
    wish = RuleForm(template_id=text.id, asks=True, channels=(ChannelKind.SMS, ChannelKind.WHATSAPP))
    rule = preferences.save(manager, SaveForm(new_id(), wish))
    assert rule.form == wish
    off = preferences.save(manager, SaveForm(new_id(), replace(wish, active=False), rule.id, rule.version))
    assert [one.form for one in preferences.kept(manager, RuleForm)] == [off.form]
    (changed,) = audit.history(manager, RuleForm, rule.id)[0].changes
    assert (changed.field, changed.before, changed.after) == ("active", True, False)
    with pytest.raises(InvalidForm):
        preferences.save(manager, SaveForm(new_id(), replace(LETTER, name="x", body="Olá, {service}")))
    with pytest.raises(InvalidField, match="taken"):
        preferences.save(manager, SaveForm(new_id(), LETTER))


def test_what_holds_for_every_message_begins_with_the_defaults_and_is_off(manager: Clinic) -> None:
    (kept,) = preferences.kept(manager, MessagingForm)
    assert kept.version == 0 and not kept.form.active
    wish = replace(kept.form, active=True, quiet_from=dt.time(20), public_address="https://ipe.test/")
    saved = preferences.save(manager, SaveForm(new_id(), wish, kept.id, 0))
    assert saved.form == replace(wish, public_address="https://ipe.test") and saved.version == 1
    assert settings.roads(manager).public_address == "https://ipe.test"
    with pytest.raises(ChangedElsewhere):
        preferences.save(manager, SaveForm(new_id(), replace(wish, media_days=30), kept.id, 7))
    for wrong in ({"grace_minutes": 61}, {"offer_minutes": 4}, {"media_days": 0}, {"public_address": "ipe.test"}):
        with pytest.raises(InvalidForm):
            preferences.save(manager, SaveForm(new_id(), replace(wish, **wrong), kept.id, 1))  # type: ignore[arg-type]


def test_what_a_rule_and_a_text_lack_is_named() -> None:
    for form, field in (
        (RuleForm(), "template_id"),
        (RuleForm(template_id=new_id(), channels=()), "channels"),
        (RuleForm(template_id=new_id(), offset_minutes=-1), "offset_minutes"),
        (RuleForm(template_id=new_id(), late_minutes=0), "late_minutes"),
    ):
        with pytest.raises(InvalidForm) as caught:
            clean_rule(form)
        assert [one.field for one in caught.value.problems] == [field]
    both = new_id()
    with pytest.raises(InvalidForm):
        clean_rule(RuleForm(template_id=both, service_ids=(both,), excluded_service_ids=(both,)))
    booked = clean_rule(RuleForm(Event.CANCELLED, 60, both, asks=True))
    assert (booked.offset_minutes, booked.asks) == (0, False)
    with pytest.raises(InvalidForm) as caught:
        clean_template(TemplateForm(name="", body="Olá, {cpf}"))
    assert [(one.field, one.reason) for one in caught.value.problems] == [
        ("name", "missing"),
        ("body", "unknown_variable"),
    ]


def test_words_that_tell_a_specialty_are_found() -> None:
    names = ["Consulta dermatológica", "Laser axilas", "RPG"]
    text = "Sua Consulta Dermatologica está marcada. Faça o laser!"
    assert telling_words(text, names) == ("Dermatologica", "laser", "Consulta dermatológica")
    assert telling_words("Olá, {first_name}! Seu horário é {day}.", names) == ()


def test_the_sample_is_the_first_visit_of_tomorrow_or_an_invented_one(manager: Clinic, rolled_back: Office) -> None:
    invented = settings.sample(manager, DAY)
    assert invented.visit_at is not None and invented.name
    assert settings.catalogue_names(manager)


def test_what_switching_it_on_would_send_is_seen_before_and_nothing_stays(office: Office) -> None:
    desk = office.desk("otavio")
    message_plan.install_starter(desk)
    with office.admin() as admin:
        office.book_row(admin, starts_at=at(9), ends_at=at(9, 30))
    eve = DAY - dt.timedelta(days=1)
    foreseen = settings.foresee(desk, eve, at(7, day=eve))
    assert foreseen.imagined and [one.patient_name for one in foreseen.plan.messages] == ["Ana Conceição Álvares"]
    assert foreseen.plan.held_back[0].why_not is not None  # there is neither channel nor consent
    (kept,) = preferences.kept(desk, MessagingForm)
    assert not kept.form.active and kept.version == 0
    assert value(office.admin(), "SELECT count(*) FROM clinicdesk.outgoing_message") == 0
    preferences.save(desk, SaveForm(new_id(), MessagingForm(active=True), kept.id, 0))
    message_plan.replan(office.robot())  # as whoever sends does by night for days that are far
    again = settings.foresee(desk, eve, at(7, day=eve))
    assert not again.imagined and len(again.plan.messages) == 1
    assert settings.foresee(office.desk("renata"), eve, at(7, day=eve)).plan == again.plan


def test_new_credentials_wake_what_the_provider_refused_and_not_what_a_person_paused(office: Office) -> None:
    sender(office)
    desk = office.desk("otavio")
    kept, admin = save(desk, META), office.admin()
    for reason, wakes in (("wrong_token", True), ("person:sem saldo", False)):
        admin.execute("UPDATE clinicdesk.message_channel SET paused_at = now(), paused_reason = %s", [reason])
        (stands,) = preferences.kept(desk, ChannelForm)
        kept = save(desk, replace(stands.form, secrets={"token": "novo"}), stands)
        assert (settings.roads(desk).states[kept.id].paused_at is None) is wakes
        assert preferences.one(desk, ChannelForm, kept.id).version == kept.version


def test_the_provider_is_asked_without_a_message_to_anybody(office: Office) -> None:
    sender(office)
    desk = office.desk("otavio")
    kept = save(desk, META)
    asked = settings.send_test(desk, settings.SendTest(new_id(), kept.id, CHECK))
    assert asked.checks and not asked.over
    sync = office.connect("sync")
    for state in ("sending", "sent"):
        sync.execute("UPDATE clinicdesk.outgoing_message SET state = %s WHERE id = %s", [state, asked.id])
    assert settings.test_state(desk, asked.id).over
