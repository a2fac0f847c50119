"""Finding a time and holding it while one talks, by real events, beside another desk that wants the same."""

import datetime as dt
import time

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from clinicdesk.desk.agenda.slot_day import SlotDay
from clinicdesk.desk.widgets.label import Label
from clinicdesk.domain.agenda import BlockTime, Slot
from clinicdesk.errors import SlotTaken
from clinicdesk.usecases import agenda, holds
from clinicdesk.usecases.clinic import new_id
from tests.journeys.hands import CTRL, Hands
from tests.office import DAY, Office, at, value
from tests.usecases.test_agenda import booking
from tests.usecases.test_holds import holding

ANA = "Ana Conceição Álvares"
COUNT = "SELECT count(*) FROM clinicdesk.slot_hold"


def begin_for_ana(desk: Hands) -> None:
    """N, a name, Enter."""
    desk.key(Qt.Key.Key_N)
    desk.write("conceição")
    desk.until(lambda: desk.editor.picker.choices.matches)
    desk.key(Qt.Key.Key_Return)
    desk.idle()


def test_what_is_read_aloud_is_held_until_it_is_booked(desk: Hands, office: Office) -> None:
    claudia = office.desk("claudia", desk="mesa 2")
    begin_for_ana(desk)
    editor = desk.editor
    editor.slots.setFocus()
    desk.key(Qt.Key.Key_2)
    desk.idle()
    chosen = editor.booking.free
    assert chosen is not None
    assert editor.hold_note.isVisible()
    assert editor.hold_note.text() == "Held for 5 min"
    with pytest.raises(SlotTaken) as caught:
        agenda.book(
            claudia,
            booking(office, slot=chosen.slot, professional_id=chosen.professional_id, room_id=None),
        )
    assert caught.value.holder == "Renata Souza"
    desk.key(Qt.Key.Key_Return, CTRL)
    visit = desk.visit_of(ANA)
    assert visit.slot == chosen.slot
    assert value(office.admin(), COUNT) == 0


def test_a_hold_that_ran_out_says_so_and_is_taken_again(desk: Hands, office: Office) -> None:
    begin_for_ana(desk)
    desk.editor.slots.setFocus()
    desk.key(Qt.Key.Key_2)
    desk.idle()
    held, note = desk.editor.held, desk.editor.hold_note
    office.admin().execute("UPDATE clinicdesk.slot_hold SET expires_at = clock_timestamp() - interval '1 ms'")
    held._ends = time.monotonic() + 30  # the desk counts by itself: here its minutes go by
    held._look()
    assert note.text() == "Held for less than a minute"
    held._ends = time.monotonic()
    held._look()
    assert held.ran_out and note.isVisible()
    assert note.text() == "No longer held"
    desk.click(note)
    desk.idle()
    assert note.text() == "Held for 5 min"
    (again,) = holds.standing(office.desk("claudia"))
    assert desk.editor.booking.free is not None and again.slot == desk.editor.booking.free.slot


def test_a_form_that_is_closed_gives_the_time_back(desk: Hands, office: Office) -> None:
    begin_for_ana(desk)
    desk.until(lambda: value(office.admin(), COUNT) == 1)  # the first on the list is Ana's while one talks to her
    desk.key(Qt.Key.Key_Escape)
    desk.idle()
    assert value(office.admin(), COUNT) == 0
    assert desk.workspace.editor is not None and not desk.workspace.editor.held.wanted


def test_a_form_that_nobody_uses_holds_nothing(desk: Hands, office: Office) -> None:
    desk.key(Qt.Key.Key_N)
    desk.idle()
    assert desk.editor.booking.free is not None
    assert not desk.editor.hold_note.isVisible()
    assert value(office.admin(), COUNT) == 0


def test_the_last_of_several_quick_choices_is_held(desk: Hands, office: Office) -> None:
    begin_for_ana(desk)
    desk.editor.slots.setFocus()
    for key in (Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_1, Qt.Key.Key_3):
        desk.key(key)
    desk.idle()
    free = desk.editor.booking.free
    assert free is not None
    (held,) = holds.standing(office.desk("claudia"))
    assert held.slot == free.slot
    assert free.professional_id in held.resource_ids


def test_what_another_desk_holds_is_seen_and_named(desk: Hands, office: Office) -> None:
    claudia, helena = office.desk("claudia", desk="mesa 2"), office.sample.professionals["helena"]
    wish = holding(office, slot=Slot(at(10), at(10, 45)))
    holds.hold(claudia, wish)
    desk.until(lambda: desk.view.scene.held)
    drawn = next(one for one in desk.view.scene.held if one.column_key == helena)
    assert (drawn.starts_at, drawn.words) == (at(10), "Held by Cláudia · until 08:15")
    place = desk.spot(helena, at(10))
    QApplication.sendEvent(
        desk.view.viewport(), QHelpEvent(QEvent.Type.ToolTip, place, desk.view.viewport().mapToGlobal(place))
    )
    assert "Cláudia Meireles is holding Dra. Helena Prado at that time, for 5 minutes more." in QToolTip.text()
    desk.stroke(helena, at(10), at(10, 30))
    desk.until(lambda: desk.editor.trouble.isVisible())
    assert desk.editor.trouble.accessibleName().startswith("Cláudia Meireles is holding Dra. Helena Prado")
    desk.key(Qt.Key.Key_Escape)
    holds.release(claudia, wish.hold_id)
    desk.until(lambda: not desk.view.scene.held)


