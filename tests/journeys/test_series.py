"""Series and visits of several services in the real window: asked at the card, moved together, taken back at once."""

import datetime as dt
from uuid import UUID

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from clinicdesk.desk.agenda.cancelling import CancelPopover
from clinicdesk.desk.agenda.going_on import GoOnPopover
from clinicdesk.desk.agenda.scope import ScopePopover
from clinicdesk.desk.agenda.series_conflicts import SeriesConflicts
from clinicdesk.desk.widgets.button import Button
from clinicdesk.domain.agenda import Status
from tests.journeys.hands import CTRL, Hands
from tests.office import DAY, Office, at, put, value

WEEK = dt.timedelta(days=7)
ANA, BENTO = "Ana Conceição Álvares", "Bento d'Ávila"


def weekly(office: Office, count: int = 4) -> list[UUID]:
    """Ana with Helena in room 1 on Tuesdays at nine, as another desk booked it."""
    from uuid import uuid4

    admin, series_id = office.admin(), uuid4()
    put(
        admin,
        "series",
        id=series_id,
        clinic_id=office.sample.clinics["ipe"],
        rule=f"FREQ=WEEKLY;INTERVAL=1;WKST=MO;BYDAY=TU;COUNT={count}",
        first_day=DAY,
        starts=dt.time(9),
    )
    return [
        office.book_row(
            admin,
            starts_at=at(9, day=DAY + WEEK * number),
            ends_at=at(9, 30, day=DAY + WEEK * number),
            series_id=series_id,
            series_day=DAY + WEEK * number,
        )
        for number in range(count)
    ]


def starts(office: Office, ids: list[UUID]) -> list[dt.datetime]:
    admin = office.admin()
    return [value(admin, "SELECT starts_at FROM clinicdesk.appointment WHERE id = %s", [one]) for one in ids]


def statuses(office: Office, ids: list[UUID]) -> list[str]:
    admin = office.admin()
    return [value(admin, "SELECT status FROM clinicdesk.appointment WHERE id = %s", [one]) for one in ids]


def test_this_and_the_following_are_moved_by_one_drag_and_one_key(desk: Hands, office: Office) -> None:
    ids = weekly(office)
    helena = office.sample.professionals["helena"]
    visit = desk.visit_of(ANA)
    desk.move_card(visit.id, helena, at(11))
    popover = desk.overlay(ScopePopover)
    assert desk.focus is popover.rows[0]
    desk.key(Qt.Key.Key_2)
    desk.said("4 visits changed")
    assert starts(office, ids) == [at(11, day=DAY + WEEK * number) for number in range(4)]
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.said("Undone")
    assert starts(office, ids) == [at(9, day=DAY + WEEK * number) for number in range(4)]


def test_only_this_one_is_the_first_answer(desk: Hands, office: Office) -> None:
    ids = weekly(office)
    desk.move_card(desk.visit_of(ANA).id, office.sample.professionals["helena"], at(11))
    desk.key(Qt.Key.Key_Return)
    desk.said("moved to 11:00")
    assert starts(office, ids)[:2] == [at(11), at(9, day=DAY + WEEK)]


def test_a_change_that_is_given_up_leaves_the_card_where_it_was(desk: Hands, office: Office) -> None:
    ids = weekly(office)
    desk.move_card(desk.visit_of(ANA).id, office.sample.professionals["helena"], at(11))
    desk.key(Qt.Key.Key_Escape)
    desk.until(lambda: not desk.view.scene.pending)
    assert starts(office, ids)[0] == at(9)


def test_what_stands_against_a_change_is_decided_by_number(desk: Hands, office: Office) -> None:
    ids = weekly(office)
    third = DAY + WEEK * 2
    bento = office.sample.patients["bento"]
    office.book_row(
        office.admin(), patient_id=bento, room_id=None, starts_at=at(11, day=third), ends_at=at(11, 30, day=third)
    )
    desk.move_card(desk.visit_of(ANA).id, office.sample.professionals["helena"], at(11))
    desk.key(Qt.Key.Key_3)
    desk.until(lambda: [one for one in desk.window.findChildren(SeriesConflicts) if one.isVisible()])
    popover = desk.overlay(SeriesConflicts)
    assert any(BENTO in words for words in desk.words(popover))
    desk.key(Qt.Key.Key_Return, CTRL)  # nothing decided yet: nothing is written
    assert popover.isVisible()
    desk.key(Qt.Key.Key_4)  # leave this one as it is
    desk.key(Qt.Key.Key_Return, CTRL)
    desk.said("3 visits changed")
    assert starts(office, ids) == [at(11), at(11, day=DAY + WEEK), at(9, day=third), at(11, day=DAY + WEEK * 3)]


