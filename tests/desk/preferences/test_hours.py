"""Hours as bars: dragged, pulled, drawn and typed; kept, taken back, told; a second desk is heard."""

import datetime as dt

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from clinicdesk.desk.preferences.day_track import DayTrack
from clinicdesk.desk.preferences.history import HistoryPopover
from clinicdesk.desk.preferences.hours_kind import ExceptionsBound, WeekBound
from clinicdesk.desk.preferences.page import SettingsPage
from clinicdesk.desk.preferences.week_bars import WeekBars
from clinicdesk.domain.preferences import HoursForm, SaveForm
from clinicdesk.usecases import hours
from clinicdesk.usecases.clinic import new_id
from tests.desk.patients.conftest import press, type_text
from tests.desk.preferences.conftest import Open, reader
from tests.desk.preferences.test_page import editor, idle, toast
from tests.office import Office

LEFT = Qt.MouseButton.LeftButton
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
HELENA = ((8 * 60, 12 * 60), (13 * 60, 18 * 60))


def opened(settings: Open, office: Office, qtbot: QtBot) -> tuple[SettingsPage, WeekBars]:
    page = settings("hours")
    assert page.section is not None
    page.section.open_row(office.sample.professionals["helena"])
    bound = editor(page).bounds["days"]
    assert isinstance(bound, WeekBound) and bound.bars.tracks[0].bars == HELENA
    return page, bound.bars


