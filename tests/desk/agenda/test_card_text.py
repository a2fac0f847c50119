"""What a card says in the room it has, and in which order it gives things up."""

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.desk.agenda.card_text import (
    CHIP_PADDING,
    FLAG_GAP,
    ICON,
    ICON_GAP,
    WORD_GAP,
    CardText,
    Room,
    card_text,
    service_forms,
)
from clinicdesk.domain.agenda import Appointment, Status
from tests.builders import ZONE, appointment, local

NOW = local(10, 18)


def measure(_role: str, text: str) -> float:
    return 6.0 * len(text)


def text(width: float, lines: int, **changes: object) -> CardText:
    return card_text(appointment(**changes), Room(width, lines), measure, ZONE, NOW)


def waiting(minutes: int, **changes: object) -> dict[str, object]:
    return {"status": Status.CHECKED_IN, "status_at": NOW - dt.timedelta(minutes=minutes), **changes}


def test_with_room_for_all_everything_is_said() -> None:
    found = text(300, 3, alert="x", first_visit=True)
    assert found == CardText(
        "Dulce Fontoura", ("shield-alert", "sparkles"), second="Consulta ortopédica", third="10:45–11:30 · Sala 4"
    )


def test_lines_are_given_up_from_the_room_on() -> None:
    assert text(115, 3).third == "10:45–11:30"
    assert text(60, 3).third == "10:45"
    assert text(300, 2).time == "10:45" and text(300, 2).second == "Consulta ortopédica"
    assert (text(120, 2).time, text(120, 2).second) == ("", "Consulta ortopédica")
    assert text(90, 2).second == "Consulta"
    assert text(300, 1).beside == "Consulta ortopédica"
    assert text(200, 1).beside == ""


@pytest.mark.parametrize(
    ("width", "name"),
    [
        (300, "Maria do Socorro Lima"),
        (130, "Maria S. Lima"),
        (90, "Maria Lima"),
        (72, "Maria L."),
        (40, "ML"),
        (20, ""),
    ],
)
def test_names_shorten_by_rule(width: float, name: str) -> None:
    assert text(width, 3, patient_name="Maria do Socorro Lima").name == name


def test_flags_beyond_two_go_before_the_name_shortens() -> None:
    three = {"alert": "x", "first_visit": True, "overbooking_reason": "dor"}
    assert len(text(300, 3, **three).flags) == 3
    fewer = text(150, 3, **three)
    assert fewer.name == "Dulce Fontoura" and fewer.flags == ("shield-alert", "zap")
    assert text(40, 3, **three).flags == ("shield-alert",)


def test_minutes_waited_move_to_the_second_line_and_warn_from_twenty() -> None:
    wide = text(300, 2, **waiting(12))
    assert (wide.chip, wide.bold, wide.waits_long) == ("12 min", "", False)
    narrow = text(125, 2, **waiting(20))
    assert (narrow.name, narrow.chip, narrow.bold, narrow.waits_long) == ("Dulce Fontoura", "", "20 min", True)
    assert text(300, 3, **waiting(65)).chip == "1 h 05"


def test_services_lose_whole_words() -> None:
    assert list(service_forms("Avaliação de pinta")) == ["Avaliação de pinta", "Avaliação"]
    assert list(service_forms("Laser · sessão 3/6")) == ["Laser · sessão 3/6", "Laser · sessão", "Laser"]
    assert list(service_forms("")) == []


names = st.lists(st.text(st.characters(categories=("Lu", "Ll")), min_size=1, max_size=40), min_size=1, max_size=8).map(
    " ".join
)


@given(
    names,
    names,
    st.floats(0, 400),
    st.integers(1, 3),
    st.sampled_from(Status),
    st.booleans(),
    st.booleans(),
)
def test_nothing_is_ever_wider_than_the_card_or_cut(
    name: str, service: str, width: float, lines: int, status: Status, alert: bool, first: bool
) -> None:
    value: Appointment = appointment(
        patient_name=name[:200],
        service_name=service,
        status=status,
        status_at=local(9),
        alert="x" if alert else "",
        first_visit=first,
    )
    found = card_text(value, Room(width, lines), measure, ZONE, NOW)
    used = ICON + ICON_GAP + measure("", found.name) + len(found.flags) * (ICON + FLAG_GAP)
    used += measure("", found.chip) + 2 * CHIP_PADDING + FLAG_GAP if found.chip else 0
    if found.name:
        assert used <= width
    second = WORD_GAP.join(part for part in (found.bold, found.time, found.second) if part)
    if found.second:
        assert measure("", second) <= width
    assert measure("", found.third) <= width
    assert not any("…" in str(part) for part in dataclasses.astuple(found))
    assert set(found.second.split()) <= set(service.split())