def test_a_series_is_given_up_from_a_visit_on(desk: Hands, office: Office) -> None:
    ids = weekly(office)
    desk.view.select(desk.visit_of(ANA).id)
    desk.key(Qt.Key.Key_Delete)
    assert desk.overlay(CancelPopover)
    desk.write("viaja")
    desk.key(Qt.Key.Key_Return)
    desk.key(Qt.Key.Key_3)
    desk.said("4 visits cancelled")
    assert set(statuses(office, ids)) == {"cancelled"}
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.said("Undone")
    assert set(statuses(office, ids)) == {"pending"}


def test_a_series_of_ten_with_one_conflict_that_an_alternative_solves(desk: Hands, office: Office) -> None:
    helena, bento = office.sample.professionals["helena"], office.sample.patients["bento"]
    third = DAY + WEEK * 2
    office.book_row(
        office.admin(), patient_id=bento, room_id=None, starts_at=at(10, day=third), ends_at=at(10, 30, day=third)
    )
    desk.stroke(helena, at(10), at(10, 30))
    editor = desk.editor
    desk.write("conceição")
    desk.until(lambda: editor.picker.choices.matches)
    desk.key(Qt.Key.Key_Return)
    desk.idle()
    desk.click(editor.together.add_repeat)
    desk.until(lambda: len(editor.together.list.planned) == 10)
    assert editor.together.repeat.sentence.text() == "Every Tuesday at 10:00, 10 times, until 8 May"
    assert editor.together.list.undecided == 1
    editor.together.repeat.on_holiday.setFocus()
    desk.key(Qt.Key.Key_Down)  # Labour Day goes to the next working day
    desk.until(lambda: not any(one.skipped for one in editor.together.list.planned))
    desk.key(Qt.Key.Key_Return, CTRL)  # not before it is decided what becomes of the third
    assert "Decide first" in editor.trouble.accessibleName()
    assert desk.focus is editor.together.list
    desk.key(Qt.Key.Key_1)
    assert editor.submit.text() == "Book 10 visits"
    desk.key(Qt.Key.Key_Return, CTRL)
    desk.said("10 visits booked")
    admin = office.admin()
    found = admin.execute(
        "SELECT starts_at, series_day FROM clinicdesk.appointment WHERE series_id IS NOT NULL ORDER BY series_day"
    ).fetchall()
    assert [row[1] for row in found] == [DAY + WEEK * number for number in range(10)]
    away = [row for row in found if row[0] != at(10, day=row[1])]
    assert [row[1] for row in away] == [third, dt.date(2035, 5, 1)]
    assert desk.panel.appointment.series_id is not None
    desk.until(lambda: "1 of 10 of a series" in desk.words(desk.panel))
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.said("Undone")
    gone = value(
        admin, "SELECT count(*) FROM clinicdesk.appointment WHERE series_id IS NOT NULL AND status = 'pending'"
    )
    assert gone == 0


def test_a_second_service_is_laid_after_the_first_and_both_are_booked(desk: Hands, office: Office) -> None:
    helena = office.sample.professionals["helena"]
    desk.stroke(helena, at(10), at(10, 30))
    editor = desk.editor
    desk.write("bento")
    desk.until(lambda: editor.picker.choices.matches)
    desk.key(Qt.Key.Key_Return)
    desk.idle()
    desk.click(editor.together.add_service)
    row = editor.together.more.rows[0]
    assert desk.focus is row.service
    desk.until(lambda: row.line.place is not None)
    assert "In all" in editor.together.more.total.text()
    desk.key(Qt.Key.Key_Return, CTRL)
    desk.said("2 visits booked")
    admin = office.admin()
    found = admin.execute(
        "SELECT starts_at, visit_id FROM clinicdesk.appointment WHERE visit_id IS NOT NULL ORDER BY starts_at"
    ).fetchall()
    assert len(found) == 2 and found[0][0] == at(10) and found[0][1] == found[1][1]


