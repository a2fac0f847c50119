"""What messages cost, known before they are sent."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.domain.message_cost import Costing, cost_of, parts_of
from clinicdesk.domain.messages import ChannelKind, Provider

PRICE = Decimal("0.0380")


def costing(provider: Provider, kind: ChannelKind = ChannelKind.WHATSAPP, **more: object) -> Costing:
    return Costing(kind, provider, PRICE, **more)  # type: ignore[arg-type]


def test_in_the_window_meta_takes_nothing() -> None:
    assert cost_of(costing(Provider.META)) == PRICE
    assert cost_of(costing(Provider.META, in_window=True)) == 0
    assert cost_of(costing(Provider.TWILIO, in_window=True)) == PRICE


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("é" * 160, 1),
        ("ã" * 70, 1),
        ("ã" * 71, 2),
        ("a" * 70 + "ã", 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("a" * 152 + "€" + "a" * 153, 3),
    ],
)
def test_a_text_message_is_paid_for_each_part(body: str, parts: int) -> None:
    assert parts_of(body) == parts
    assert cost_of(costing(Provider.TWILIO, ChannelKind.SMS, body=body)) == PRICE * parts


@given(st.text(max_size=1600))
def test_more_words_never_cost_less(body: str) -> None:
    assert 1 <= parts_of(body) <= parts_of(body + "a") <= parts_of(body) + 1 + len(body) // 67
