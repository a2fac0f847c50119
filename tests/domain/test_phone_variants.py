"""One line written in several ways is one line, two lines are two, and no way of writing is made up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.domain.messages import ChannelKind
from clinicdesk.domain.patients import clean_phone
from clinicdesk.domain.phone_variants import (
    Line,
    canonical,
    digits_of,
    line_of,
    variants,
    why_not_by_phone,
)

AREAS = st.integers(11, 99).filter(lambda area: area % 10).map(str)
OLD_MOBILES = st.tuples(AREAS, st.from_regex(r"[6-9][0-9]{7}", fullmatch=True))
LANDLINES = st.tuples(AREAS, st.from_regex(r"[2-5][0-9]{7}", fullmatch=True)).map("".join)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("553187654321", "+5531987654321"),
        ("5531987654321", "+5531987654321"),
        ("whatsapp:+553187654321", "+5531987654321"),
        ("5511987654321@c.us", "+5511987654321"),
        ("+55 (31) 8765-4321", "+5531987654321"),
        ("+551132345678", "+551132345678"),
        ("14155552671", "+14155552671"),
        ("+558007770001", "+558007770001"),
        ("", ""),
        ("123", ""),
        ("BR.1349", ""),
        ("1" * 16, ""),
    ],
)
def test_a_number_is_kept_in_one_way(written: str, kept: str) -> None:
    assert canonical(written) == kept


@given(OLD_MOBILES)
def test_a_mobile_has_two_ways_and_both_lead_back(mobile: tuple[str, str]) -> None:
    area, old = mobile
    without, with_ninth = f"+55{area}{old}", f"+55{area}9{old}"
    assert variants(without) == variants(with_ninth) == {without, with_ninth}
    assert canonical(without) == canonical(with_ninth) == with_ninth
    assert canonical(without[1:]) == with_ninth and line_of(without) is line_of(with_ninth) is Line.MOBILE


@given(LANDLINES)
def test_a_landline_never_gets_a_ninth_digit(landline: str) -> None:
    number = f"+55{landline}"
    assert canonical(number) == number and variants(number) == {number}
    assert line_of(number) is Line.LANDLINE
    assert variants(number).isdisjoint(variants(f"+55{landline[:2]}9{landline[2:]}"))


@given(AREAS, st.from_regex(r"[0-5][0-9]{7}", fullmatch=True))
def test_a_mobile_of_after_2016_has_one_way(area: str, rest: str) -> None:
    """What is left without the ninth digit would be somebody's landline."""
    number = f"+55{area}9{rest}"
    assert variants(number) == {number} and line_of(number) is Line.MOBILE


@given(st.text(max_size=40))
def test_whatever_is_written_is_read_without_a_fault(written: str) -> None:
    kept = canonical(written)
    assert kept == canonical(kept) and (not kept or kept in variants(kept))
    assert variants(written) == variants(kept)
    assert digits_of(kept) == kept.removeprefix("+")
    line_of(written)


@given(st.sets(st.from_regex(r"\+55[1-9][1-9]9?[2-9][0-9]{7}", fullmatch=True), min_size=2, max_size=2))
def test_being_one_number_is_sharing_a_way(pair: set[str]) -> None:
    one, other = pair
    assert bool(variants(one) & variants(other)) == (canonical(one) == canonical(other))


@given(
    st.sampled_from(["11", "21", "31", "47", "61", "71", "85", "92"]), st.from_regex(r"[6-9][0-9]{7}", fullmatch=True)
)
def test_what_the_register_keeps_is_found_by_either_way(area: str, old: str) -> None:
    kept = clean_phone(f"({area}) 9{old[:4]}-{old[4:]}")
    assert kept in variants(f"55{area}{old}") and kept in variants(f"55{area}9{old}")


@pytest.mark.parametrize(
    ("phone", "whatsapp", "sms"),
    [
        ("+5531987654321", None, None),
        ("+551132345678", "landline", "landline"),
        ("+558007770001", "toll_free", "toll_free"),
        ("+553003", "not_a_phone", "not_a_phone"),
        ("+5530030123", "toll_free", "toll_free"),
        ("+5540041234", "toll_free", "toll_free"),
        ("+14155552671", None, "foreign_number"),
        ("+18005551212", "toll_free", "toll_free"),
        ("", "no_phone", "no_phone"),
        ("+999", "not_a_phone", "not_a_phone"),
    ],
)
def test_why_a_number_is_not_reached(phone: str, whatsapp: str | None, sms: str | None) -> None:
    assert why_not_by_phone(ChannelKind.WHATSAPP, phone) == whatsapp
    assert why_not_by_phone(ChannelKind.SMS, phone) == sms
    if sms == "foreign_number":
        assert why_not_by_phone(ChannelKind.SMS, phone, abroad=True) is None