def test_a_series_goes_on_from_its_list_in_the_panel(desk: Hands, office: Office) -> None:
    weekly(office, 3)
    desk.view.select(desk.visit_of(ANA).id)
    desk.until(lambda: "1 of 3 of a series" in desk.words(desk.panel))
    desk.panel.show_tab("series")
    further = [one for one in desk.panel.findChildren(Button) if one.text() == "Go on with the series"]
    desk.until(
        lambda: any(one.isVisible() for one in desk.panel.findChildren(Button) if one.text() == further[0].text())
    )
    desk.click(further[-1])
    popover = desk.overlay(GoOnPopover)
    assert isinstance(popover, GoOnPopover)
    desk.until(lambda: len(popover.list.planned) == 5)
    popover.list.setFocus()
    while popover.list.undecided:  # a room that another has is decided by the first number
        desk.key(Qt.Key.Key_1)
    desk.key(Qt.Key.Key_Return, CTRL)
    desk.said("visits booked")
    assert value(office.admin(), "SELECT count(*) FROM clinicdesk.appointment WHERE series_id IS NOT NULL") == 8
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.said("Undone")
    assert value(office.admin(), "SELECT count(*) FROM clinicdesk.appointment WHERE series_id IS NOT NULL") == 3


# --- several services in one coming ----------------------------------------------------------------------------------


def two_services(office: Office) -> list[UUID]:
    """Ana with Helena at nine, then with Caio, in the same room."""
    from uuid import uuid4

    admin, visit_id = office.admin(), uuid4()
    caio = office.sample.professionals["caio"]
    first = office.book_row(admin, visit_id=visit_id)
    return [
        first,
        office.book_row(admin, visit_id=visit_id, professional_id=caio, starts_at=at(9, 30), ends_at=at(10)),
    ]


def test_a_visit_of_two_services_is_moved_by_either_card(desk: Hands, office: Office) -> None:
    ids = two_services(office)
    desk.until(lambda: len(desk.visits()) == 2)
    desk.move_card(ids[0], office.sample.professionals["helena"], at(9, 30))
    desk.said("2 visits changed")
    assert starts(office, ids) == [at(9, 30), at(10)]
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.said("Undone")
    assert starts(office, ids) == [at(9), at(9, 30)]


def test_a_conflict_of_the_other_service_refuses_both(desk: Hands, office: Office) -> None:
    ids = two_services(office)
    bento, caio = office.sample.patients["bento"], office.sample.professionals["caio"]
    other = {"patient_id": bento, "professional_id": caio, "room_id": None}
    office.book_row(office.admin(), starts_at=at(14, 30), ends_at=at(15), **other)
    desk.until(lambda: len(desk.visits()) == 3)
    helena = office.sample.professionals["helena"]
    shift = desk.spot(helena, at(14)) - desk.spot(helena, at(9))
    start = desk.grip(ids[0])
    desk.carry(start, start + shift)
    shown = desk.view.callout()
    assert shown is not None and BENTO in shown[0].sentence
    desk.mouse(QEvent.Type.MouseButtonRelease, start)
    desk.idle()
    assert starts(office, ids) == [at(9), at(9, 30)]


def test_alt_moves_one_service_alone(desk: Hands, office: Office) -> None:
    ids = two_services(office)
    desk.until(lambda: len(desk.visits()) == 2)
    helena = office.sample.professionals["helena"]
    shift = desk.spot(helena, at(8)) - desk.spot(helena, at(9))
    start = desk.grip(ids[0])
    end = start + shift
    desk.mouse(QEvent.Type.MouseButtonPress, start)
    viewport = desk.view.viewport()
    for step in range(1, 9):
        point = QPointF(start + (end - start) * step / 8)
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            point,
            QPointF(viewport.mapToGlobal(point.toPoint())),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.AltModifier,
        )
        QApplication.sendEvent(viewport, event)
    desk.mouse(QEvent.Type.MouseButtonRelease, end)
    desk.said("moved to 08:00")
    assert starts(office, ids) == [at(8), at(9, 30)]


def test_the_whole_visit_is_confirmed_from_the_menu_and_cancelled_when_asked(desk: Hands, office: Office) -> None:
    ids = two_services(office)
    desk.until(lambda: len(desk.visits()) == 2)
    desk.view.select(ids[0])
    desk.workspace.agenda.command("confirm_visit")
    for one in ids:
        desk.status(one, Status.CONFIRMED)
    desk.key(Qt.Key.Key_Delete)
    desk.write("febre")
    desk.key(Qt.Key.Key_Return)
    desk.key(Qt.Key.Key_2)
    desk.said("cancelled")
    assert set(statuses(office, ids)) == {"cancelled"}
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.said("Undone")
    assert set(statuses(office, ids)) == {"confirmed"}
