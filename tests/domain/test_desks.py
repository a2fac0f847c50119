"""Desks: what a person types for a server, the code that lets a desk in, names, and what ends soon."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk import keychain
from clinicdesk.domain import desks
from clinicdesk.domain.desks import (
    DeskCertificate,
    DeskCode,
    ServerAddress,
    ServerLook,
    clean_desk_name,
    read_address,
    read_code,
)
from clinicdesk.errors import InvalidField

NOW = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("typed", "host", "port", "database"),
    [
        ("servidor.local", "servidor.local", 5432, "clinicdesk"),
        ("  Servidor.LOCAL : 5433 ", "servidor.local", 5433, "clinicdesk"),
        ("servidor.local.", "servidor.local", 5432, "clinicdesk"),
        ("recepcao-servidor", "recepcao-servidor", 5432, "clinicdesk"),
        ("192.168.0.10:15432", "192.168.0.10", 15432, "clinicdesk"),
        ("192.168.0.10/ipe", "192.168.0.10", 5432, "ipe"),
        ("fe80::1", "fe80::1", 5432, "clinicdesk"),
        ("[FE80::0001]:5433", "fe80::1", 5433, "clinicdesk"),
        ("[fe80::1]", "fe80::1", 5432, "clinicdesk"),
        ("servidor：5433", "servidor", 5433, "clinicdesk"),  # the colon of another keyboard
    ],
)
def test_an_address_is_read_as_people_type_it(typed: str, host: str, port: int, database: str) -> None:
    assert read_address(typed) == ServerAddress(host, port, database)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "missing"),
        (" :5432", "missing"),
        ("servidor:", "not_a_port"),
        ("servidor:porta", "not_a_port"),
        ("servidor:0", "not_a_port"),
        ("servidor:65536", "not_a_port"),
        ("servidor:-1", "not_a_port"),
        ("servidor:٥٤٣٢", "not_a_port"),
        ("um,outro", "not_a_host"),  # libpq would take it for two
        ("/var/run/postgresql", "missing"),
        ("servidor local", "not_a_host"),
        ("-servidor", "not_a_host"),
        ("servidor..local", "not_a_host"),
        ("192.168.0", "not_a_host"),
        ("192.168.0.256", "not_a_host"),
        ("fe80::1::2", "not_a_host"),
        ("a" * 64, "not_a_host"),
        ("servidor/", "not_a_database"),
        ("servidor/um dois", "not_a_database"),
        ("servidor/x?sslmode=disable", "not_a_database"),
        ("servidor\0", "not_a_host"),
    ],
)
def test_what_is_no_address_says_which_part(typed: str, reason: str) -> None:
    with pytest.raises(InvalidField) as refused:
        read_address(typed)
    assert (refused.value.field, refused.value.reason) == ("server_address", reason)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_an_address_or_a_refusal(typed: str) -> None:
    try:
        found = read_address(typed)
    except InvalidField:
        return
    assert not set(found.host) & set(" ,/\0'\"@?=")
    assert 0 < found.port < 65536
    assert read_address(str(found)) == found


def test_a_code_made_is_a_code_read() -> None:
    for _each in range(50):
        made = keychain.new_desk_code()
        code = read_code(made)
        assert str(code) == made
        assert len(code.part) == 4 and len(code.secret) == 12
        assert code.login("clinicdesk") == f"clinicdesk_+{code.part}"
        assert code.secret not in repr(code)


@given(
    st.text(alphabet="0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=16, max_size=16),
    st.lists(st.sampled_from([" ", "-", "–", ".", ""]), min_size=16, max_size=16),
    st.booleans(),
)
def test_a_code_is_forgiven_its_spacing_and_its_case(letters: str, between: list[str], lower: bool) -> None:
    typed = "".join(letter + gap for letter, gap in zip(letters, between, strict=True))
    assert read_code(typed.lower() if lower else typed) == DeskCode(letters[:4], letters[4:])


def test_letters_that_are_misread_stand_for_their_figures() -> None:
    assert read_code("KOM4-Q2IT-9WPD-3HLA") == read_code("K0M4-Q21T-9WPD-3H1A")


@pytest.mark.parametrize(
    ("typed", "reason", "detail"),
    [
        ("", "missing", ""),
        (" - ", "missing", ""),
        ("K7M4-Q2XT-9WPD-3HR", "missing_letters", "1"),
        ("K7M4", "missing_letters", "12"),
        ("K7M4-Q2XT-9WPD-3HRAA", "extra_letters", ""),
        ("K7M4-Q2XT-9WPD-3HRU", "not_in_codes", "U"),
        ("ÇÃ", "not_in_codes", "Ç"),
    ],
)
def test_what_is_no_code_says_why(typed: str, reason: str, detail: str) -> None:
    with pytest.raises(InvalidField) as refused:
        read_code(typed)
    assert (refused.value.field, refused.value.reason, refused.value.detail) == ("desk_code", reason, detail)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_code_or_a_refusal(typed: str) -> None:
    try:
        code = read_code(typed)
    except InvalidField:
        return
    assert set(code.part + code.secret) <= desks._ALPHABET


def test_codes_are_drawn_from_the_letters_that_are_read() -> None:
    assert set(keychain.CODE_ALPHABET) == desks._ALPHABET


@pytest.mark.parametrize(("typed", "kept"), [("  Recepção   1 ", "Recepção 1"), ("e\u0301", "é"), ("x" * 60, "x" * 60)])
def test_a_desk_is_named_as_people_name_it(typed: str, kept: str) -> None:
    assert clean_desk_name(typed) == kept


@pytest.mark.parametrize(
    ("typed", "reason"), [("", "missing"), (" ", "missing"), ("x" * 61, "too_long"), ("a\0", "control_characters")]
)
def test_what_is_no_name_of_a_desk_is_refused(typed: str, reason: str) -> None:
    with pytest.raises(InvalidField) as refused:
        clean_desk_name(typed)
    assert refused.value.reason == reason


def test_what_ends_within_a_month_ends_soon() -> None:
    certificate = DeskCertificate("desk", "1", NOW, NOW + dt.timedelta(days=30))
    assert not certificate.ends_soon(NOW)
    assert certificate.ends_soon(NOW + dt.timedelta(seconds=1))
    assert ServerLook(1.0, NOW + dt.timedelta(days=29)).ends_soon(NOW)
    assert not ServerLook(1.0, NOW + dt.timedelta(days=31)).ends_soon(NOW)
    assert not ServerLook(1.0).ends_soon(NOW)
