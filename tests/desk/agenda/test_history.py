"""The history of a visit in words: what changed, from what to what, who, how and at which desk."""

import datetime as dt

from clinicdesk.desk.agenda.history import HistoryLine, history_lines
from clinicdesk.desk.clock import DeskClock
from clinicdesk.domain.agenda import Channel, Slot, Status
from clinicdesk.domain.history import Aspect, Difference, EventKind, HistoryEvent
from tests.builders import local

NINE = Slot(local(9), local(9, 30))
TEN = Slot(local(10), local(10, 45))


def line(kind: EventKind, *differences: Difference, **more: object) -> HistoryLine:
    values: dict[str, object] = {"before": NINE, "after": NINE, "differences": differences, "desk": "Front", **more}
    event = HistoryEvent(local(8, 5), kind, "Renata", Channel.DESK, Status.CONFIRMED, **values)  # type: ignore[arg-type]
    return history_lines([event], DeskClock(local(12)))[0]


def test_each_change_says_from_what_to_what() -> None:
    expected = {
        Difference(Aspect.START): "Rescheduled from 09:00 to 10:00",
        Difference(Aspect.LENGTH): "Length changed from 30 min to 45 min",
        Difference(Aspect.PROFESSIONAL, "Dra. Helena", "Dr. Caio"): "Passed from Dra. Helena to Dr. Caio",
        Difference(Aspect.ROOM, "Sala 2", "Sala 4"): "Room changed from Sala 2 to Sala 4",
        Difference(Aspect.ROOM, "", "Sala 4"): "Room: Sala 4",
        Difference(Aspect.ROOM, "Sala 2", ""): "No room any more (it was Sala 2)",
        Difference(Aspect.EQUIPMENT, "Laser", ""): "No equipment any more (it was Laser)",
        Difference(Aspect.SERVICE, "Botox", "Retorno"): "Service changed from Botox to Retorno",
        Difference(Aspect.NOTE, "", "traz exames"): "Note: traz exames",
        Difference(Aspect.NOTE, "x", ""): "Note removed: x",
        Difference(Aspect.PATIENT, "Ana", "Bento"): "Patient changed from Ana to Bento",
        Difference(Aspect.GUARDIAN, "", "Vera"): "Guardian: Vera",
        Difference(Aspect.OVERBOOKING, "", "dor"): "Put in as an overbooking: dor",
        Difference(Aspect.OVERBOOKING, "dor", ""): "No longer an overbooking",
    }
    for difference, words in expected.items():
        assert line(EventKind.MOVED, difference, after=TEN).words == words


def test_several_changes_are_several_lines_and_none_is_an_edit() -> None:
    assert line(EventKind.STATUS, Difference(Aspect.ROOM, "", "Sala 4")).words == "Confirmed\nRoom: Sala 4"
    assert line(EventKind.EDITED).words == "Edited"


def test_who_when_how_and_where() -> None:
    assert line(EventKind.EDITED).detail == "today, 08:05 · Renata · Front"
    event = HistoryEvent(local(8, 5), EventKind.STATUS, "", Channel.WHATSAPP, Status.CANCELLED, reason="viagem")
    (told,) = history_lines([event], DeskClock(local(12)))
    assert (told.words, told.detail) == ("Cancelled", "today, 08:05 · by WhatsApp · viagem")


def test_what_was_taken_back_is_one_quiet_line() -> None:
    undone = local(8, 6) + dt.timedelta(seconds=3)
    told = line(EventKind.MOVED, Difference(Aspect.START), after=TEN, taken_back_at=undone)
    assert (told.words, told.quiet, told.icon) == ("Taken back: rescheduled from 09:00 to 10:00", True, "undo-2")