def test_a_time_that_somebody_takes_meanwhile_leaves_the_list(desk: Hands, office: Office) -> None:
    desk.key(Qt.Key.Key_N)
    desk.idle()
    first = desk.editor.slots.first()
    assert first is not None
    row = office.visit(
        professional_id=first.professional_id, room_id=None, starts_at=first.slot.starts_at, ends_at=first.slot.ends_at
    )
    office.book_row(office.admin(), **row)
    desk.until(lambda: ((now := desk.editor.slots.first()) is not None and now.slot != first.slot) or now != first)


def test_hours_and_weekdays_narrow_the_search(desk: Hands) -> None:
    begin_for_ana(desk)
    slots = desk.editor.slots
    desk.click(slots.narrow)
    desk.click(slots.filters.days[4])  # Thursday
    desk.idle()
    slots.filters.earliest.set_value(dt.time(14))
    desk.idle()
    found = [row.free.slot.starts_at.astimezone(desk.application.clock.zone) for row in slots._rows]
    assert found
    assert {one.isoweekday() for one in found} == {4}
    assert min(one.hour for one in found) == 14
    desk.click(slots.more)
    desk.idle()
    assert slots.earlier.isVisible()
    later = slots._rows[0].free.slot.starts_at
    assert later > max(found)
    desk.click(slots.earlier)
    desk.idle()
    assert slots._rows[0].free.slot.starts_at == min(found)


def test_when_nothing_is_free_the_reason_and_the_nearest_time_are_told(desk: Hands, office: Office) -> None:
    renata, helena = office.desk("renata"), office.sample.professionals["helena"]
    whole = Slot(at(0), at(0, day=DAY + dt.timedelta(days=12)))
    agenda.block_time(renata, BlockTime(new_id(), helena, whole, "congresso"))
    begin_for_ana(desk)
    editor = desk.editor
    editor.professional.set_value(helena)
    desk.idle()

    def said() -> list[str]:
        return [label.text() for label in editor.slots.findChildren(Label) if label.isVisible()]

    desk.until(lambda: {"With somebody else", "Further ahead"} <= set(said()))
    assert any("is away on these days" in one for one in said())
    assert editor.booking.free is None
    editor.slots.setFocus()
    desk.key(Qt.Key.Key_1)
    desk.idle()
    chosen = editor.booking.free
    assert chosen is not None and chosen.professional_id == office.sample.professionals["caio"]
    desk.key(Qt.Key.Key_Return, CTRL)
    assert desk.visit_of(ANA).professional_id == chosen.professional_id


def test_a_day_says_why_its_other_times_are_not_offered(desk: Hands, office: Office) -> None:
    office.book_row(office.admin(), starts_at=at(9), ends_at=at(10))
    begin_for_ana(desk)
    desk.editor.professional.set_value(office.sample.professionals["helena"])
    desk.idle()
    head = next(one for one in desk.editor.slots.findChildren(SlotDay) if one.isVisible())
    QApplication.sendEvent(head, QHelpEvent(QEvent.Type.ToolTip, QPoint(5, 5), head.mapToGlobal(QPoint(5, 5))))
    assert "09:00–10:00  full" in QToolTip.text()


def test_a_taken_room_gives_way_to_a_free_one(desk: Hands, office: Office) -> None:
    """Laser wants room 1 or 2; room 1 goes to somebody else while the form is open."""
    sample = office.sample
    desk.stroke(sample.professionals["helena"], at(14), at(15))
    desk.write("conceição")
    desk.until(lambda: desk.editor.picker.choices.matches)
    desk.key(Qt.Key.Key_Return)
    editor = desk.editor
    editor.service.set_value(sample.services["laser"])
    desk.idle()
    editor.held.give_back()
    desk.idle()
    room = editor.booking.free.room_id if editor.booking.free else None
    assert room is not None
    other = {"patient_id": sample.patients["bento"], "professional_id": sample.professionals["caio"], "room_id": room}
    office.book_row(office.admin(), starts_at=at(14), ends_at=at(15), **other)
    desk.until(lambda: editor.trouble.isVisible() or (editor.booking.free and editor.booking.free.room_id != room))
    desk.idle()
    if editor.trouble.isVisible():
        desk.click(editor.trouble.button)
    desk.idle()
    desk.key(Qt.Key.Key_Return, CTRL)
    visit = desk.visit_of(ANA)
    assert visit.room_id not in (None, room)
