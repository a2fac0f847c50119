"""The waiting list at the desk, by real events: put on it, offered a time, booked there, and taken back."""

import datetime as dt
from uuid import uuid4

from PySide6.QtCore import Qt

from clinicdesk.desk.agenda.waiting.form import WaitingForm
from clinicdesk.desk.agenda.waiting.listing import WaitingListing
from clinicdesk.desk.agenda.waiting.offered import OfferPanel
from clinicdesk.desk.agenda.waiting.place import PlacePanel
from clinicdesk.desk.agenda.waiting.row import WaitingRow
from clinicdesk.domain.agenda import CancelledBy, Status
from clinicdesk.domain.waiting import Urgency
from clinicdesk.usecases import waiting
from clinicdesk.usecases.offers import accept_within
from tests.journeys.hands import CTRL, Hands
from tests.office import Office, at, put, value
from tests.usecases.test_offers import Scene
from tests.usecases.test_waiting import adding, from_list

ANA, BENTO = "Ana Conceição Álvares", "Bento d'Ávila"
STATE = "SELECT state FROM clinicdesk.waiting_entry"


def rows(desk: Hands) -> list[WaitingRow]:
    """Who is named in the side panel."""
    return [row for row in desk.workspace.agenda.idle.waiting.rows if row.isVisible()]


