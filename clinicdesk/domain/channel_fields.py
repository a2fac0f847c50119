"""What has to be typed to set up each provider, which of it is secret, and which base addresses are safe to call."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from clinicdesk.domain.messages import Provider
from clinicdesk.errors import InvalidField

GRAPH_VERSION = "26.0"
LONGEST_SECRET = 4000


@dataclass(frozen=True, slots=True)
class ChannelField:
    """One thing to type. A secret is sealed for the sync process and never shown again."""

    name: str
    secret: bool = False
    required: bool = True
    default: str = ""
    choices: tuple[str, ...] = ()
    receiving: bool = False  # only needed for what comes in


def _secret(name: str, *, required: bool = True, receiving: bool = False) -> ChannelField:
    return ChannelField(name, secret=True, required=required, receiving=receiving)


_META = (
    ChannelField("phone_number_id"),
    ChannelField("graph_version", default=GRAPH_VERSION),
    _secret("token"),
    _secret("app_secret", receiving=True),
    _secret("verify_token", receiving=True),
)
_TWILIO = (
    ChannelField("account_sid"),
    ChannelField("sender", required=False),  # a number of ours; one of sender and messaging service
    ChannelField("messaging_service", required=False),
    ChannelField("abroad", required=False, default="no", choices=("no", "yes")),
    _secret("auth_token"),
)
_ZAPI = (
    ChannelField("instance_id"),
    ChannelField("buttons", required=False, default="no", choices=("no", "yes")),
    _secret("instance_token"),
    _secret("client_token"),
    _secret("hook_token", required=False, receiving=True),
)
_BOTCONVERSA = (
    ChannelField("way", default="api", choices=("api", "automation")),
    ChannelField("tag", required=False),
    ChannelField("campaign", required=False),
    ChannelField("value_fields", required=False),  # ids of the custom fields that take a flow's values, in order
    _secret("api_key", required=False),
    _secret("automation_address", required=False),  # whoever knows it may send
    _secret("relay_secret", required=False, receiving=True),
)
_LETTER = (
    ChannelField("from_address"),
    ChannelField("from_name", required=False),
    ChannelField("reply_to", required=False),
    ChannelField("unsubscribe", required=False),  # a mailto: or https: address
)
_SMTP = (
    ChannelField("host"),
    ChannelField("port", default="587"),
    ChannelField("security", default="starttls", choices=("starttls", "tls", "none")),
    ChannelField("user", required=False),
    _secret("password", required=False),
    *_LETTER,
)
_SENDGRID = (
    _secret("api_key"),
    *_LETTER,
    ChannelField("webhook_key", required=False, receiving=True),  # the public half, with which events are signed
)

FIELDS: Mapping[Provider, tuple[ChannelField, ...]] = {
    Provider.META: _META,
    Provider.TWILIO: _TWILIO,
    Provider.ZAPI: _ZAPI,
    Provider.BOTCONVERSA: _BOTCONVERSA,
    Provider.SMTP: _SMTP,
    Provider.SENDGRID: _SENDGRID,
}

# Where each provider is reached; a channel may name another address. SMTP has a host instead.
ADDRESSES: Mapping[Provider, str] = {
    Provider.META: "https://graph.facebook.com",
    Provider.TWILIO: "https://api.twilio.com",
    Provider.ZAPI: "https://api.z-api.io",
    Provider.BOTCONVERSA: "https://backend.botconversa.com.br/api/v1/webhook",
    Provider.SENDGRID: "https://api.sendgrid.com",
}

# What we know of these was gathered from what others published; nobody tried it against the provider.
UNVERIFIED = frozenset({Provider.ZAPI, Provider.BOTCONVERSA})


def is_this_computer(host: str) -> bool:
    """Whether nothing sent to `host` leaves this computer."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def checked_address(text: str, provider: Provider) -> str:
    """The base address to call, without a slash at its end; the known one for an empty text.

    Raises InvalidField "address": not_an_address, or not_safe for whatever is neither https nor this computer.
    """
    address = text.strip().rstrip("/") or ADDRESSES.get(provider, "")
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise InvalidField("address", "not_an_address") from None
    shaped = address.isascii() and address.isprintable() and not set(address) & set(' "<>\\^`{|}')
    if not shaped or not host or parts.query or parts.fragment or "?" in address or "#" in address:
        raise InvalidField("address", "not_an_address")
    if "@" in parts.netloc or not (parts.scheme == "https" or (parts.scheme == "http" and is_this_computer(host))):
        raise InvalidField("address", "not_safe")
    return address
