"""The pages of messages on a real database: channels with sealed credentials, rules in sentences, texts in preview."""

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from clinicdesk import sealing
from clinicdesk.desk import wording_messages
from clinicdesk.desk.preferences.account_bound import SecretEdit, SecretsBound, SettingsBound
from clinicdesk.desk.preferences.bound import ChoiceBound, LineBound
from clinicdesk.desk.preferences.channels_section import ChannelsSection
from clinicdesk.desk.preferences.message_bounds import BodyBound, ChannelOrderBound, read_time, span_words
from clinicdesk.desk.preferences.message_day import MessageDayPage
from clinicdesk.desk.preferences.message_kinds import MessageWorld, rule_detail, rule_title
from clinicdesk.desk.preferences.message_sections import TemplatesSection
from clinicdesk.desk.preferences.page import SettingsPage
from clinicdesk.domain.hooks import Receives
from clinicdesk.domain.message_settings import ChannelForm, MessagingForm, RuleForm, TemplateForm
from clinicdesk.domain.messages import ChannelKind, Event, Provider
from clinicdesk.domain.preferences import Kept, SaveForm
from clinicdesk.errors import InvalidField
from clinicdesk.usecases import message_plan, message_settings, preferences
from clinicdesk.usecases.clinic import new_id
from tests.desk.patients.conftest import press, type_text
from tests.desk.preferences.conftest import Open, reader
from tests.desk.preferences.test_page import editor, idle, toast, write
from tests.office import DAY, Office, at, value

ALT = Qt.KeyboardModifier.AltModifier
PRIVATE = sealing.new_private_key()
LATER = DAY + dt.timedelta(days=3)  # reminded of two days before, which is tomorrow
MAIL = {"host": "mail.ipe.test", "from_address": "clinica@ipe.test"}


def sender(office: Office) -> None:
    office.connect("sync").execute(
        "INSERT INTO clinicdesk.sync_key (id, public_key, host) VALUES (%s, %s, 'servidor')",
        [new_id(), sealing.public_key_of(PRIVATE)],
    )


def mail(office: Office, name: str) -> Kept[ChannelForm]:
    form = ChannelForm(ChannelKind.EMAIL, Provider.SMTP, name, settings=MAIL)
    return message_settings.save_channel(reader(office), SaveForm(new_id(), form))


def channels(office: Office) -> list[ChannelForm]:
    return [one.form for one in preferences.kept(reader(office), ChannelForm)]


def section(page: SettingsPage) -> ChannelsSection:
    assert isinstance(page.section, ChannelsSection)
    return page.section


def account(page: SettingsPage) -> tuple[SettingsBound, SecretsBound]:
    settings, secrets = editor(page).bounds["settings"], editor(page).bounds["secrets"]
    assert isinstance(settings, SettingsBound) and isinstance(secrets, SecretsBound)
    return settings, secrets


def secret(page: SettingsPage, name: str) -> SecretEdit:
    edit = account(page)[1].fields[name].editor
    assert isinstance(edit, SecretEdit)
    return edit


def type_setting(page: SettingsPage, name: str, words: str) -> None:
    line = account(page)[0].fields[name].editor
    assert isinstance(line, QLineEdit)
    line.setFocus()
    type_text(line, words)


def choose(page: SettingsPage, name: str, wanted: object) -> None:
    bound = editor(page).bounds[name]
    assert isinstance(bound, ChoiceBound)
    bound.select.set_value(wanted)
    bound.select.activated.emit(bound.select.currentIndex())


def test_a_channel_is_made_its_secret_sealed_and_never_shown_again(
    settings: Open, office: Office, qtbot: QtBot
) -> None:
    sender(office)
    page = settings("channels")
    page.new()
    assert editor(page).bounds["kind"].value() is ChannelKind.WHATSAPP
    type_setting(page, "phone_number_id", "106540352242922")
    page.save()
    qtbot.waitUntil(lambda: account(page)[1].fields["token"].error == "Fill this in")
    secret(page, "token").line.setFocus()
    type_text(secret(page, "token").line, "EAAG-segredo")
    page.save()
    qtbot.waitUntil(lambda: toast(page) == "WhatsApp added")
    idle(page, qtbot)
    assert channels(office)[0].settings["phone_number_id"] == "106540352242922"
    edit = secret(page, "token")
    assert edit.typed == "" and edit.line.isHidden() and edit.sealed.text().startswith("sealed ")
    assert not editor(page).changes and not section(page).has_drafts
    edit.change.click()
    assert edit.line.isVisible() and edit.line.echoMode() is QLineEdit.EchoMode.Password
    assert value(office.connect("sync"), "SELECT count(*) FROM clinicdesk.channel_secret") == 1


