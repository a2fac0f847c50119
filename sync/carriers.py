"""The carrier for a channel, whoever provides it."""

from collections.abc import Callable, Mapping
from typing import Protocol

from clinicdesk.domain.carrier_faults import CarrierFault
from clinicdesk.domain.messages import CARRIERS, ChannelKind, Provider
from sync.carrier import Carrier, Refused, Verdict
from sync.channel import ChannelSettings
from sync.mail.sendgrid import SendGridCarrier
from sync.mail.smtp import SmtpCarrier
from sync.sms.twilio import TwilioCarrier
from sync.whatsapp.botconversa import botconversa_carrier
from sync.whatsapp.meta import MetaCarrier
from sync.whatsapp.zapi import ZapiCarrier

_MAKERS: Mapping[Provider, Callable[[ChannelSettings], Carrier]] = {
    Provider.META: MetaCarrier,
    Provider.TWILIO: TwilioCarrier,
    Provider.ZAPI: ZapiCarrier,
    Provider.BOTCONVERSA: botconversa_carrier,
    Provider.SMTP: SmtpCarrier,
    Provider.SENDGRID: SendGridCarrier,
}


class Channel(Protocol):
    """What has to be known of a channel to speak through it."""

    @property
    def kind(self) -> ChannelKind: ...

    @property
    def provider(self) -> Provider: ...

    @property
    def address(self) -> str: ...

    @property
    def settings(self) -> Mapping[str, object]: ...


def carrier_for(channel: Channel, secrets: Mapping[str, str], callback: str = "") -> Carrier:
    """Whoever carries messages for this channel. It keeps connections: use one for many messages, then close it.

    `callback` is where a provider that is told with each message reports what became of it. Raises Refused, naming the
    setting or secret that is missing or wrong.
    """
    kind, provider = ChannelKind(channel.kind), Provider(channel.provider)
    maker = _MAKERS.get(provider)
    if maker is None or provider not in CARRIERS[kind]:
        raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SETTING_WRONG, detail="provider")
    return maker(ChannelSettings(kind, provider, channel.address, dict(channel.settings), dict(secrets), callback))