def drag(track: DayTrack, index: int, grip: int, minutes: int) -> None:
    """Take a bar at a place of it and carry it so many minutes."""
    item = track.items[index]
    start = QPoint(grip if grip >= 0 else item.width() + grip, item.height() // 2)
    shift = round(track.x_of(track._view[0] + minutes))
    QTest.mousePress(item, LEFT, pos=start)
    before = item.mapToGlobal(start)
    for step in (2, 1):
        QTest.mouseMove(item, item.mapFromGlobal(before + QPoint(shift // step, 0)))
    QTest.mouseRelease(item, LEFT, pos=start)


def stands(office: Office, name: str = "helena") -> HoursForm:
    return hours.one(reader(office), office.sample.professionals[name]).form


def test_a_bar_is_carried_and_pulled_by_the_mouse(settings: Open, office: Office, qtbot: QtBot) -> None:
    page, week = opened(settings, office, qtbot)
    monday = week.tracks[0]
    drag(monday, 0, monday.items[0].width() // 2, -30)
    assert monday.bars == ((7 * 60 + 30, 11 * 60 + 30), HELENA[1])
    drag(monday, 1, -3, 60)
    assert monday.bars[1] == (13 * 60, 19 * 60)
    drag(monday, 1, 3, -45)
    assert monday.bars[1] == (12 * 60 + 15, 19 * 60)
    drag(monday, 0, monday.items[0].width() // 2, 600)
    assert monday.bars[0] == (8 * 60 + 15, 12 * 60 + 15)  # as far as its neighbour
    page.save()
    qtbot.waitUntil(lambda: toast(page).endswith("saved"))
    assert stands(office).days[0] == ((dt.time(8, 15), dt.time(19)),)  # what touches is one
    page.desk.undo.undo()
    qtbot.waitUntil(lambda: toast(page).startswith("Undone"))
    assert stands(office).days[0] == ((dt.time(8), dt.time(12)), (dt.time(13), dt.time(18)))
    idle(page, qtbot)


def test_a_new_stretch_is_drawn_where_nothing_is(settings: Open, office: Office, qtbot: QtBot) -> None:
    _page, week = opened(settings, office, qtbot)
    saturday = week.tracks[5]
    first, last = (QPoint(round(saturday.x_of(hour * 60)), 10) for hour in (9, 12))
    QTest.mousePress(saturday, LEFT, pos=first)
    QTest.mouseMove(saturday, last)
    QTest.mouseRelease(saturday, LEFT, pos=last)
    assert saturday.bars == ((9 * 60, 12 * 60),) and week.switches[5].isChecked()
    week.copy(6, range(6, 8))
    assert week.tracks[6].bars == saturday.bars


def test_the_keyboard_does_what_the_mouse_does(settings: Open, office: Office, qtbot: QtBot) -> None:
    page, week = opened(settings, office, qtbot)
    tuesday = week.tracks[1]
    bar = tuesday.items[0]
    bar.setFocus()
    press(bar, Qt.Key.Key_Left)
    press(bar, Qt.Key.Key_Right, SHIFT)
    press(bar, Qt.Key.Key_Right, CONTROL)
    assert tuesday.bars[0] == (8 * 60, 12 * 60) and "08:00" in bar.accessibleName()
    press(bar, Qt.Key.Key_Right, CONTROL)
    press(bar, Qt.Key.Key_Left, SHIFT)
    assert tuesday.bars[0] == (8 * 60 + 15, 11 * 60 + 45)
    press(bar, Qt.Key.Key_Delete)
    assert tuesday.bars == HELENA[1:] and tuesday.items[0].hasFocus()
    qtbot.mouseClick(week.adders[1], LEFT)
    assert len(tuesday.bars) == 2
    week.switches[2].click()
    assert week.tracks[2].bars == ()
    week.switches[2].click()
    assert week.tracks[2].bars == HELENA  # a day switched off by a slip comes back as it was
    page.save()
    qtbot.waitUntil(lambda: toast(page).endswith("saved"))
    assert len(stands(office).days[1]) == 2


def test_visits_outside_the_new_hours_are_counted_and_stay(settings: Open, office: Office, qtbot: QtBot) -> None:
    visit = office.book_row(office.admin())
    page, week = opened(settings, office, qtbot)
    week.switches[1].click()  # the sample's day is a Tuesday
    qtbot.waitUntil(lambda: [one.count for one in editor(page).effects.shown] == [1])
    page.save()
    qtbot.waitUntil(lambda: toast(page).endswith("saved"))
    row = office.admin().execute("SELECT status FROM clinicdesk.appointment WHERE id = %s", [visit]).fetchone()
    assert row == ("pending",)


def test_a_day_that_differs_is_added_by_its_date(settings: Open, office: Office, qtbot: QtBot) -> None:
    page, _week = opened(settings, office, qtbot)
    bound = editor(page).bounds["exceptions"]
    assert isinstance(bound, ExceptionsBound)
    for typed in ("3/2/2001", "32/1/2035", "24/12/2035"):
        bound.edit.date.setFocus()
        bound.edit.date.clear()
        type_text(bound.edit.date, typed)
        press(bound.edit.date, Qt.Key.Key_Return)
    [row] = bound.edit.rows
    type_text(row.label, "Véspera")
    row.track.change(((8 * 60, 11 * 60),))
    page.save()
    qtbot.waitUntil(lambda: toast(page).endswith("saved"))
    [kept] = stands(office).exceptions
    assert (kept.day, kept.label, kept.spans) == (dt.date(2035, 12, 24), "Véspera", ((dt.time(8), dt.time(11)),))
    qtbot.mouseClick(editor(page).changed_button, LEFT)
    popover = next(one for one in page.window().findChildren(HistoryPopover) if one.isVisible())
    qtbot.waitUntil(lambda: bool(popover.lines))
    assert popover.lines[0] == "Mon, 24 Dec: + 08:00–11:00"


def test_hours_of_another_desk_are_seen_before_they_are_lost(settings: Open, office: Office, qtbot: QtBot) -> None:
    page, week = opened(settings, office, qtbot)
    other, helena = office.desk("otavio", desk="mesa 2"), office.sample.professionals["helena"]
    kept = hours.one(other, helena)
    hours.save(other, SaveForm(new_id(), HoursForm((*kept.form.days[:4], (), (), ())), helena, kept.version))
    week.switches[0].click()
    page.save()
    qtbot.waitUntil(lambda: "changed this" in editor(page).notice.accessibleName())
    idle(page, qtbot)
    said = editor(page).bounds["days"].widget.editor.accessibleDescription()  # type: ignore[attr-defined]
    assert "Other desk: Monday to Thursday 08:00–12:00 13:00–18:00" in said
    page.save()
    qtbot.waitUntil(lambda: toast(page).endswith("saved"))
    assert stands(office).days[0] == ()


def test_reception_looks_at_hours_only(settings: Open, office: Office, qtbot: QtBot) -> None:
    page = settings("hours", "renata")
    bound = editor(page).bounds["days"]
    assert isinstance(bound, WeekBound) and not bound.bars.switches[0].isEnabled()
    track = bound.bars.tracks[0]
    before = track.bars
    press(track.items[0], Qt.Key.Key_Left)
    assert track.bars == before and not editor(page).save_button.isVisible()