def click_empty(desk: Hands, office: Office, hour: int) -> PlacePanel:
    """Click an empty place of Helena's; what the side panel says of it."""
    point = desk.spot(office.sample.professionals["helena"], at(hour))
    desk.qtbot.mouseClick(desk.view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    panel = desk.workspace.agenda.panel
    desk.until(lambda: isinstance(panel.content, PlacePanel))
    assert isinstance(panel.content, PlacePanel)
    return panel.content


def test_somebody_is_put_on_the_list_from_the_panel_and_taken_back(desk: Hands, office: Office) -> None:
    desk.click(desk.workspace.agenda.idle.waiting.add)
    form = desk.overlay(WaitingForm)
    assert isinstance(form, WaitingForm)
    desk.write("bento")
    desk.until(lambda: form.picker.choices.matches)
    desk.key(Qt.Key.Key_Return)
    desk.click(form.days[2])
    desk.key(Qt.Key.Key_Return, CTRL)
    desk.until(lambda: rows(desk))
    (row,) = rows(desk)
    assert row.entry.patient_name == BENTO
    assert row.entry.wish.weekdays == (2,)
    desk.said("is on the waiting list")
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.until(lambda: not rows(desk))
    assert value(office.admin(), STATE) == "given_up"


def test_who_fits_a_place_that_is_clicked_is_booked_there_by_one_key(desk: Hands, office: Office) -> None:
    renata = office.desk("renata")
    waiting.add(renata, adding(office))
    waiting.add(renata, adding(office, "ana", urgency=Urgency.URGENT))
    waiting.add(renata, adding(office, "nina", to_time=dt.time(9)))
    desk.until(lambda: len(rows(desk)) == 3)
    panel = click_empty(desk, office, 14)
    assert [row.entry.patient_name for row in panel.rows] == [ANA, BENTO]
    assert desk.focus is panel
    desk.key(Qt.Key.Key_2)
    visit = desk.visit_of(BENTO)
    assert (visit.starts_at, visit.professional_id) == (at(14), office.sample.professionals["helena"])
    desk.said("booked from the list")
    desk.until(
        lambda: {row.entry.patient_name for row in rows(desk)} == {ANA, "Nina Conceição"} or len(rows(desk)) == 2
    )
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.status(visit.id, Status.CANCELLED)
    desk.until(lambda: len(rows(desk)) == 3)


def test_an_offer_shows_its_times_and_a_click_books_one(desk: Hands, office: Office) -> None:
    helena = office.sample.professionals["helena"]
    entry = waiting.add(
        office.desk("renata"), adding(office, professional_id=helena, from_time=dt.time(14), to_time=dt.time(15))
    )
    desk.until(lambda: rows(desk) and not rows(desk)[0].button.isHidden())
    desk.click(rows(desk)[0].button)
    desk.until(lambda: desk.view.scene.free)
    assert [one.starts_at for one in desk.view.scene.free] == [at(14), at(14, 30)]
    point = desk.spot(helena, at(14, 30))
    desk.qtbot.mouseClick(desk.view.viewport(), Qt.MouseButton.LeftButton, pos=point + point.__class__(0, 6))
    visit = desk.visit_of(BENTO)
    assert visit.starts_at == at(14, 30)
    assert waiting.entry(office.desk("renata"), entry.id).appointment_id == visit.id
    assert not desk.view.scene.free


def test_a_freed_time_is_offered_to_those_who_wait(desk: Hands, office: Office) -> None:
    waiting.add(office.desk("renata"), adding(office))
    key = office.book_row(office.admin(), starts_at=at(15), ends_at=at(15, 30))
    visit = desk.visit_of(ANA)
    assert visit.id == key
    desk.until(lambda: rows(desk))
    desk.workspace.agenda.deeds.step(visit, Status.CANCELLED, reason="viagem", cancelled_by=CancelledBy.PATIENT)
    wired = desk.workspace.agenda.waiting_list
    desk.until(lambda: wired._offer is not None and wired._offer.toast is not None)
    assert wired._offer is not None and wired._offer.toast is not None
    assert wired._offer.toast.accessibleName() == "1 of the waiting list fits at 15:00"
    desk.click(wired._offer.toast.button)
    panel = desk.workspace.agenda.panel
    desk.until(lambda: isinstance(panel.content, PlacePanel))
    assert isinstance(panel.content, PlacePanel)
    desk.click(panel.content.rows[0].button)
    assert desk.visit_of(BENTO).starts_at == at(15)


def test_two_desks_want_one_person_and_one_is_told_by_whom(desk: Hands, office: Office) -> None:
    claudia = office.desk("claudia", desk="mesa 2")
    entry = waiting.add(claudia, adding(office))
    desk.until(lambda: rows(desk))
    panel = click_empty(desk, office, 14)
    desk.workspace.feed.close()  # the news of the other desk is still on its way
    waiting.book(claudia, from_list(office, entry))
    desk.click(panel.rows[0].button)
    desk.said("Cláudia Meireles has booked Bento")
    desk.until(lambda: not rows(desk))


def test_when_nothing_does_the_patient_goes_on_the_list_from_the_booking(desk: Hands, office: Office) -> None:
    desk.key(Qt.Key.Key_N)
    desk.write("bento")
    desk.until(lambda: desk.editor.picker.choices.matches)
    desk.key(Qt.Key.Key_Return)
    desk.idle()
    slots = desk.editor.slots
    desk.click(slots.narrow)
    desk.click(slots.filters.days[4])
    desk.idle()
    desk.click(slots.waiting)
    form = desk.overlay(WaitingForm)
    assert isinstance(form, WaitingForm)
    assert form.picker.patient is not None and form.picker.patient.name == BENTO
    desk.click(form.submit)
    desk.until(lambda: rows(desk))
    assert rows(desk)[0].entry.wish.weekdays == (4,)


def test_whoever_was_booked_can_wait_again_from_the_whole_list(desk: Hands, office: Office) -> None:
    renata = office.desk("renata")
    waiting.book(renata, from_list(office, waiting.add(renata, adding(office))))
    desk.until(lambda: desk.workspace.agenda.waiting_list.list.booked == 1)
    desk.click(desk.workspace.agenda.idle.waiting.all)
    listing = desk.overlay(WaitingListing)
    assert isinstance(listing, WaitingListing)
    listing.kinds.chosen.emit("booked")
    desk.until(lambda: listing.rows)
    desk.click(listing.rows[0].button)
    desk.until(lambda: rows(desk))
    assert value(office.admin(), STATE) == "open"


def test_a_patient_is_put_on_the_list_from_their_page(desk: Hands, office: Office) -> None:
    patients_page = desk.workspace.patients
    desk.workspace.show_place("patients")
    patients_page.show_patient(office.sample.patients["bento"])
    desk.until(lambda: patients_page.profile.profile is not None)
    patients_page.upkeep.waiting_wanted.emit()
    form = desk.overlay(WaitingForm)
    assert isinstance(form, WaitingForm)
    assert form.picker.patient is not None and form.picker.patient.name == BENTO
    desk.click(form.submit)
    desk.until(lambda: rows(desk))


def test_a_time_is_offered_by_message_from_the_place_and_the_answer_noted(desk: Hands, office: Office) -> None:
    admin = office.admin()
    own = {"clinic_id": office.sample.clinics["ipe"]}
    put(
        admin,
        "message_channel",
        id=uuid4(),
        kind="whatsapp",
        provider="meta",
        name="WhatsApp",
        receives="webhook",
        **own,
    )
    put(
        admin,
        "messaging_policy",
        on_sundays=True,
        quiet_from="00:00",
        quiet_to="00:00",
        public_address="https://x.br",
        **own,
    )
    bento = office.sample.patients["bento"]
    put(admin, "consent", id=uuid4(), patient_id=bento, purpose="care", channel="whatsapp", words="Sim.")
    waiting.add(office.desk("renata"), adding(office))
    desk.until(lambda: rows(desk))
    click_empty(desk, office, 15)
    desk.key(Qt.Key.Key_M)
    desk.until(lambda: desk.workspace.agenda.waiting_list.offers)
    desk.said("is offered to")
    desk.until(lambda: rows(desk) and rows(desk)[0].button.text() == "Withdraw")
    assert value(admin, "SELECT kind FROM clinicdesk.outgoing_message") == "offer"
    assert value(admin, "SELECT count(*) FROM clinicdesk.slot_hold") == 1
    desk.key(Qt.Key.Key_Z, CTRL)
    desk.until(lambda: not desk.workspace.agenda.waiting_list.offers)
    click_empty(desk, office, 15)
    desk.key(Qt.Key.Key_M)
    desk.until(lambda: rows(desk) and rows(desk)[0].button.text() == "Withdraw")
    rows(desk)[0].opened.emit()
    panel = desk.workspace.agenda.panel
    desk.until(lambda: isinstance(panel.content, OfferPanel))
    desk.key(Qt.Key.Key_1)
    desk.until(lambda: not rows(desk))
    desk.said("accepted")
    assert value(admin, STATE) == "booked"


def test_other_desks_hear_what_became_of_an_offer(desk: Hands, office: Office) -> None:
    scene = Scene(office)
    held = scene.offer(scene.ana, 15)
    desk.until(lambda: desk.workspace.agenda.waiting_list.offers)
    with scene.robot.transaction() as tx:
        accept_within(tx, scene.robot, held.id)
    desk.said("accepted")
    desk.until(lambda: len(rows(desk)) == 1)
