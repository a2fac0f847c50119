"""What each provider's error code means, whether it came as an answer or later in a status."""

from collections.abc import Iterable

from clinicdesk.domain.carrier_faults import CarrierFault
from clinicdesk.domain.messages import Provider
from clinicdesk.domain.parcels import Verdict

Meaning = tuple[Verdict, CarrierFault]


def meaning_of(provider: Provider, code: str) -> Meaning | None:
    """What follows from `code` of `provider`; None where we never heard of it."""
    table = _TABLES.get(provider, {})
    return table.get(int(code)) if code.isascii() and code.isdigit() and len(code) < 10 else None


def _each(codes: Iterable[int], verdict: Verdict, fault: CarrierFault) -> dict[int, Meaning]:
    return dict.fromkeys(codes, (verdict, fault))


_RETRY, _PAUSE, _NEXT, _OURS = Verdict.RETRY, Verdict.PAUSE_CHANNEL, Verdict.NEXT_CHANNEL, Verdict.OUR_FAULT

# Names of the codes: Graph's error reference, as pywa 4.5 lists it.
META: dict[int, Meaning] = {
    **_each((4, 80007, 130429), _RETRY, CarrierFault.TOO_FAST),
    131056: (_RETRY, CarrierFault.TOO_FAST_FOR_PERSON),
    **_each((1, 2, 131000, 131016, 131057), _RETRY, CarrierFault.PROVIDER_BUSY),
    **_each((0, 190), _PAUSE, CarrierFault.WRONG_TOKEN),
    **_each((3, 10, *range(200, 300), 131005), _PAUSE, CarrierFault.NO_PERMISSION),
    **_each((368, 131031, 130497), _PAUSE, CarrierFault.ACCOUNT_BLOCKED),
    131042: (_PAUSE, CarrierFault.PAYMENT),
    **_each((131048, 131064), _PAUSE, CarrierFault.TOO_FAST),
    **_each((131037, 131045, 133010), _PAUSE, CarrierFault.SENDER_REFUSED),
    **_each((131026, 131021, 131030, 137000), _NEXT, CarrierFault.NOT_REACHED),
    **_each((130472, 131049, 131050), _NEXT, CarrierFault.TAKES_NO_ADVERTISING),
    131062: (_NEXT, CarrierFault.NEEDS_PHONE),
    131047: (Verdict.NEEDS_TEMPLATE, CarrierFault.OUTSIDE_WINDOW),
    **_each((100, 131008, 131009, 131051, 131063, 135000), _OURS, CarrierFault.MESSAGE_REFUSED),
    132001: (_OURS, CarrierFault.TEMPLATE_UNKNOWN),
    **_each((132000, 132005, 132008, 132012, 132018), _OURS, CarrierFault.TEMPLATE_VALUES),
    **_each((132007, 132015, 132016, 132068, 132069), _OURS, CarrierFault.TEMPLATE_PAUSED),
    **_each((131052, 131053), _OURS, CarrierFault.ATTACHMENT_REFUSED),
}

_TABLES: dict[Provider, dict[int, Meaning]] = {Provider.META: META}
