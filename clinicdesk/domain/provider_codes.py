"""What each provider's error code means, whether it came as an answer or later in a status."""

from collections.abc import Iterable

from clinicdesk.domain.carrier_faults import CarrierFault as Fault
from clinicdesk.domain.messages import Provider
from clinicdesk.domain.parcels import Verdict

Meaning = tuple[Verdict, Fault]


def meaning_of(provider: Provider, code: str, words: str = "") -> Meaning | None:
    """What follows from `code` of `provider`, or from its words where it has no codes; None for what is unheard of."""
    if code.isascii() and code.isdigit() and len(code) < 10 and (known := _CODES.get(provider, {}).get(int(code))):
        return known
    said = words.casefold()
    return next((meaning for part, meaning in _WORDS.get(provider, ()) if part in said), None)


def _each(codes: Iterable[int], verdict: Verdict, fault: Fault) -> dict[int, Meaning]:
    return dict.fromkeys(codes, (verdict, fault))


_RETRY, _PAUSE, _NEXT, _OURS = Verdict.RETRY, Verdict.PAUSE_CHANNEL, Verdict.NEXT_CHANNEL, Verdict.OUR_FAULT

# Names of the codes: Graph's error reference, as pywa 4.5 lists it.
META: dict[int, Meaning] = {
    **_each((4, 80007, 130429), _RETRY, Fault.TOO_FAST),
    131056: (_RETRY, Fault.TOO_FAST_FOR_PERSON),
    **_each((1, 2, 131000, 131016, 131057), _RETRY, Fault.PROVIDER_BUSY),
    **_each((0, 190), _PAUSE, Fault.WRONG_TOKEN),
    **_each((3, 10, *range(200, 300), 131005), _PAUSE, Fault.NO_PERMISSION),
    **_each((368, 131031, 130497), _PAUSE, Fault.ACCOUNT_BLOCKED),
    131042: (_PAUSE, Fault.PAYMENT),
    **_each((131048, 131064), _PAUSE, Fault.TOO_FAST),
    **_each((131037, 131045, 133010), _PAUSE, Fault.SENDER_REFUSED),
    **_each((131026, 131021, 131030, 137000), _NEXT, Fault.NOT_REACHED),
    **_each((130472, 131049, 131050), _NEXT, Fault.TAKES_NO_ADVERTISING),
    131062: (_NEXT, Fault.NEEDS_PHONE),
    131047: (Verdict.NEEDS_TEMPLATE, Fault.OUTSIDE_WINDOW),
    **_each((100, 131008, 131009, 131051, 131063, 135000), _OURS, Fault.MESSAGE_REFUSED),
    132001: (_OURS, Fault.TEMPLATE_UNKNOWN),
    **_each((132000, 132005, 132008, 132012, 132018), _OURS, Fault.TEMPLATE_VALUES),
    **_each((132007, 132015, 132016, 132068, 132069), _OURS, Fault.TEMPLATE_PAUSED),
    **_each((131052, 131053), _OURS, Fault.ATTACHMENT_REFUSED),
}

# Twilio's error dictionary; 63xxx are what it makes of WhatsApp's own. It names new ones at times: what is not here is
# read by its HTTP status.
TWILIO: dict[int, Meaning] = {
    **_each((20429, 63017, 63018, 63119, 14107), _RETRY, Fault.TOO_FAST),
    **_each((20500, 20503, 20504, 30001, 30008, 63010, 63012), _RETRY, Fault.PROVIDER_BUSY),
    20003: (_PAUSE, Fault.WRONG_TOKEN),
    **_each((20404, 20008), _PAUSE, Fault.WRONG_ACCOUNT),
    **_each((10001, 20005, 30002, 63022, 63112), _PAUSE, Fault.ACCOUNT_BLOCKED),
    63020: (_PAUSE, Fault.PAYMENT),
    63038: (_PAUSE, Fault.TOO_FAST),
    **_each((21603, 21606, 21212, 21659, 21660, 21661, 63007, 63041), _PAUSE, Fault.SENDER_REFUSED),
    **_each((21609, 21701, 21703), _PAUSE, Fault.SETTING_WRONG),
    **_each((21211, 21214, 21217, 21265), _NEXT, Fault.NOT_A_PHONE),
    **_each((21408, 21612), _NEXT, Fault.FOREIGN_NUMBER),
    **_each((21610, 63014, 63033), _NEXT, Fault.OPTED_OUT),
    21268: (_NEXT, Fault.TOLL_FREE),
    **_each((21614, 21635, 30006), _NEXT, Fault.LANDLINE),
    **_each((21266, 30003, 30004, 30005, 30007, 63003, 63024), _NEXT, Fault.NOT_REACHED),
    **_each((63032, 63049), _NEXT, Fault.TAKES_NO_ADVERTISING),
    63016: (Verdict.NEEDS_TEMPLATE, Fault.OUTSIDE_WINDOW),
    21602: (_OURS, Fault.MESSAGE_EMPTY),
    **_each((21605, 21617, 21658), _OURS, Fault.MESSAGE_TOO_LONG),
    **_each((21655, 63027), _OURS, Fault.TEMPLATE_UNKNOWN),
    **_each((21656, 63028), _OURS, Fault.TEMPLATE_VALUES),
    **_each((63040, 63042), _OURS, Fault.TEMPLATE_PAUSED),
    **_each((63005, 63013), _OURS, Fault.MESSAGE_REFUSED),
    **_each((11200, 30019, 63019, 63021), _OURS, Fault.ATTACHMENT_REFUSED),
}

_CODES: dict[Provider, dict[int, Meaning]] = {Provider.META: META, Provider.TWILIO: TWILIO}

# Z-API has sentences and no codes; each part is looked for in small letters, the first that is found counts.
_WORDS: dict[Provider, tuple[tuple[str, Meaning], ...]] = {
    Provider.ZAPI: (
        ("client-token", (_PAUSE, Fault.WRONG_CLIENT_TOKEN)),
        ("instance not found", (_PAUSE, Fault.WRONG_ACCOUNT)),
        ("not connected", (_PAUSE, Fault.NOT_CONNECTED)),
        ("restore the session", (_PAUSE, Fault.NOT_CONNECTED)),
        ("subscribe to this instance", (_PAUSE, Fault.PAYMENT)),
        ("invalid phone number", (_NEXT, Fault.NOT_REACHED)),
        ("phone number does not exist", (_NEXT, Fault.NOT_REACHED)),
        ("accept buttons message terms", (_OURS, Fault.MESSAGE_REFUSED)),
        ("timeout on send message", (Verdict.UNKNOWN, Fault.NO_ANSWER)),
        ("media", (_OURS, Fault.ATTACHMENT_REFUSED)),
        ("permission to send", (_PAUSE, Fault.ACCOUNT_BLOCKED)),
        ("whatsapp rejected", (_PAUSE, Fault.ACCOUNT_BLOCKED)),
        ("did not allow", (_PAUSE, Fault.ACCOUNT_BLOCKED)),
    ),
}
