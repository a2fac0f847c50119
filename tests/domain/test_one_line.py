"""Lines as receptionists type them, read as bookings."""

import datetime as dt
import itertools
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from clinicdesk.domain.one_line import Days, Hours, Kind, Reading, Vocabulary, read, render
from clinicdesk.domain.one_line.phrases import near
from tests.domain.one_line_clinic import CATALOGUE, TODAY

VOCABULARY = Vocabulary(CATALOGUE)
CORPUS = [
    line.split("\t")
    for line in (Path(__file__).parent / "one_line_corpus.tsv").read_text(encoding="utf-8").splitlines()
]


def first(line: str, today: dt.date = TODAY) -> Reading:
    return read(line, VOCABULARY, today)[0]


def told(reading: Reading) -> str:
    """A reading in the words of the corpus."""
    hours = reading.hours
    said = {
        "who": reading.patient,
        "phone": reading.phone,
        "what": _names(reading.service_ids),
        "day": _days(reading.days),
        "at": f"{hours.start:%H:%M}"
        if hours.start
        else ("" if hours == Hours() else f"{hours.earliest:%H:%M}-{hours.latest:%H:%M}"),
        "for": str(reading.minutes or ""),
        "with": _names(reading.professional_ids),
        "room": _names(reading.room_ids),
        "machine": _names(reading.equipment_ids),
        "over": "yes" if reading.overbooking else "",
        "return": "yes" if reading.follow_up else "",
        "move": "yes" if reading.moving else "",
        "note": reading.note,
        "unread": " ".join(one.text for one in reading.tokens if one.kind is Kind.UNREAD),
        "unknown": " ".join(one.text for one in reading.unknown),
    }
    return "; ".join(f"{name}={value}" for name, value in said.items() if value)


def _names(ids: tuple[UUID, ...]) -> str:
    return "|".join(map(VOCABULARY.name, ids))


def _days(days: Days | None) -> str:
    if days is None:
        return ""
    stretch = str(days.first) if days.is_one else f"{days.first}..{days.last}"
    return f"{stretch} or {_days(days.or_else)}" if days.or_else else stretch


def test_the_corpus_is_as_long_as_promised() -> None:
    assert len(CORPUS) >= 200
    assert len({line for line, _told in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize(("line", "expected"), CORPUS, ids=[line for line, _told in CORPUS])
def test_a_line_is_read_as_it_was_meant(line: str, expected: str) -> None:
    assert told(first(line)) == expected


@pytest.mark.parametrize(("line", "_expected"), CORPUS, ids=[line for line, _told in CORPUS])
def test_a_reading_written_out_is_read_the_same(line: str, _expected: str) -> None:
    reading = first(line)
    assert first(render(reading, VOCABULARY)) == _single_meaning(reading)


def _single_meaning(reading: Reading) -> Reading:
    """Without the other day that the words might have meant: a date written out means one."""
    days = reading.days
    return replace(reading, days=Days(days.first, days.last) if days else None)


# --- any text ---

_WORDS = sorted({word for line, _told in CORPUS for word in line.split()})
_LINES = st.lists(st.sampled_from(_WORDS) | st.text(max_size=8), max_size=14).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | _LINES)
@example("//")
@example('"')
@example("\0 qui 15h \ud800")
@example("as " * 39)
def test_no_text_is_too_strange(line: str) -> None:
    readings = read(line, VOCABULARY, TODAY)
    assert readings
    for reading in readings:
        places = [(one.start, one.end) for one in reading.tokens]
        assert all(0 <= start < end <= len(line) for start, end in places)
        assert places == sorted(places)
        assert all(end <= start for (_start, end), (start, _end) in itertools.pairwise(places))


@settings(max_examples=300, deadline=None)
@given(_LINES)
@example("98765-4321 helena")
@example("cons aval paula")
def test_whatever_was_read_is_read_the_same_when_written_out(line: str) -> None:
    reading = first(line)
    again = first(render(reading, VOCABULARY))
    assert again == _single_meaning(reading), (line, render(reading, VOCABULARY))


@settings(max_examples=200, deadline=None)
@given(st.dates(dt.date(2020, 1, 1), dt.date(2100, 12, 31)), st.sampled_from(CORPUS))
def test_a_line_means_something_on_every_day(today: dt.date, known: list[str]) -> None:
    reading = first(known[0], today)
    if reading.days and "25" not in known[0] and "ontem" not in known[0] and "2026" not in known[0]:
        assert reading.days.last >= today or "/26" in known[0]


# --- what may be meant otherwise ---


def test_a_name_that_is_a_professional_too_is_offered_both_ways() -> None:
    readings = read("ana carla botox qui 15h", VOCABULARY, TODAY)
    assert {(one.patient, _names(one.professional_ids)) for one in readings} >= {
        ("ana carla", ""),
        ("ana", "Dra. Carla Mendes"),
    }


def test_what_lacks_and_what_may_be_several_is_said() -> None:
    assert first("ana").missing == (Kind.SERVICE, Kind.DAY, Kind.TIME)
    assert first("botox qui 15h").missing == (Kind.PERSON,)
    assert first("ana consulta sex 9h").open_choices == (Kind.SERVICE,)
    assert first("ana consulta dr caio sex 9h").open_choices == ()


def test_a_name_alone_is_no_booking_and_a_name_with_a_time_is() -> None:
    assert not first("ana paula").is_booking
    assert not first("ana carla").is_booking
    assert first("ana com carla").is_booking
    assert first("ana 15h").is_booking
    assert not first("botox qui 15h").is_booking


def test_the_pieces_stand_where_they_were_typed() -> None:
    line = "ana botox qui 15h carla sala 2 // traz exames"
    pieces = {one.kind: line[one.start : one.end] for one in first(line).tokens}
    assert pieces == {
        Kind.PERSON: "ana",
        Kind.SERVICE: "botox",
        Kind.DAY: "qui",
        Kind.TIME: "15h",
        Kind.PROFESSIONAL: "carla",
        Kind.ROOM: "sala 2",
        Kind.NOTE: "// traz exames",
    }


def test_a_line_of_a_thousand_words_is_answered() -> None:
    reading = first("ana botox qui 15h " + "palavra " * 1000)
    assert _names(reading.service_ids) == "Toxina botulínica"
    assert reading.token(Kind.UNREAD) is not None


@pytest.mark.parametrize(
    ("typed", "meant", "slip"),
    [
        ("qinta", "quinta", True),
        ("quitna", "quinta", True),
        ("quintaa", "quinta", True),
        ("qiunta", "quinta", True),
        ("quanta", "quinta", True),
        ("quinta", "quinta", False),
        ("sexta", "quinta", False),
        ("qnita", "quinta", False),
    ],
)
def test_one_slip_of_the_hand_is_forgiven(typed: str, meant: str, slip: bool) -> None:
    assert near(typed, meant) is slip
