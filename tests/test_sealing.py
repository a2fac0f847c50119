"""What is sealed to a key opens with its other half, at its place, and nowhere else."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk import sealing
from clinicdesk.errors import KeyUnavailable
from clinicdesk.keychain import FieldPlace

CLINIC, ROW = UUID(int=1), UUID(int=2)
PLACE = FieldPlace(CLINIC, "channel_secret", ROW, "token")


@given(st.binary(max_size=200))
def test_it_opens_with_the_other_half_at_its_place(content: bytes) -> None:
    key = sealing.new_private_key()
    sealed = sealing.seal_to(sealing.public_key_of(key), PLACE, content)
    assert sealing.open_sealed(key, PLACE, sealed) == content
    assert sealed != sealing.seal_to(sealing.public_key_of(key), PLACE, content)


@pytest.mark.parametrize(
    "place",
    [
        FieldPlace(uuid4(), "channel_secret", ROW, "token"),
        FieldPlace(CLINIC, "media", ROW, "token"),
        FieldPlace(CLINIC, "channel_secret", uuid4(), "token"),
        FieldPlace(CLINIC, "channel_secret", ROW, "app_secret"),
        FieldPlace(CLINIC, "channel_secret", ROW, "token", 2),
    ],
)
def test_it_opens_at_no_other_place(place: FieldPlace) -> None:
    key = sealing.new_private_key()
    with pytest.raises(KeyUnavailable):
        sealing.open_sealed(key, place, sealing.seal_to(sealing.public_key_of(key), PLACE, b"x"))


@pytest.mark.parametrize("change", [lambda s: b"", lambda s: s[:-1], lambda s: s + b"x", lambda s: b"\x02" + s[1:]])
def test_what_was_changed_does_not_open(change: object) -> None:
    key = sealing.new_private_key()
    sealed = sealing.seal_to(sealing.public_key_of(key), PLACE, b"secret")
    with pytest.raises(KeyUnavailable):
        sealing.open_sealed(key, PLACE, change(sealed))  # type: ignore[operator]
    with pytest.raises(KeyUnavailable):
        sealing.open_sealed(sealing.new_private_key(), PLACE, sealed)


def test_a_clinics_key_stands_for_one_private_key_for_each_purpose() -> None:
    clinic = bytes(range(32))
    media = sealing.private_key_from(clinic, "media")
    assert media == sealing.private_key_from(clinic, "media") != sealing.private_key_from(clinic, "other")
    with pytest.raises(KeyUnavailable):
        sealing.private_key_from(b"short", "media")
