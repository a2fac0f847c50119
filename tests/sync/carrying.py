"""What tests of carriers share: parcels, and a carrier for a fake that is closed again."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest

from clinicdesk.domain.messages import ChannelKind, Provider
from sync.carrier import ApprovedTemplate, Button, Carrier, Parcel, Recipient, Refused
from sync.carriers import carrier_for
from sync.channel import ChannelSettings

ATTEMPT = UUID(int=42)
ANA = Recipient(phone="+5531987654321", email="ana@example.com", name="Ana Lima")
ANSWERS = (Button("visit:7:confirm", "Confirmar", "1"), Button("visit:7:cancel", "Cancelar", "0"))
TEMPLATE = ApprovedTemplate("confirmacao_consulta", "pt_BR", ("Ana", "01/12 às 14:30"))
WHATSAPP, SMS, EMAIL = ChannelKind


def parcel(kind: ChannelKind, body: str = "Olá, Ana", *, recipient: Recipient = ANA, **more: Any) -> Parcel:
    """A parcel as the outbox makes it."""
    return Parcel(ATTEMPT, kind, recipient, body, **{"in_window": True, **more})


@contextmanager
def carrying(
    kind: ChannelKind,
    provider: Provider,
    address: str,
    settings: Mapping[str, object],
    secrets: Mapping[str, str],
    callback: str = "",
) -> Iterator[Carrier]:
    """The carrier that the factory makes for such a channel."""
    made = carrier_for(ChannelSettings(kind, provider, address, settings), secrets, callback)
    try:
        yield made
    finally:
        made.close()


def refusal(carrier: Carrier, sent: Parcel) -> Refused:
    """How sending is refused."""
    with pytest.raises(Refused) as caught:
        carrier.send(sent)
    return caught.value


def fault_of_check(carrier: Carrier) -> str:
    """What the test of a channel says is wrong."""
    with pytest.raises(Refused) as caught:
        carrier.check()
    return caught.value.fault
