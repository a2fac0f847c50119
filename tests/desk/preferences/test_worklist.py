"""Whoever leaves, or goes out of use, hands the visits on: in steps, each moved or listed, and all of it taken back."""

import datetime as dt
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from clinicdesk.desk.preferences.page import SettingsPage
from clinicdesk.desk.preferences.worklist import Worklist
from clinicdesk.domain.preferences import ProfessionalForm, RoomForm
from clinicdesk.usecases import preferences
from tests.desk.preferences.conftest import Open, admin, reader
from tests.desk.preferences.test_page import editor, idle, toast
from tests.office import Office, at

LEFT = Qt.MouseButton.LeftButton


def book_many(office: Office, count: int, **changes: Any) -> list[UUID]:
    """Ana with Helena in room 1 every half hour of the working day, week after week."""
    admin, booked = office.admin(), []
    for number in range(count):
        start = at(8 + number % 8 // 2, 30 * (number % 2)) + dt.timedelta(days=7 * (number // 8))
        span = {"starts_at": start, "ends_at": start + dt.timedelta(minutes=30)}
        booked.append(office.book_row(admin, **span, **changes))
    return booked


def switch_off(page: SettingsPage, qtbot: QtBot) -> Worklist:
    """Put what is shown out of use, save, and wait for what is in the way."""
    idle(page, qtbot)
    editor(page).bounds["active"].switch.click()  # type: ignore[attr-defined]
    page.save()
    assert page.section is not None
    section = page.section
    qtbot.waitUntil(lambda: section.worklist is not None and bool(section.worklist.heirs))
    assert section.worklist is not None and section.worklist.isVisible()
    return section.worklist


def places(office: Office, column: str) -> list[UUID]:
    rows = admin(office).execute(f"SELECT {column} FROM clinicdesk.appointment ORDER BY starts_at".encode())
    return [row[0] for row in rows.fetchall()]


def test_a_rooms_visits_go_to_another_room_and_it_goes_out_of_use(settings: Open, office: Office, qtbot: QtBot) -> None:
    book_many(office, 6)
    one, two = office.sample.rooms["room 1"], office.sample.rooms["room 2"]
    page = settings("rooms")
    worklist = switch_off(page, qtbot)
    assert len(worklist.heirs) == 6 and all(heir.free == (two,) for heir in worklist.heirs.values())
    qtbot.mouseClick(worklist.to_button, LEFT)
    qtbot.waitUntil(lambda: places(office, "room_id") == [two] * 6)
    qtbot.waitUntil(lambda: "room 1 saved" in toast(page))
    assert not next(each for each in preferences.kept(reader(office), RoomForm) if each.id == one).form.active
    page.desk.undo.undo()
    qtbot.waitUntil(lambda: "Undone: room 1 saved" in toast(page))
    page.desk.undo.undo()
    qtbot.waitUntil(lambda: places(office, "room_id") == [one] * 6)
    qtbot.waitUntil(lambda: "Undone: 6 visits moved" in toast(page))


def test_what_nobody_is_free_for_stays_listed(settings: Open, office: Office, qtbot: QtBot) -> None:
    book_many(office, 4)
    caio, helena = (office.sample.professionals[name] for name in ("caio", "helena"))
    busy = {"professional_id": caio, "room_id": None, "patient_id": office.sample.patients["bento"]}
    office.book_row(office.admin(), starts_at=at(8, 30), ends_at=at(9), **busy)
    page = settings("professionals")
    assert page.section is not None
    page.section.open_row(helena)
    worklist = switch_off(page, qtbot)
    assert sum(bool(heir.free) for heir in worklist.heirs.values()) == 3
    qtbot.mouseClick(worklist.to_button, LEFT)
    qtbot.waitUntil(lambda: len(worklist.heirs) == 1 and not worklist.busy)
    idle(page, qtbot)
    assert sorted(places(office, "professional_id")) == sorted([helena, caio, caio, caio, caio])
    assert worklist.isVisible() and not worklist.to_button.isEnabled()
    [kept] = [one for one in preferences.kept(reader(office), ProfessionalForm) if one.id == helena]
    assert kept.form.active  # not gone while one visit is still hers


def test_one_visit_is_moved_alone_and_a_refusal_gives_its_reason(settings: Open, office: Office, qtbot: QtBot) -> None:
    first, second = book_many(office, 2)
    page = settings("rooms")
    worklist = switch_off(page, qtbot)
    assert worklist.list.current_id == first
    qtbot.mouseClick(worklist.one_button, LEFT)
    qtbot.waitUntil(lambda: list(worklist.heirs) == [second])
    idle(page, qtbot)
    # Meanwhile another desk takes the room that was free.
    taken = {"room_id": office.sample.rooms["room 2"], "professional_id": office.sample.professionals["caio"]}
    office.book_row(
        office.admin(), starts_at=at(8, 30), ends_at=at(9), patient_id=office.sample.patients["bento"], **taken
    )
    worklist.move_all()
    qtbot.waitUntil(lambda: not worklist.busy and second in worklist._reasons)
    assert "room 2" in worklist._reasons[second]
    idle(page, qtbot)
    assert places(office, "room_id").count(office.sample.rooms["room 1"]) == 1


def test_moving_is_stopped_half_way_and_says_how_far_it_came(settings: Open, office: Office, qtbot: QtBot) -> None:
    book_many(office, 8)
    page = settings("rooms")
    worklist = switch_off(page, qtbot)
    worklist.move_all()
    qtbot.waitUntil(lambda: len(worklist.heirs) < 8)
    worklist.stop()
    qtbot.waitUntil(lambda: not worklist.busy)
    idle(page, qtbot)
    moved = places(office, "room_id").count(office.sample.rooms["room 2"])
    assert 0 < moved < 8 and len(worklist.heirs) == 8 - moved
    assert toast(page) == (f"{moved} visits moved" if moved > 1 else "1 visit moved")
