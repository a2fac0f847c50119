"""What is typed for each provider, and which addresses may be called with a credential."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.domain.channel_fields import ADDRESSES, FIELDS, checked_address
from clinicdesk.domain.messages import CARRIERS, Provider
from clinicdesk.errors import InvalidField


def test_every_provider_has_its_fields_and_no_secret_has_a_default() -> None:
    assert set(FIELDS) == set(Provider) == {each for carriers in CARRIERS.values() for each in carriers}
    for fields in FIELDS.values():
        names = [field.name for field in fields]
        assert len(names) == len(set(names))
        for field in fields:
            assert not (field.secret and (field.default or field.choices))
            assert not field.choices or field.default in field.choices


@pytest.mark.parametrize(
    "address",
    [
        "https://graph.facebook.com",
        "https://graph.facebook.com/",
        " https://proxy.clinica.example:8443/meta ",
        "http://127.0.0.1:8000",
        "http://[::1]:8000",
        "http://localhost:8000/api",
    ],
)
def test_an_address_may_be_encrypted_or_on_this_computer(address: str) -> None:
    assert checked_address(address, Provider.META) == address.strip().rstrip("/")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://graph.facebook.com", "not_safe"),
        ("http://10.0.0.4", "not_safe"),
        ("http://localhost.evil.example", "not_safe"),
        ("http://127.0.0.1.evil.example", "not_safe"),
        ("https://graph.facebook.com@evil.example", "not_safe"),
        ("ftp://graph.facebook.com", "not_safe"),
        ("file:///etc/passwd", "not_an_address"),
        ("graph.facebook.com", "not_an_address"),
        ("https://", "not_an_address"),
        ("https://a b", "not_an_address"),
        ("https://a/?x=1", "not_an_address"),
        ("https://a/#x", "not_an_address"),
        ("https://a:99999", "not_an_address"),
        ("https://a\r\nX: y", "not_an_address"),
        ("https://[::1", "not_an_address"),
        ("https://ção.example", "not_an_address"),
    ],
)
def test_other_addresses_get_no_credential(address: str, reason: str) -> None:
    with pytest.raises(InvalidField) as caught:
        checked_address(address, Provider.META)
    assert (caught.value.field, caught.value.reason) == ("address", reason)


def test_an_empty_address_is_the_providers_own() -> None:
    assert checked_address("", Provider.TWILIO) == ADDRESSES[Provider.TWILIO]


@given(st.text(max_size=60), st.sampled_from(["", "https://", "http://", "https://x/", "http://127.0.0.1/"]))
def test_whatever_is_typed_is_safe_or_refused(text: str, beginning: str) -> None:
    try:
        address = checked_address(beginning + text, Provider.ZAPI)
    except InvalidField:
        return
    assert address.startswith(("https://", "http://127.0.0.1", "http://localhost", "http://[::1]"))
    assert address.isascii() and address.isprintable() and " " not in address
