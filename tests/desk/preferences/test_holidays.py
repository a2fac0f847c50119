"""Holidays and the clinic's own fields on their pages; a late cancellation where it is seen."""

import datetime as dt

from pytestqt.qtbot import QtBot

from clinicdesk.desk.preferences.holiday_section import HolidaySection
from clinicdesk.desk.widgets.label import Label
from clinicdesk.domain.custom_fields import Entity, Kind
from clinicdesk.domain.hours import optional_holidays, public_holidays
from clinicdesk.domain.preferences import HolidayForm
from clinicdesk.usecases import custom_fields, preferences
from tests.desk.patients.conftest import type_text
from tests.desk.preferences.conftest import Open, reader
from tests.desk.preferences.test_page import editor, idle, toast, write
from tests.office import Office


def kept(office: Office) -> list[HolidayForm]:
    return [one.form for one in preferences.kept(reader(office), HolidayForm)]


def test_a_public_holiday_is_worked_here(settings: Open, office: Office, qtbot: QtBot) -> None:
    page = settings("holidays")
    section = page.section
    assert isinstance(section, HolidaySection) and kept(office) == []
    christmas = [one for one in section.kept if (one.form.day.month, one.form.day.day) == (12, 25)]
    assert len(christmas) == 3 and not christmas[0].form.works  # three years, none written yet
    section.open_row(christmas[1].id)
    editor(page).bounds["works"].switch.click()  # type: ignore[attr-defined]
    page.save()
    qtbot.waitUntil(lambda: "added" in toast(page))
    assert [(one.day, one.works) for one in kept(office)] == [(christmas[1].form.day, True)]
    assert sum(one.form.day == christmas[1].form.day for one in section.kept) == 1
    idle(page, qtbot)
    page.desk.undo.undo()
    qtbot.waitUntil(lambda: kept(office) == [])


def test_own_days_are_added_and_a_day_stands_once(settings: Open, office: Office, qtbot: QtBot) -> None:
    page = settings("holidays")
    page.new()
    write(page, "day", "24/12/2035")
    write(page, "name", "Véspera de Natal")
    page.save()
    qtbot.waitUntil(lambda: "Véspera de Natal added" in toast(page))
    page.new()
    write(page, "day", "24/12/2035")
    write(page, "name", "Outra vez")
    page.save()
    qtbot.waitUntil(lambda: editor(page).bounds["day"].widget.error == "This day is in the list already")  # type: ignore[attr-defined]
    assert len(kept(office)) == 1
    idle(page, qtbot)


def test_optional_days_come_in_bulk_and_go_in_one_step(settings: Open, office: Office, qtbot: QtBot) -> None:
    page = settings("holidays")
    section = page.section
    assert isinstance(section, HolidaySection)
    section.add_optional()
    qtbot.waitUntil(lambda: "holidays added" in toast(page))
    idle(page, qtbot)
    names = {one.name for one in kept(office)}
    assert any("Corpus Christi" in name for name in names)
    assert all(one.day not in public_holidays("SP", one.day.year) for one in kept(office))
    page.desk.undo.undo()
    qtbot.waitUntil(lambda: kept(office) == [])
    idle(page, qtbot)
    page.desk.undo.redo()
    qtbot.waitUntil(lambda: {one.name for one in kept(office)} == names)
    idle(page, qtbot)


def test_the_city_has_days_of_its_own() -> None:
    january = dt.date(2027, 1, 25)
    assert january in optional_holidays("SP", "São Paulo", 2027)
    assert january not in optional_holidays("SP", "Campinas", 2027)
    assert january not in public_holidays("SP", 2027)


def test_a_field_of_the_clinics_own_is_made_and_asked_of_services(settings: Open, office: Office, qtbot: QtBot) -> None:
    page = settings("fields")
    page.new()
    write(page, "name", "Preparo")
    of, holds = (editor(page).bounds[name].select for name in ("entity", "kind"))  # type: ignore[attr-defined]
    of.setCurrentIndex(1)
    holds.setCurrentIndex(holds.findData(Kind.CHOICE))
    page.save()
    qtbot.waitUntil(lambda: editor(page).bounds["choices"].widget.error == "Fill this in")  # type: ignore[attr-defined]
    area = editor(page).bounds["choices"].area  # type: ignore[attr-defined]
    area.setFocus()
    type_text(area, "Jejum")
    area.appendPlainText("Nenhum")
    page.save()
    qtbot.waitUntil(lambda: "Preparo added" in toast(page))
    [made] = custom_fields.fields(reader(office), Entity.SERVICE)
    assert made.choices == ("Jejum", "Nenhum")
    page.open_place("services")
    idle(page, qtbot)
    part = editor(page).bounds["custom"].fields[str(made.id)][1]  # type: ignore[attr-defined]
    part.setCurrentIndex(1)
    part.activated.emit(1)
    page.save()
    qtbot.waitUntil(lambda: toast(page).endswith("saved"))
    row = office.admin().execute("SELECT custom FROM clinicdesk.service WHERE custom <> '{}'").fetchone()
    assert row == ({str(made.id): "Jejum"},)
    assert any(label.text() == "Preparo" for label in editor(page).findChildren(Label))


def test_a_day_of_the_state_waits_for_nothing(settings: Open, qtbot: QtBot) -> None:
    page = settings("holidays")
    assert not editor(page).save_button.isVisible() and page.section is not None and not page.section.has_drafts
