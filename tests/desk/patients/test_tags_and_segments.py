"""Tags, alerts, segments, own fields and the timeline on the page itself: by keys and clicks, and back again."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from clinicdesk.desk.background import Background
from clinicdesk.desk.clock import DeskClock
from clinicdesk.desk.patients.ahead import ahead_of
from clinicdesk.desk.patients.form import PatientFormPanel
from clinicdesk.desk.patients.page import PatientsPage
from clinicdesk.desk.patients.segment_editor import SegmentEditor
from clinicdesk.desk.patients.timeline import MomentRole
from clinicdesk.desk.undo import Undo
from clinicdesk.desk.widgets.fields import LineEdit, Select
from clinicdesk.desk.widgets.toast import ToastArea
from clinicdesk.domain.agenda import Appointment
from clinicdesk.domain.alerts import WrittenAlert
from clinicdesk.domain.custom_fields import AddCustomField, Entity, Kind, name_in_form, read_values
from clinicdesk.domain.merging import MergePatients
from clinicdesk.domain.patients import Severity
from clinicdesk.domain.segments import AddSegment, Visits
from clinicdesk.domain.tags import AddTag
from clinicdesk.domain.timeline import Registered
from clinicdesk.usecases import custom_fields, merging, patients, segments, tags
from clinicdesk.usecases.clinic import Change, new_id
from tests.desk.patients.conftest import Show, press, type_text
from tests.office import ZONE, Office, at, put

Open = Callable[[str], PatientsPage]
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def open_page(office: Office, background: Background, shown: Show, qtbot: QtBot) -> Open:
    """The page of one person, with Ana opened."""

    def made(login: str) -> PatientsPage:
        frame = QWidget()
        window = shown(frame)
        toasts = ToastArea(frame)
        page = PatientsPage(office.desk(login), background, toasts, DeskClock(at(7), frame), Undo(toasts, frame))
        QVBoxLayout(frame).addWidget(page)
        window.activateWindow()
        qtbot.waitUntil(lambda: page.finder.model.rowCount() == 3)
        page.show_patient(office.sample.patients["ana"])
        qtbot.waitUntil(lambda: page.profile.profile is not None)
        return page

    return made


@pytest.fixture
def page(open_page: Open) -> PatientsPage:
    return open_page("renata")


def shown_tags(page: PatientsPage) -> list[str]:
    assert page.profile.profile is not None
    return [one.name for one in page.profile.profile.tags]


def taken_back(page: PatientsPage) -> None:
    assert page.tagging._undo is not None
    page.tagging._undo.undo()


# --- tags ------------------------------------------------------------------------------------------------------------


def test_a_tag_is_made_of_what_was_typed_and_taken_back(page: PatientsPage, qtbot: QtBot) -> None:
    qtbot.mouseClick(page.profile.head.tag, Qt.MouseButton.LeftButton)
    menu = page.tagging.menu
    qtbot.waitUntil(menu.isVisible)
    type_text(menu.box, "Gestante")
    press(menu.box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown_tags(page) == ["Gestante"])
    assert menu.isVisible() and menu.box.text() == ""
    press(menu.box, Qt.Key.Key_Return)  # the row in colour is the new one: Enter takes it off
    qtbot.waitUntil(lambda: shown_tags(page) == [])
    taken_back(page)
    qtbot.waitUntil(lambda: shown_tags(page) == ["Gestante"])


def test_a_tag_is_renamed_removed_and_everybody_gets_it_back(page: PatientsPage, office: Office, qtbot: QtBot) -> None:
    desk = office.desk("renata")
    tag = tags.add(desk, AddTag(new_id(), "Pacote", 200))
    with office.admin() as admin:
        for patient in office.sample.patients.values():
            put(admin, "patient_tag", patient_id=patient, tag_id=tag.id)
    page.apply_change(Change("patient_tag", None, None))
    qtbot.waitUntil(lambda: shown_tags(page) == ["Pacote"])
    menu = page.tagging.menu
    qtbot.mouseClick(page.profile.head.tag, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(menu.isVisible)
    menu._edit_current()
    menu.name.selectAll()
    type_text(menu.name, "Pacote laser")
    press(menu.name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown_tags(page) == ["Pacote laser"])
    menu._edit_current()
    menu._remove()
    qtbot.waitUntil(lambda: shown_tags(page) == [])
    taken_back(page)
    qtbot.waitUntil(lambda: shown_tags(page) == ["Pacote laser"])
    assert len(tags.counts(desk)) == 1 and tags.counts(desk)[tag.id] == 3
    taken_back(page)
    qtbot.waitUntil(lambda: shown_tags(page) == ["Pacote"])


def test_a_professional_is_offered_no_new_tag(open_page: Open, qtbot: QtBot) -> None:
    page = open_page("helena")
    qtbot.mouseClick(page.profile.head.tag, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.tagging.menu.isVisible)
    type_text(page.tagging.menu.box, "Outra")
    assert page.tagging.menu.model.rowCount() == 0


# --- alerts ----------------------------------------------------------------------------------------------------------


def test_a_professional_writes_an_alert_and_withdraws_it(open_page: Open, qtbot: QtBot) -> None:
    page = open_page("helena")
    standing = lambda: [one.text for one in page.profile.profile.patient.alerts]  # type: ignore[union-attr] # noqa: E731
    qtbot.mouseClick(page.profile.head.alert, Qt.MouseButton.LeftButton)
    popover = page.alerting.popover
    assert popover.isVisible()
    press(popover.text, Qt.Key.Key_Return)
    assert popover.isVisible() and popover.field.error
    type_text(popover.text, "Alergia grave: látex")
    press(popover.text, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: standing() == ["Alergia grave: látex"])
    assert not popover.isVisible()
    taken_back(page)
    qtbot.waitUntil(lambda: standing() == [])
    subjects = [page.profile.timeline.index(row).data(MomentRole.SUBJECT) for row in range(4)]
    alert = next(one for one in subjects if isinstance(one, WrittenAlert))
    assert (alert.stands, alert.by, alert.alert.severity) == (False, "Helena Prado", Severity.SEVERE)


def test_reception_reads_alerts_and_writes_none(page: PatientsPage) -> None:
    assert not page.profile.head.alert.isVisible()


# --- segments --------------------------------------------------------------------------------------------------------


def names(page: PatientsPage) -> list[str]:
    return [one.name for one in page.finder.model.matches()]


def editor(page: PatientsPage) -> SegmentEditor:
    assert page.segmenting.editor is not None
    return page.segmenting.editor


def test_a_segment_is_made_counted_opened_and_taken_back(page: PatientsPage, office: Office, qtbot: QtBot) -> None:
    with office.admin() as admin:
        admin.execute("UPDATE clinicdesk.patient SET vip = true WHERE id = %s", [office.sample.patients["bento"]])
    bar = page.finder.segments
    qtbot.mouseClick(bar.kept, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.segmenting.menu.isVisible)
    page.segmenting.menu.new.click()
    made = editor(page)
    made.save.click()
    assert made.field.error
    type_text(made.name, "Meus VIPs")
    made.save.click()
    assert made.notice.isVisible()  # no condition says anything yet
    about = made.conditions[0].about
    about.set_value("vip")
    about.activated.emit(about.currentIndex())
    qtbot.waitUntil(lambda: made.count.text() == "1 patient")
    press(made, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: names(page) == ["Bento d'Ávila"])
    assert bar.kept.text() == "Meus VIPs" and bar.kept.isChecked()
    taken_back(page)
    qtbot.waitUntil(lambda: len(names(page)) == 3)
    assert segments.segments(office.desk("renata")) == []


def test_a_kept_segment_filters_what_is_searched(page: PatientsPage, office: Office, qtbot: QtBot) -> None:
    segments.add(office.desk("renata"), AddSegment(new_id(), "Nunca vieram", (Visits(None, 0),)))
    bar = page.finder.segments
    qtbot.mouseClick(bar.kept, Qt.MouseButton.LeftButton)
    menu = page.segmenting.menu
    qtbot.waitUntil(menu.isVisible)
    qtbot.waitUntil(lambda: menu.model.item(0).data(Qt.ItemDataRole.UserRole + 2) == "3")
    menu.list.activated.emit(menu.model.index(0, 0))
    page.focus_search()
    type_text(page.finder.box, "nina")
    qtbot.waitUntil(lambda: names(page) == ["Nina Álvares"])
    assert page.finder._among.isVisible() and not page.finder.register_row.isVisible()
    press(page.finder.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)  # nobody is registered from a part
    assert bar.kept.text() == "More" and bar.definition is None and page.forms.open_now == {}
    qtbot.waitUntil(page.finder.register_row.isVisible)


def test_what_nobody_can_read_is_shown_and_opens_nothing(page: PatientsPage, office: Office, qtbot: QtBot) -> None:
    with office.admin() as admin:
        put(admin, "segment", id=uuid4(), name="Do futuro", definition='{"form": 99}')
    qtbot.mouseClick(page.finder.segments.kept, Qt.MouseButton.LeftButton)
    menu = page.segmenting.menu
    qtbot.waitUntil(menu.isVisible)
    menu.list.activated.emit(menu.model.index(0, 0))
    assert menu.isVisible() and len(names(page)) == 3
    menu.edit.click()
    assert editor(page).notice.isVisible() and editor(page).definition() == ()


def test_the_three_searches_every_desk_wants(page: PatientsPage, office: Office, qtbot: QtBot) -> None:
    with office.admin() as admin:
        ana, bento = office.sample.patients["ana"], office.sample.patients["bento"]
        admin.execute("UPDATE clinicdesk.patient SET birth_date = '1980-03-06' WHERE id = %s", [ana])
        yesterday = at(9) - dt.timedelta(days=1)
        visit = {"starts_at": yesterday, "ends_at": yesterday + HOUR, "status": "completed"}
        office.book_row(admin, patient_id=bento, **visit)
    vip, birthday, unbooked = page.finder.segments._group.buttons()[1:4]
    qtbot.mouseClick(birthday, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: names(page) == ["Ana Conceição Álvares"])
    qtbot.mouseClick(unbooked, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: names(page) == ["Bento d'Ávila"])
    qtbot.mouseClick(vip, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: names(page) == [])
    assert not page.finder._nobody.isVisible()


# --- own fields ------------------------------------------------------------------------------------------------------


def own_fields(office: Office) -> dict[Kind, UUID]:
    manager = office.desk("otavio")
    found = {}
    for kind in Kind:
        choices = ("Unimed", "Amil") if kind is Kind.CHOICE else ()
        command = AddCustomField(new_id(), Entity.PATIENT, kind.value, kind, choices)
        found[kind] = custom_fields.add(manager, command).id
    return found


def form(page: PatientsPage) -> PatientFormPanel:
    return next(popover.panel for popover in page.forms.open_now.values() if popover.isVisible())


def test_own_fields_are_filled_and_taken_back(page: PatientsPage, office: Office, qtbot: QtBot) -> None:
    ids = own_fields(office)
    ana = office.sample.patients["ana"]
    page.apply_change(Change("custom_field", None, None))
    qtbot.waitUntil(lambda: page.profile.profile is not None and len(page.profile.profile.own) == 5)
    page.edit()
    panel = form(page)

    def editor_of(kind: Kind) -> QWidget:
        return panel.fields.fields[name_in_form(ids[kind])].editor

    for kind, words in ((Kind.TEXT, "canhota"), (Kind.NUMBER, "71,x"), (Kind.DATE, "06032035")):
        line = editor_of(kind)
        line.setFocus()
        type_text(line, words)
    panel.save()
    assert panel.fields.fields[name_in_form(ids[Kind.NUMBER])].error
    number = editor_of(Kind.NUMBER)
    assert isinstance(number, LineEdit)
    number.selectAll()
    type_text(number, "71,5")
    for kind, wanted in ((Kind.YES_NO, True), (Kind.CHOICE, "Amil")):
        select = editor_of(kind)
        assert isinstance(select, Select)
        select.set_value(wanted)
        select.activated.emit(select.currentIndex())
    panel.save()

    desk = office.desk("renata")
    fields = custom_fields.fields(desk, Entity.PATIENT)
    held = lambda: read_values(fields, patients.patient(desk, ana).custom)  # noqa: E731
    values = {
        ids[Kind.TEXT]: "canhota",
        ids[Kind.NUMBER]: Decimal("71.5"),
        ids[Kind.DATE]: dt.date(2035, 3, 6),
        ids[Kind.YES_NO]: True,
        ids[Kind.CHOICE]: "Amil",
    }
    qtbot.waitUntil(lambda: held() == values)
    qtbot.waitUntil(lambda: page.profile.profile is not None and page.profile.profile.patient.version > 1)
    taken_back(page)
    qtbot.waitUntil(lambda: held() == {})


def test_a_choice_that_is_no_longer_offered_is_kept_through_an_edit(
    page: PatientsPage, office: Office, qtbot: QtBot
) -> None:
    ids = own_fields(office)
    ana, desk = office.sample.patients["ana"], office.desk("renata")
    with office.admin() as admin:
        admin.execute(
            "UPDATE clinicdesk.patient SET custom = jsonb_build_object(%s::text, 'Golden') WHERE id = %s",
            [str(ids[Kind.CHOICE]), ana],
        )
    page.apply_change(Change("custom_field", None, None))
    qtbot.waitUntil(lambda: page.profile.profile is not None and len(page.profile.profile.own) == 5)
    page.edit()
    panel = form(page)
    select = panel.fields.fields[name_in_form(ids[Kind.CHOICE])].editor
    assert isinstance(select, Select) and select.value == "Golden"
    note = panel.fields._note
    note.setFocus()
    type_text(note, "x")
    panel.save()
    qtbot.waitUntil(lambda: patients.patient(desk, ana).note == "x")
    assert patients.patient(desk, ana).custom == {str(ids[Kind.CHOICE]): "Golden"}


# --- the timeline ----------------------------------------------------------------------------------------------------


def test_a_long_timeline_comes_page_by_page_and_stays_through_a_refresh(
    page: PatientsPage, office: Office, qtbot: QtBot
) -> None:
    with office.admin() as admin:
        for number in range(130):
            starts_at = at(9) - dt.timedelta(days=number)
            office.book_row(admin, starts_at=starts_at, ends_at=starts_at + HOUR, status="completed")
    page.apply_change(Change("appointment", uuid4(), 1))
    model = page.profile.timeline
    visits = lambda: [  # noqa: E731
        one
        for row in range(model.rowCount())
        if isinstance(one := model.index(row).data(MomentRole.SUBJECT), Appointment)
    ]
    qtbot.waitUntil(lambda: len(visits()) >= 59)
    while not model.complete:
        held = model.rowCount()
        model.fetchMore()
        qtbot.waitUntil(lambda held=held: model.rowCount() > held)  # type: ignore[misc]
    assert len(visits()) == 130
    assert [one.starts_at for one in visits()] == sorted((one.starts_at for one in visits()), reverse=True)
    subjects = [model.index(row).data(MomentRole.SUBJECT) for row in range(model.rowCount())]
    assert sum(isinstance(one, Registered) for one in subjects) == 1
    page.apply_change(Change("appointment", uuid4(), 2))
    qtbot.waitUntil(page._stale_profile.isActive)
    qtbot.waitUntil(lambda: not page._stale_profile.isActive() and not page._background.busy)
    assert len(visits()) == 130


def test_the_numbers_are_the_databases(page: PatientsPage, office: Office, qtbot: QtBot) -> None:
    with office.admin() as admin:
        for number in range(3):
            starts_at = at(9) - dt.timedelta(days=10 * number)
            office.book_row(admin, starts_at=starts_at, ends_at=starts_at + HOUR, status="completed")
    page.apply_change(Change("appointment", uuid4(), 1))
    card = page.profile._numbers
    qtbot.waitUntil(lambda: card._cells[0][0].text() == "3")
    assert card._cells[2][0].text() == "10 days"
    assert card._words.text() == "comes regularly"


def test_what_lies_ahead_and_what_was_tried_are_told(page: PatientsPage, office: Office, qtbot: QtBot) -> None:
    sample = office.sample
    own = {"clinic_id": sample.clinics["ipe"], "patient_id": sample.patients["ana"]}
    recall = uuid4()
    series = uuid4()
    with office.admin() as admin:
        put(admin, "waiting_entry", id=uuid4(), service_id=sample.services["laser"], first_day=at(9).date(), **own)
        rule = {"rule": "FREQ=WEEKLY;COUNT=3", "first_day": at(9).date(), "starts": dt.time(9)}
        put(admin, "series", id=series, clinic_id=own["clinic_id"], **rule)
        for week in (-1, 1, 2):
            starts_at = at(9) + dt.timedelta(weeks=week)
            day = {"series_id": series, "series_day": starts_at.date()}
            status = "completed" if week < 0 else "pending"
            office.book_row(admin, starts_at=starts_at, ends_at=starts_at + HOUR, status=status, **day)
        # Last of all: a booking closes the recalls that stand.
        put(admin, "recall", id=recall, due_month=at(9).date().replace(day=1), **own)
        put(admin, "recall_attempt", id=uuid4(), recall_id=recall, clinic_id=own["clinic_id"], outcome="no_answer")
    page.apply_change(Change("recall", recall, 1))
    qtbot.waitUntil(page.profile._ahead.isVisible)
    assert page.profile.profile is not None
    facts = ahead_of(page.profile.profile, at(7), ZONE)
    assert [(icon, value) for icon, value, _what in facts] == [
        ("repeat", "Consulta"),
        ("hourglass", "Laser"),
        ("calendar-clock", "Next visit"),
    ]
    assert facts[0][2].startswith("1 of 3 done · next Tue, 13 Mar")
    assert facts[2][2] == "to come again in March 2035 · 1 attempt"
    titles = [page.profile.timeline.index(row).data() for row in range(page.profile.timeline.rowCount())]
    assert any(title.startswith("On the waiting list: Laser") for title in titles)
    assert any(title.startswith("Asked to come again") and title.endswith("No answer") for title in titles)


def test_a_merge_is_on_the_timeline_of_who_stays(page: PatientsPage, office: Office, qtbot: QtBot) -> None:
    desk, sample = office.desk("renata"), office.sample
    ana, bento = (patients.patient(desk, sample.patients[name]) for name in ("ana", "bento"))
    merging.merge(desk, MergePatients(new_id(), ana.id, ana.version, bento.id, bento.version))
    page.apply_change(Change("patient_merge", uuid4(), 1))
    model = page.profile.timeline
    told = lambda: [model.index(row).data() for row in range(model.rowCount())]  # noqa: E731
    qtbot.waitUntil(lambda: any("Records joined: Bento d'Ávila" in title for title in told()))
