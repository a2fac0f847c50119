"""The way to a provider: one safe address, one deadline, no redirect with a credential, nothing in any log."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.domain.carrier_faults import CarrierFault
from clinicdesk.domain.channel_fields import FIELDS
from clinicdesk.domain.messages import CARRIERS, ChannelKind, Provider
from sync.carrier import Refused, Verdict
from sync.carriers import carrier_for
from sync.channel import ChannelSettings
from sync.deadline import addresses_of, seconds_left, within
from sync.line import ProviderLine, fetch_openly, is_public, said
from tests.sync.carrying import EMAIL, SMS, WHATSAPP, carrying, fault_of_check, parcel, refusal
from tests.sync.fakes.meta import FakeMeta
from tests.sync.fakes.sendgrid import FakeSendGrid
from tests.sync.fakes.server import SILENCE, FakeProvider, Fault, Posted, Reply, dripping, late
from tests.sync.fakes.twilio import FakeTwilio
from tests.sync.fakes.zapi import FakeZapi

GOOD: dict[Provider, dict[str, str]] = {
    Provider.META: {"phone_number_id": "106540352242922"},
    Provider.TWILIO: {"account_sid": "AC" + "0" * 32, "sender": "+5511400040001"},
    Provider.ZAPI: {"instance_id": "3C67"},
    Provider.BOTCONVERSA: {},
    Provider.SMTP: {"host": "mail.example", "from_address": "agenda@clinica.example"},
    Provider.SENDGRID: {"from_address": "agenda@clinica.example"},
}
NEEDED = {Provider.BOTCONVERSA: ["api_key"]}  # only for one of its two ways
ALL = [(kind, provider) for kind, providers in CARRIERS.items() for provider in providers]


class Echo(FakeProvider):
    """Answers everything with what it was asked."""

    def answer(self, request: Posted) -> Reply:
        return Reply.of({"path": request.path, "authorization": request.headers.get("authorization", "")})


@pytest.fixture
def echo() -> Iterator[Echo]:
    with Echo.open() as fake:
        yield fake


@contextmanager
def line_to(address: str) -> Iterator[ProviderLine]:
    line = ProviderLine(Provider.META, address, auth=("user", "geheim"))
    try:
        yield line
    finally:
        line.close()


def test_a_redirect_is_not_followed(echo: Echo) -> None:
    with Echo.open() as elsewhere, line_to(echo.address) as line:
        for code in (301, 302, 303, 307, 308):
            echo.fail_next(Fault(Reply(code, b"", {"Location": f"{elsewhere.address}/x"})))
            with pytest.raises(Refused) as caught:
                line.ask("POST", "messages", json={}, sends=True)
            assert (caught.value.verdict, caught.value.fault) == (Verdict.PAUSE_CHANNEL, CarrierFault.REDIRECTED)
    assert elsewhere.requests == []


def test_neither_proxies_nor_passwords_of_the_account_are_used(
    echo: Echo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("default login somebody password else\n", encoding="ascii")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with line_to(echo.address) as line:
        told = line.ask("GET", "x").body["authorization"]
        assert (
            told.startswith("Basic ") and line.ask_at("GET", f"{echo.address}/y", bare=True).body["authorization"] == ""
        )


def test_a_call_ends_in_time_whatever_the_other_end_does(echo: Echo) -> None:
    with line_to(echo.address) as line:
        for fault in (SILENCE, dripping(0.05), late(5)):
            echo.fail_next(fault)
            began = time.monotonic()
            with within(0.3), pytest.raises(Refused) as caught:
                line.ask("GET", "x")
            assert caught.value.verdict is Verdict.RETRY and time.monotonic() - began < 1.5


def test_several_calls_share_one_time(echo: Echo) -> None:
    with line_to(echo.address) as line, within(0.5):
        echo.fail_next(late(0.3))
        line.ask("GET", "x")
        echo.fail_next(late(0.4))
        with pytest.raises(Refused):
            line.ask("GET", "x")
        with within(10):
            assert seconds_left() <= 0.2


def test_an_answer_without_end_is_not_kept(echo: Echo) -> None:
    with line_to(echo.address) as line:
        echo.fail_next(Fault(Reply(200, b"x" * 1_100_000)), Fault(Reply(200, b"x" * 1_100_000)))
        with pytest.raises(Refused) as caught:
            line.ask("GET", "x")
        assert caught.value.fault is CarrierFault.ANSWER_UNREADABLE and caught.value.verdict is Verdict.RETRY
        with pytest.raises(Refused) as caught:
            line.ask("POST", "x", sends=True)
        assert caught.value.verdict is Verdict.UNKNOWN


def test_a_line_is_used_by_several_threads_at_once(echo: Echo) -> None:
    answers: list[str] = []
    with line_to(echo.address) as line:

        def ask(name: str) -> None:
            answers.extend(line.ask("GET", f"{name}/{turn}").body["path"] for turn in range(10))

        threads = [threading.Thread(target=ask, args=(f"t{number}",)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(answers) == sorted(f"/t{number}/{turn}" for number in range(8) for turn in range(10))


def test_a_name_that_is_none_is_said_to_be() -> None:
    with pytest.raises(OSError):
        addresses_of("a" * 64 + ".example", 443, 5)
    assert addresses_of("127.0.0.1", 443, 5) == ["127.0.0.1"]
    assert addresses_of("[::1]", 443, 5) == addresses_of("::1", 443, 5) == ["::1"]
    assert "127.0.0.1" in addresses_of("localhost", 443, 5)


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/x",
        "https://10.0.0.1/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest/meta-data",
        "https://server/x",
        "https://nas.local/x",
        "https://user@example.com/x",
        "https://example.com:8443/x",
        "ftp://example.com",
        "https://[",
        "",
    ],
)
def test_a_file_is_fetched_from_the_internet_alone(address: str) -> None:
    assert not is_public(address)
    line = ProviderLine(Provider.META, "https://graph.facebook.com")
    with pytest.raises(Refused) as caught:
        fetch_openly(line, address, 1000)
    line.close()
    assert caught.value.fault is CarrierFault.ADDRESS_UNSAFE


def test_a_name_of_the_internet_that_lies_at_home_is_not_asked() -> None:
    """Whoever sends a patient's file may own a name and let it point into the clinic's network."""
    with Echo.open() as at_home:
        line = ProviderLine(Provider.META, "https://graph.facebook.com")
        with pytest.raises(Refused) as caught:
            line.ask_at("GET", f"{at_home.address}/x", bare=True)
        line.close()
    assert caught.value.fault is CarrierFault.UNREACHABLE and at_home.requests == []


@pytest.mark.parametrize(
    "address", ["https://exa mple.com/x", "https://example.com/\0", "https://example.com/" + "x" * 70_000]
)
def test_an_address_that_is_none_is_refused_in_words(address: str) -> None:
    with line_to("https://graph.facebook.com") as line, pytest.raises(Refused) as caught:
        fetch_openly(line, address, 1000)
    assert caught.value.fault is CarrierFault.ADDRESS_UNSAFE


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Message to +55 31 98765-4321 failed", "Message to … failed"),
        ("mailbox ana.lima@example.com is full", "mailbox … is full"),
        ("a\r\nb\0c", "a b c"),
        (None, ""),
        ("(#131047) Re-engagement message", "(#131047) Re-engagement message"),
    ],
)
def test_what_a_provider_says_is_kept_without_whom_it_is_about(words: object, kept: str) -> None:
    assert said(words) == kept


@given(st.text(), st.from_regex(r"\+?55[0-9]{10,11}", fullmatch=True))
def test_no_number_stays_in_what_a_provider_says(words: str, phone: str) -> None:
    assert phone not in said(f"{words} {phone}") and len(said(words * 20)) <= 300


@pytest.mark.parametrize(
    ("kind", "provider"), [each for each in ALL if each[1] is not Provider.SMTP]
)  # fmt: skip
def test_a_server_that_is_no_provider_is_recognised(echo: Echo, kind: ChannelKind, provider: Provider) -> None:
    page = Reply(200, b"<html>Bem-vindo", {"Content-Type": "text/html"})
    names = [f.name for f in FIELDS[provider] if f.secret and f.required] + NEEDED.get(provider, [])
    with carrying(kind, provider, echo.address, GOOD[provider], dict.fromkeys(names, "fake-secret")) as carrier:
        echo.fail_next(Fault(page), Fault(Reply(404, page.body)), Fault(Reply(405, page.body)), Fault(Reply(408)))
        faults = [fault_of_check(carrier) for _ in range(4)]
    assert faults == ["answer_unreadable", "wrong_account", "wrong_account", "provider_busy"]


# --- what is never written down --------------------------------------------------------------------------------------

SECRETS = ("fake-token", "geheim", "fake-auth-token", "fake-instance-token", "fake-client-token", "fake-key")
PRIVATE = ("98765", "Resultado", "Ana", "ana@", *SECRETS)


def test_no_log_holds_words_numbers_or_tokens(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    fakes = (
        (WHATSAPP, Provider.META, FakeMeta),
        (SMS, Provider.TWILIO, FakeTwilio),
        (WHATSAPP, Provider.ZAPI, FakeZapi),
        (EMAIL, Provider.SENDGRID, FakeSendGrid),
    )
    for kind, provider, fake in fakes:
        with (
            fake.open() as opened,
            carrying(kind, provider, opened.address, opened.settings, opened.secrets) as carrier,
        ):
            carrier.send(parcel(kind, "Resultado pronto"))
            carrier.check()
            opened.fail_next(Fault(Reply.of({"error": "to +5531987654321", "message": "ana@example.com"}, 400)))
            refused = refusal(carrier, parcel(kind, "Resultado pronto"))
            assert not any(each in f"{refused!r} {refused} {refused.detail}" for each in PRIVATE)
    assert not any(each in caplog.text for each in PRIVATE), caplog.text


def test_a_printed_channel_shows_no_secret() -> None:
    shown = repr(ChannelSettings(WHATSAPP, Provider.META, secrets={"token": "fake-token"}))
    assert "fake-token" not in shown


# --- what is missing or wrong is named before anything is sent -------------------------------------------------------


def made(kind: ChannelKind, provider: Provider, without: str = "", **secrets: str) -> None:
    names = [f.name for f in FIELDS[provider] if f.secret and f.required] + NEEDED.get(provider, [])
    settings = {name: text for name, text in GOOD[provider].items() if name != without}
    known = dict.fromkeys(names, "fake-secret") | secrets
    channel = ChannelSettings(kind, provider, "", settings)
    carrier_for(channel, {name: text for name, text in known.items() if name != without}).close()


@pytest.mark.parametrize(("kind", "provider"), ALL)
def test_each_missing_field_is_named(kind: ChannelKind, provider: Provider) -> None:
    made(kind, provider)
    sending = [f for f in FIELDS[provider] if f.required and not f.default and not f.receiving]
    for name in [*(field.name for field in sending), *NEEDED.get(provider, [])]:
        with pytest.raises(Refused) as caught:
            made(kind, provider, without=name)
        assert (caught.value.verdict, caught.value.detail) == (Verdict.PAUSE_CHANNEL, name)
        assert caught.value.fault in (CarrierFault.SETTING_MISSING, CarrierFault.SECRET_MISSING)


@pytest.mark.parametrize(("kind", "provider"), ALL)
@pytest.mark.parametrize("secret", ["a\r\nX: y", "ção", "a\0b"])
def test_a_secret_that_no_header_can_carry_is_named(kind: ChannelKind, provider: Provider, secret: str) -> None:
    for name in [f.name for f in FIELDS[provider] if f.secret and f.required and not f.receiving]:
        with pytest.raises(Refused) as caught:
            made(kind, provider, **{name: secret})
        assert (caught.value.fault, caught.value.detail) == (CarrierFault.SECRET_WRONG, name)


@pytest.mark.parametrize(("kind", "provider"), [each for each in ALL if each[1] is not Provider.SMTP])
def test_no_carrier_is_made_for_an_unsafe_address(kind: ChannelKind, provider: Provider) -> None:
    secrets = {f.name: "fake" for f in FIELDS[provider] if f.secret}
    channel = ChannelSettings(kind, provider, "http://provider.example", GOOD[provider])
    with pytest.raises(Refused) as caught:
        carrier_for(channel, secrets)
    assert caught.value.fault is CarrierFault.ADDRESS_UNSAFE


def test_a_provider_that_does_not_carry_that_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        carrier_for(ChannelSettings(SMS, Provider.META, "", GOOD[Provider.META]), {"token": "x"})
    assert caught.value.detail == "provider"
