"""Dates, times and money are written the way the language in use writes them."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest

from clinicdesk import formats, words
from tests.builders import ZONE, local

TUESDAY = dt.date(2026, 11, 24)


@pytest.fixture(autouse=True)
def portuguese() -> Iterator[None]:
    before = words.language()
    words.use_language("pt_BR")
    yield
    words.use_language(before)


def test_dates() -> None:
    assert formats.short_date(TUESDAY) == "ter, 24 nov"
    assert formats.short_weekday(TUESDAY) == "ter"
    assert formats.weekday(TUESDAY) == "terça-feira"
    assert formats.long_date(TUESDAY) == "terça-feira, 24 de novembro de 2026"
    assert formats.day_and_month(TUESDAY) == "24 de novembro"
    assert formats.month_and_year(TUESDAY) == "novembro de 2026"
    assert formats.numeric_date(TUESDAY) == "24/11/2026"


def test_times_are_those_of_the_zone() -> None:
    assert formats.time_range(local(10, 45), local(11, 30), ZONE) == "10:45–11:30"
    assert formats.date_and_time(local(23, 30), ZONE) == "24/11/2026 23:30"
    assert formats.day_and_time(local(10, 45), ZONE) == "ter, 24 nov, 10:45"


def test_money_has_its_currency_and_a_real_minus() -> None:
    assert formats.money(Decimal("1150")) == "R$\u00a01.150,00"
    assert formats.money(Decimal("-20.5")) == "−R$\u00a020,50"
    assert formats.number(3000) == "3.000"
    assert formats.number(-5) == "−5"


def test_other_languages() -> None:
    words.use_language("en")
    assert formats.short_date(TUESDAY) == "Tue, 24 Nov"
    assert formats.money(Decimal("1150")) == "R$\u00a01,150.00"
    words.use_language("es")
    assert formats.short_date(TUESDAY) == "mar, 24 nov"
