"""Lines of patients: what matched, how old, when; masks that fill in and dates as they are typed."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.desk.widgets.masks import digits_of, mask_cpf_typed, mask_date, mask_phone, read_date
from clinicdesk.desk.widgets.patient_words import age_words, breakable, line, matched, matched_digits
from clinicdesk.domain.patients import search_words, show_phone
from clinicdesk.errors import InvalidField
from clinicdesk.words import use_language
from tests.builders import ZONE, local
from tests.desk.patients.conftest import NOW, match

TODAY = dt.date(2026, 11, 24)


def bold(typed: str, name: str) -> list[str]:
    return [name[first:end] for first, end in matched(search_words(typed)[0], name)]


@pytest.mark.parametrize(
    ("typed", "name", "expected"),
    [
        ("ana pau", "Ana Paula Nogueira", ["Ana", "Pau"]),
        ("ana", "Juliana Anacleto", ["Ana"]),
        ("ana", "Mariana", ["ana"]),
        ("conceicao", "Maria da Conceição", ["Conceição"]),
        ("CONCEIÇÃO", "conceicao", ["conceicao"]),
        ("avila", "João D'Ávila", ["Ávila"]),
        ("jo", "Mojo", []),
        ("oao", "Joa\u0303o", ["oa\u0303o"]),
        ("img", "<img src=x>", ["img"]),
        ("", "Ana", []),
    ],
)
def test_the_letters_that_matched(typed: str, name: str, expected: list[str]) -> None:
    assert bold(typed, name) == expected


def test_the_digits_that_matched_go_over_punctuation() -> None:
    shown = show_phone("+5511900000321")
    assert [shown[a:b] for a, b in matched_digits(["900000321"], shown)] == ["90000-0321"]
    assert [shown[a:b] for a, b in matched_digits(["119000"], shown)] == ["11) 9000"]
    assert matched_digits(["11", "ana"], shown) == []


@given(st.text(max_size=40), st.text(max_size=40))
def test_spans_lie_inside_whatever_the_name(typed: str, name: str) -> None:
    for first, end in matched(search_words(typed)[0], name):
        assert 0 <= first < end <= len(name)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, "hoje"), (1, "ontem"), (12, "há 12 dias"), (95, "há 3 meses"), (335, "há 11 meses"), (800, "há 2 anos")],
)
def test_when_somebody_was_last_here(days: int, expected: str) -> None:
    use_language("pt_BR")
    try:
        assert line(match("Ana", last_visit=NOW - dt.timedelta(days=days)), NOW, ZONE).when == expected
    finally:
        use_language("en")


def test_the_next_visit_comes_first_and_the_reader_hears_it_all() -> None:
    use_language("pt_BR")
    try:
        soon = match("Rui", next_visit=local(17, 15), last_visit=NOW, vip=True, birth_date=dt.date(2019, 3, 1))
        told = line(soon, NOW, ZONE)
        assert (told.when, told.tone) == ("hoje, 17:15", "okText")
        assert told.spoken == "Rui, (11) 90000-0142 · 7 anos, VIP, Menor, hoje, 17:15"
        assert line(match("Rui"), NOW, ZONE).when == "nunca veio"
        assert "14/03" not in line(soon, NOW, ZONE, with_birth=True).second
        assert "01/03/2019" in line(soon, NOW, ZONE, with_birth=True).second
        assert age_words(dt.date(2026, 4, 30), TODAY) == "6 meses"
    finally:
        use_language("en")


def test_a_name_of_one_endless_word_can_be_broken() -> None:
    assert "\u200b" in breakable("A" * 200)
    assert breakable("Ana Paula") == "Ana Paula"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("11", "11"),
        ("119", "(11) 9"),
        ("11900000142", "(11) 90000-0142"),
        ("1133334444", "(11) 3333-4444"),
        ("+351 912 345 678", "+351 912 345 678"),
        ("(11) 90000-01422", "(11) 90000-01422"),
        ("ligar depois", "ligar depois"),
    ],
)
def test_phones_fill_in(typed: str, shown: str) -> None:
    assert mask_phone(typed) == shown


@pytest.mark.parametrize(
    ("typed", "shown"), [("5299", "529.9"), ("52998224725", "529.982.247-25"), ("529982247250", "529982247250")]
)
def test_cpfs_fill_in(typed: str, shown: str) -> None:
    assert mask_cpf_typed(typed) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("0902", "09/02"), ("9/", "09/"), ("09/2/", "09/02/"), ("09021988", "09/02/1988"), ("amanhã", "amanhã")],
)
def test_dates_fill_in(typed: str, shown: str) -> None:
    assert mask_date(typed) == shown


@given(st.text(alphabet="0123456789 ()-./+", max_size=20))
def test_a_mask_neither_loses_nor_invents_a_digit(typed: str) -> None:
    for mask in (mask_phone, mask_cpf_typed):
        assert digits_of(mask(typed)) == digits_of(typed)
        assert mask(mask(typed)) == mask(typed)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("09/02/1988", dt.date(1988, 2, 9)),
        ("9/2/88", dt.date(1988, 2, 9)),
        ("1.3.19", dt.date(2019, 3, 1)),
        ("29/02/2024", dt.date(2024, 2, 29)),
        ("", None),
    ],
)
def test_a_date_is_read_day_first(typed: str, expected: dt.date | None) -> None:
    assert read_date(typed, TODAY) == expected


@pytest.mark.parametrize("typed", ["29/02/2023", "31/04/2000", "9/2", "ontem", "1/2/198"])
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(InvalidField) as refused:
        read_date(typed, TODAY)
    assert refused.value.reason == "not_a_date"
