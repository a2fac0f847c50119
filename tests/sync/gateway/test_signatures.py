"""Our signatures are those of the providers' own libraries, both ways."""

import datetime as dt
from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sendgrid.helpers.eventwebhook import EventWebhook
from twilio.request_validator import RequestValidator

from clinicdesk.domain.hooks import HookChannel, Receives
from clinicdesk.domain.messages import ChannelKind, Provider
from sync.gateway.signatures import Credentials, Knock, NotTheirs, check, twilio_signature
from tests.sync.gateway import knocking
from tests.sync.gateway.knocking import SECRET

NOW = dt.datetime(2035, 3, 6, 12, tzinfo=dt.UTC)
# The example of Twilio's own documentation.
TOKEN, URL, SIGNATURE = "12345", "https://mycompany.com/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8="
FIELDS = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}


def told(provider: Provider, **secrets: str) -> Credentials:
    one = UUID(int=1)
    channel = HookChannel(one, one, ChannelKind.WHATSAPP, provider, "a" * 64, Receives.WEBHOOK, "https://ipe.example")
    return Credentials(channel, secrets)


def test_the_documented_vector_of_twilio() -> None:
    assert twilio_signature(TOKEN, URL, list(FIELDS.items())) == SIGNATURE
    assert RequestValidator(TOKEN).validate(URL, FIELDS, SIGNATURE)
    assert twilio_signature(TOKEN, URL.replace("https", "http"), list(FIELDS.items())) != SIGNATURE


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.text(st.characters(codec="utf-8"), min_size=1, max_size=12), st.text(max_size=20), max_size=8)
)
def test_twilio_signs_any_fields_as_its_validator_does(fields: dict[str, str]) -> None:
    signature = twilio_signature(TOKEN, URL, list(fields.items()))
    assert RequestValidator(TOKEN).compute_signature(URL, fields) == signature
    assert RequestValidator(TOKEN).validate(URL, fields, signature)


def test_a_json_body_of_twilios_is_signed_by_its_digest() -> None:
    body = '{"a": "é"}'
    validator = RequestValidator(SECRET)
    query = f"bodySHA256={validator.compute_hash(body)}"
    credentials = told(Provider.TWILIO, auth_token=SECRET)
    url = f"https://ipe.example/hooks/{'a' * 64}?{query}"
    signature = validator.compute_signature(url, {})
    assert validator.validate(url, body, signature)
    knock = Knock(body.encode(), {"x-twilio-signature": signature}, query)
    check(knock, credentials, NOW)
    for wrong in (replace(knock, body=b"{}"), replace(knock, query=f"{query}&x=1")):
        with pytest.raises(NotTheirs):
            check(wrong, credentials, NOW)


def test_what_sendgrid_signs_its_library_and_we_believe_alike() -> None:
    body, stamp = '[{"event":"delivered","email":"ç@x.example"}]', int(NOW.timestamp())
    headers = knocking.sendgrid(body.encode(), stamp)
    signature = headers["X-Twilio-Email-Event-Webhook-Signature"]
    library = EventWebhook(knocking.EVENT_PUBLIC_KEY)
    assert library.verify_signature(body, signature, str(stamp))
    assert not library.verify_signature(body + " ", signature, str(stamp))
    small = {name.lower(): value for name, value in headers.items()}
    credentials = told(Provider.SENDGRID, webhook_key=knocking.EVENT_PUBLIC_KEY)
    check(Knock(body.encode(), small), credentials, NOW)
    for damaged in (Knock(body.encode() + b" ", small), Knock(body.encode(), small | {
        "x-twilio-email-event-webhook-timestamp": str(stamp + 1)})):  # fmt: skip
        with pytest.raises(NotTheirs, match="signature"):
            check(damaged, credentials, NOW)
    for late in (301, -301):
        with pytest.raises(NotTheirs, match="too_old"):
            check(Knock(body.encode(), small), credentials, NOW + dt.timedelta(seconds=late))
    with pytest.raises(NotTheirs):
        check(Knock(body.encode(), small), told(Provider.SENDGRID, webhook_key="no key"), NOW)


@pytest.mark.parametrize("provider", [one for one in Provider if one is not Provider.SMTP])
def test_without_credentials_nobody_is_believed(provider: Provider) -> None:
    form = urlencode(FIELDS).encode() if provider is Provider.TWILIO else b'{"instanceId": ""}'
    with pytest.raises(NotTheirs, match="no_credential"):
        check(Knock(form, {"x-twilio-email-event-webhook-timestamp": "1"}), told(provider), NOW)


def test_a_mailbox_has_no_webhooks() -> None:
    with pytest.raises(NotTheirs, match="no_webhooks"):
        check(Knock(b"{}", {}), told(Provider.SMTP), NOW)