def test_a_draft_of_a_channel_holds_no_secret(settings: Open, office: Office, qtbot: QtBot) -> None:
    sender(office)
    page = settings("channels")
    page.new()
    type_text(secret(page, "token").line, "EAAG-segredo")
    (draft,) = section(page).typed()
    assert "segredo" not in str(draft.values) and draft.values[1]["provider"] == "meta"


def test_another_provider_asks_for_other_things_and_the_risky_ones_say_so(
    settings: Open, office: Office, qtbot: QtBot
) -> None:
    page = settings("channels")
    page.new()
    head = section(page).head
    assert head is not None and head.sending.isVisible() and head.warning.isHidden()
    choose(page, "provider", Provider.ZAPI)
    assert set(account(page)[0].fields) == {"instance_id", "buttons"}
    assert head.warning.isVisible() and "ban" in head.warning.accessibleDescription() + head.warning.accessibleName()
    choose(page, "kind", ChannelKind.EMAIL)
    assert editor(page).bounds["provider"].value() == Provider.SMTP
    assert set(account(page)[0].fields) >= {"host", "from_address"} and head.warning.isHidden()
    assert editor(page).bounds["address"].widget.isHidden()


def test_a_channel_that_stands_is_changed_and_what_is_typed_is_counted(
    settings: Open, office: Office, qtbot: QtBot
) -> None:
    mail(office, "E-mail")
    page = settings("channels")
    assert not editor(page).changes
    counted: list[bool] = []
    section(page)._counting.timeout.connect(lambda: counted.append(True))
    type_setting(page, "host", "x")
    write(page, "per_minute", "6001")
    assert editor(page).changes == 2
    qtbot.waitUntil(lambda: bool(counted))
    page.save()
    qtbot.waitUntil(lambda: editor(page).bounds["per_minute"].widget.error == "From 1 to 6000")  # type: ignore[attr-defined]
    write(page, "per_minute", "30")
    page.save()
    qtbot.waitUntil(lambda: toast(page) == "E-mail saved")
    assert (channels(office)[0].settings["host"], channels(office)[0].per_minute) == ("xmail.ipe.test", 30)


def test_the_order_of_fallback_is_dragged_and_undone(settings: Open, office: Office, qtbot: QtBot) -> None:
    for name in ("Primeiro", "Segundo"):
        mail(office, name)
    page = settings("channels")
    view = section(page).list
    assert view is not None
    press(view, Qt.Key.Key_Down, ALT)
    qtbot.waitUntil(lambda: [one.name for one in channels(office)] == ["Segundo", "Primeiro"])
    qtbot.waitUntil(lambda: toast(page) == "Order saved")
    page.desk.undo.undo()
    qtbot.waitUntil(lambda: [one.name for one in channels(office)] == ["Primeiro", "Segundo"])


def test_a_channel_rests_with_a_reason_and_the_toast_lets_it_go_on(
    settings: Open, office: Office, qtbot: QtBot
) -> None:
    kept = mail(office, "E-mail")
    page = settings("channels")
    head = section(page).head
    assert head is not None and head.go_on_button.isHidden()
    type_text(head.reason, "conta sem saldo")
    head.pause_button.click()
    qtbot.waitUntil(lambda: not head.go_on_button.isHidden())
    assert "conta sem saldo" in head.chip.accessibleName()
    page.desk.undo.undo()
    qtbot.waitUntil(lambda: message_settings.roads(reader(office)).states[kept.id].paused_at is None)
    idle(page, qtbot)


def test_a_test_is_sent_and_what_is_wrong_is_said_live(settings: Open, office: Office, qtbot: QtBot) -> None:
    sender(office)
    mail(office, "E-mail")
    page = settings("channels")
    head = section(page).head
    assert head is not None
    type_text(head.recipient, "ninguem")
    head.test_button.click()
    qtbot.waitUntil(lambda: "e-mail" in head._recipient_field.error)
    head.recipient.setText("renata@ipe.test")
    head.test_button.click()
    qtbot.waitUntil(lambda: section(page).test is not None and head.result.isVisible())
    test, sync, attempt = section(page).test, office.connect("sync"), new_id()
    assert test is not None and head.result.text() == "Planned"
    own = [attempt, page.desk.clinic.id, test.id, section(page).current]
    sync.execute("UPDATE clinicdesk.outgoing_message SET state = 'sending' WHERE id = %s", [test.id])
    sync.execute(
        "INSERT INTO clinicdesk.delivery (id, clinic_id, message_id, channel_id, recipient)"
        " VALUES (%s, %s, %s, %s, 'renata@ipe.test')",
        own,
    )
    sync.execute("UPDATE clinicdesk.delivery SET state = 'failed', fault = 'wrong_password' WHERE id = %s", [attempt])
    sync.execute("UPDATE clinicdesk.outgoing_message SET state = 'failed', reason = 'wrong_password'")
    qtbot.waitUntil(lambda: "password" in head.result.text())
    assert head.result.text().startswith("Failed: ")


