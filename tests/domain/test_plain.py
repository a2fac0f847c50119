"""What is kept at a desk comes back as it was, and what is none of it is refused."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.domain.agenda import Status
from clinicdesk.domain.plain import from_plain, to_plain


@dataclass(frozen=True)
class Sample:
    """One of everything that a domain value is made of."""

    id: UUID
    name: str
    count: int
    fine: bool
    price: Decimal
    at: dt.datetime
    day: dt.date
    time: dt.time
    zone: ZoneInfo
    status: Status
    spans: tuple[tuple[dt.time, dt.time], ...]
    maybe: "Sample | None"
    by_key: Mapping[UUID | None, Mapping[int, tuple[str, ...]]]


_ZONE = ZoneInfo("America/Sao_Paulo")
_MOMENTS = st.datetimes(timezones=st.sampled_from([dt.UTC, None]))
_TEXTS = st.text(max_size=12)


def samples(inner: st.SearchStrategy[Sample | None]) -> st.SearchStrategy[Sample]:
    return st.builds(
        Sample,
        id=st.uuids(),
        name=_TEXTS,
        count=st.integers(-(10**6), 10**6),
        fine=st.booleans(),
        price=st.decimals(-(10**6), 10**6, places=2),
        at=_MOMENTS,
        day=st.dates(),
        time=st.times(),
        zone=st.just(_ZONE),
        status=st.sampled_from(Status),
        spans=st.lists(st.tuples(st.times(), st.times()), max_size=2).map(tuple),
        maybe=inner,
        by_key=st.dictionaries(
            st.none() | st.uuids(), st.dictionaries(st.integers(1, 7), st.lists(_TEXTS, max_size=2).map(tuple))
        ),
    )


@given(samples(st.none() | samples(st.none())))
def test_a_value_comes_back_through_json_as_it_was(sample: Sample) -> None:
    assert from_plain(Sample, json.loads(json.dumps(to_plain(sample)))) == sample


@pytest.mark.parametrize(
    "plain",
    [None, [], {}, "x", 5, {"id": "x"}, {"id": "00000000-0000-0000-0000-000000000000"}],
)
def test_what_another_release_kept_is_refused(plain: object) -> None:
    with pytest.raises(ValueError):
        from_plain(Sample, plain)


def test_a_number_is_no_truth_and_a_text_no_number() -> None:
    for wanted, plain in ((int, True), (bool, 1), (int, "1"), (str, 1)):
        with pytest.raises(ValueError):
            from_plain(wanted, plain)


def test_what_could_not_be_read_back_is_not_written() -> None:
    with pytest.raises(TypeError):
        to_plain(b"bytes")
