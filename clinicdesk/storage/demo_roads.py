"""How the demo clinic writes to its patients, as rows: channels with what was sealed, texts and rules to begin with."""

import datetime as dt
import secrets
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from clinicdesk.domain.templates import STARTERS, variables_in
from clinicdesk.storage import message_tables as t
from clinicdesk.storage.bulk import insert_rows

# Kind, provider, name, how it hears, price, what is not secret, and what is: nobody ever sends from the demo.
_CHANNELS: tuple[tuple[str, str, str, str, str, dict[str, str], tuple[str, ...]], ...] = (
    ("whatsapp", "meta", "WhatsApp", "webhook", "0.0375", {"phone_number_id": "106540352242922"},
     ("token", "app_secret", "verify_token")),
    ("sms", "twilio", "SMS", "poll", "0.3100", {"account_sid": "AC" + "0" * 32, "sender": "+5511900000100"},
     ("auth_token",)),
    ("email", "smtp", "E-mail", "nothing", "0",
     {"host": "mail.demonstracao.example", "from_address": "recepcao@demonstracao.example", "port": "587"},
     ("password",)),
)  # fmt: skip
_APPROVED = {"Lembrete de 48 horas": "lembrete_48h", "Lembrete de 12 horas": "lembrete_12h"}


def load_roads(connection: Connection, clinic_id: UUID, moment: dt.datetime) -> None:
    """Write the channels, texts and rules of one unit, and the key for which its credentials were sealed."""
    key = uuid7()
    insert_rows(
        connection, t.sync_key, [{"id": key, "public_key": secrets.token_bytes(32), "host": "servidor da demonstração"}]
    )
    for position, (kind, provider, name, receives, price, settings, sealed) in enumerate(_CHANNELS):
        channel = uuid7()
        named = {"id": channel, "clinic_id": clinic_id, "kind": kind, "provider": provider, "name": name}
        row = named | {"position": position, "receives": receives, "price": price, "settings": settings}
        insert_rows(connection, t.message_channel, [row])
        insert_rows(connection, t.channel_secret, [_sealed(clinic_id, channel, each, key, moment) for each in sealed])
    for one in STARTERS:
        text = uuid7()
        approved = _APPROVED.get(one.name, "")
        words = {"id": text, "clinic_id": clinic_id, "name": one.name, "subject": one.subject, "body": one.body}
        order = list(dict.fromkeys(variables_in(one.body))) if approved else []
        insert_rows(connection, t.message_template, [words | {"provider_name": approved, "provider_variables": order}])
        when = {"event": str(one.event), "offset_minutes": one.offset_minutes, "late_minutes": one.late_minutes}
        rule = {"id": uuid7(), "clinic_id": clinic_id, "template_id": text, "asks": one.asks, **when}
        insert_rows(connection, t.message_rule, [rule])

    # Last: what the rules plan follows from it.
    policy = {"clinic_id": clinic_id, "active": True, "public_address": "https://mensagens.demonstracao.example"}
    insert_rows(connection, t.messaging_policy, [policy])


def _sealed(clinic_id: UUID, channel_id: UUID, name: str, key: UUID, moment: dt.datetime) -> dict[str, object]:
    own = {"clinic_id": clinic_id, "channel_id": channel_id, "name": name, "sync_key_id": key}
    return own | {"sealed": secrets.token_bytes(64), "set_at": moment - dt.timedelta(days=2)}