def test_the_connection_is_tested_without_a_message(settings: Open, office: Office, qtbot: QtBot) -> None:
    sender(office)
    mail(office, "E-mail")
    page = settings("channels")
    head = section(page).head
    assert head is not None
    head.check_button.click()
    qtbot.waitUntil(lambda: head.result.text() == "Asking the provider…")
    sync = office.connect("sync")
    for state in ("sending", "sent"):
        sync.execute("UPDATE clinicdesk.outgoing_message SET state = %s", [state])
    qtbot.waitUntil(lambda: head.result.text().startswith("The connection works"))
    assert section(page).test is not None and section(page).test.over  # type: ignore[union-attr]


def test_where_the_provider_knocks_can_be_copied_once_there_is_an_address(
    settings: Open, office: Office, qtbot: QtBot
) -> None:
    sender(office)
    desk = reader(office)
    own = {"token": "t", "app_secret": "s", "verify_token": "v"}
    meta = ChannelForm(name="W", settings={"phone_number_id": "1"}, receives=Receives.WEBHOOK, secrets=own)
    kept = message_settings.save_channel(desk, SaveForm(new_id(), meta))
    page = settings("channels")
    head = section(page).head
    assert head is not None and not head.copy_button.isEnabled()
    form = MessagingForm(public_address="https://ipe.test")
    preferences.save(desk, SaveForm(new_id(), form, desk.id, 0))
    section(page).refresh()
    key = message_settings.roads(desk).states[kept.id].hook_key
    qtbot.waitUntil(lambda: head.address == f"https://ipe.test/hooks/{key}")
    head.copy_button.click()
    assert QApplication.clipboard().text() == head.address


def test_a_text_is_previewed_while_it_is_typed_and_a_slip_is_said_at_once(
    settings: Open, office: Office, qtbot: QtBot
) -> None:
    page = settings("templates")
    page.new()
    body = editor(page).bounds["body"]
    assert isinstance(body, BodyBound)
    write(page, "name", "Lembrete")
    body.area.setFocus()
    type_text(body.area, "Olá, ")
    body.chips["first_name"].click()
    qtbot.waitUntil(lambda: body.preview.text().startswith("Olá, Ana"))
    assert body.area.toPlainText() == "Olá, {first name}"
    type_text(body.area, " {servico}")
    assert body.widget.error == "There is no variable {servico}"  # type: ignore[attr-defined]
    for _each in range(len(" {servico}")):
        press(body.area, Qt.Key.Key_Backspace)
    assert body.widget.error == "" and body.advice.isHidden()  # type: ignore[attr-defined]
    type_text(body.area, "! Sua Dermatologia")
    assert "Dermatologia" in body.advice.text() and body.advice.isVisible()
    page.save()
    qtbot.waitUntil(lambda: toast(page) == "Lembrete added")
    (kept,) = (one for one in preferences.kept(reader(office), TemplateForm) if one.form.name == "Lembrete")
    assert kept.form.body == "Olá, {first_name}! Sua Dermatologia"
    assert isinstance(page.section, TemplatesSection) and page.section.facts is not None


def test_a_rule_reads_as_a_sentence_and_keeps_the_order_of_its_channels(
    settings: Open, office: Office, qtbot: QtBot
) -> None:
    text = preferences.save(reader(office), SaveForm(new_id(), TemplateForm("Meu lembrete", body="Olá")))
    page = settings("rules")
    page.new()
    choose(page, "template_id", text.id)
    order = editor(page).bounds["channels"]
    assert isinstance(order, ChannelOrderBound)
    order.order.pills[ChannelKind.EMAIL].click()
    order.order.pills[ChannelKind.WHATSAPP].click()
    order.order.pills[ChannelKind.WHATSAPP].click()
    assert order.value() == (ChannelKind.SMS, ChannelKind.WHATSAPP)
    page.save()
    qtbot.waitUntil(lambda: toast(page) == "48 hours before the visit added")
    rules = [one.form for one in preferences.kept(reader(office), RuleForm) if one.form.template_id == text.id]
    assert rules[0].channels == (ChannelKind.SMS, ChannelKind.WHATSAPP)
    choose(page, "event", Event.CANCELLED)
    assert editor(page).bounds["offset_minutes"].widget.isHidden()


