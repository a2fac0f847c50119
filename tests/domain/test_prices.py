"""What a service costs on a day: the cheapest promotion of that day, and never more than its own price."""

import datetime as dt
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.domain.clinics import Promotion, Service
from clinicdesk.domain.preferences import clean_promotion, overlapping
from clinicdesk.errors import InvalidField
from tests.builders import local

DAY = dt.date(2026, 11, 24)
days = st.integers(-40, 40).map(lambda by: DAY + dt.timedelta(days=by))
prices = st.decimals(0, 2000, places=2)


@st.composite
def promotions(draw: st.DrawFn) -> Promotion:
    first, last = sorted((draw(days), draw(days)))
    if draw(st.booleans()):
        return Promotion("Semana", first, last, draw(prices))
    return Promotion("Semana", first, last, None, draw(st.integers(1, 100)))


@given(prices, st.lists(promotions(), max_size=4), days)
def test_the_cheapest_of_the_day_holds(price: Decimal, offers: list[Promotion], day: dt.date) -> None:
    service = Service(uuid4(), "Peeling", price=price, promotions=tuple(offers))
    found = service.price_on(day)
    standing = [one.of(price) for one in offers if one.first_day <= day <= one.last_day]
    assert found == min([price, *standing]) and 0 <= found <= price


def test_a_promotion_goes_by_the_day_on_the_clinics_wall() -> None:
    offer = Promotion("Dia", DAY, DAY, Decimal("100.00"))
    service = Service(uuid4(), "Peeling", price=Decimal("250.00"), promotions=(offer,))
    assert service.price_at(local(23, 30)) == Decimal("100.00")  # already the next day in UTC
    assert service.price_at(local(23, 30, DAY - dt.timedelta(days=1))) == Decimal("250.00")


@given(st.lists(promotions(), max_size=5))
def test_two_overlap_when_a_day_has_both(offers: list[Promotion]) -> None:
    every = [DAY + dt.timedelta(days=by) for by in range(-40, 41)]
    shared = any(sum(one.holds_on(day) for one in offers) > 1 for day in every)
    assert bool(overlapping(tuple(offers))) == shared


@pytest.mark.parametrize(
    ("offer", "field"),
    [
        (Promotion("", DAY, DAY, Decimal(1)), "promotions"),
        (Promotion("A", DAY, DAY - dt.timedelta(days=1), Decimal(1)), "last_day"),
        (Promotion("A", DAY, DAY), "percent_off"),
        (Promotion("A", DAY, DAY, Decimal(1), 5), "percent_off"),
        (Promotion("A", DAY, DAY, None, 101), "percent_off"),
        (Promotion("A", DAY, DAY, Decimal(-1)), "price"),
    ],
)
def test_a_promotion_that_cannot_be_is_refused(offer: Promotion, field: str) -> None:
    with pytest.raises(InvalidField) as caught:
        clean_promotion(offer)
    assert caught.value.field == field