def test_the_sentence_of_a_rule_tells_all_of_it(office: Office) -> None:
    text, service = new_id(), new_id()
    world = MessageWorld(
        office.sample.clinics["ipe"], (), templates=(Kept(text, 1, TemplateForm("Lembrete", body="x")),),
        services=((service, "Retorno"),),
    )  # fmt: skip
    form = RuleForm(template_id=text, asks=True, recipient="guardian", excluded_service_ids=(service,))
    assert rule_title(form) == "48 hours before the visit"
    said = rule_detail(form, world)
    assert said == "“Lembrete”, by WhatsApp, then SMS, e-mail · to the guardian · not Retorno"
    assert [span_words(one) for one in (1, 60, 2880, 10080)] == ["1 minute", "1 hour", "48 hours", "7 days"]


@pytest.mark.parametrize(
    ("typed", "read"), [("21", dt.time(21)), ("21h30", dt.time(21, 30)), (" 7:05 ", dt.time(7, 5))]
)
def test_an_hour_is_read_as_it_is_typed(typed: str, read: dt.time) -> None:
    assert read_time("quiet_from")(typed) == read


@pytest.mark.parametrize("typed", ["", "25:00", "x", "7:60"])
def test_what_is_no_hour_is_said(typed: str) -> None:
    with pytest.raises(InvalidField, match="not_a_time"):
        read_time("quiet_from")(typed)


def test_the_switch_is_off_at_first_and_the_hours_are_kept(settings: Open, office: Office, qtbot: QtBot) -> None:
    page = settings("messaging")
    line = write(page, "quiet_from", "20h")
    assert line.text() == "20h" and not editor(page).bounds["active"].value()
    page.save()
    qtbot.waitUntil(lambda: toast(page) == "Hours and limits saved")
    (kept,) = preferences.kept(reader(office), MessagingForm)
    assert kept.form.quiet_from == dt.time(20) and not kept.form.active


@pytest.mark.parametrize("place", ["messaging", "channels", "rules", "templates"])
def test_who_may_not_change_settings_reads(place: str, settings: Open, office: Office) -> None:
    mail(office, "E-mail")
    page = settings(place, "renata")
    page.new()
    page.save()
    assert not page.section.has_drafts  # type: ignore[union-attr]
    if place == "messaging":
        bound = editor(page).bounds["quiet_from"]
        assert isinstance(bound, LineBound) and bound.line.isReadOnly()


def test_a_day_tells_who_gets_what_and_why_not_before_it_is_switched_on(
    settings: Open, office: Office, qtbot: QtBot
) -> None:
    message_plan.install_starter(reader(office))
    with office.admin() as admin:
        office.book_row(admin, starts_at=at(9, day=LATER), ends_at=at(9, 30, day=LATER))
    page = settings("message_day")
    day = page.section
    assert isinstance(day, MessageDayPage) and day.plan is not None
    assert day.notice.isVisible() and day.plan.day == DAY + dt.timedelta(days=1)
    (one,) = day.plan.messages
    assert one.why_not is not None and not day._bubble.isVisible()
    rows = [row for row in day.list.rows.rows if row.id is not None]
    assert rows[0].title == "Ana Conceição Álvares" and wording_messages.reason_word(one.why_not) in rows[0].detail
    day.back.click()
    qtbot.waitUntil(lambda: day.plan is not None and day.plan.day == DAY)
    day.pick.click()
    day.calendar.day_chosen.emit(DAY + dt.timedelta(days=1))
    assert not day.calendar.isVisible()
    qtbot.waitUntil(lambda: day.plan is not None and day.plan.day == DAY + dt.timedelta(days=1))
    day.on.click()
    qtbot.waitUntil(lambda: day.plan is not None and day.plan.day == DAY + dt.timedelta(days=2))
    day.notice.acted.emit()
    assert page.navigation.items["messaging"].isChecked()
    idle(page, qtbot)


def test_an_unverified_channel_is_called_that_in_the_list_too(settings: Open, office: Office) -> None:
    sender(office)
    own = {"instance_token": "t", "client_token": "c"}
    form = ChannelForm(ChannelKind.WHATSAPP, Provider.ZAPI, "Zap", settings={"instance_id": "3"}, secrets=own)
    message_settings.save_channel(reader(office), SaveForm(new_id(), form))
    view = section(settings("channels")).list
    assert view is not None and view.rows.rows[0].right == "not verified"
