"""A process that sends, over a copy of the organisation and a Meta on loopback: in a thread here, or as a program."""

import contextlib
import datetime as dt
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import UUID, uuid4

from clinicdesk.errors import ClinicUnreachable
from clinicdesk.keychain import FieldPlace
from clinicdesk.sealing import public_key_of, seal_to
from clinicdesk.usecases.local import Local
from clinicdesk.usecases.sync_account import SyncAccount, sign_in_here
from sync.at_work import put_together
from tests.office import Office, at, put, value
from tests.outgoing import Outgoing
from tests.sync.fakes.meta import FakeMeta

PHONE = "+5511987654321"
_MANY = """
    WITH somebody AS (
        INSERT INTO clinicdesk.patient (id, full_name, phone)
        SELECT gen_random_uuid(), 'Paciente ' || translate(n::text, '0123456789', 'abcdefghij'),
               '+55119' || lpad((random() * 99999999)::int::text, 8, '0')
          FROM generate_series(1, %(count)s) n
        RETURNING id
    ), allowed AS (
        INSERT INTO clinicdesk.consent (id, patient_id, purpose, channel, words)
        SELECT gen_random_uuid(), id, 'care', 'whatsapp', 'Sim.' FROM somebody
    )
    INSERT INTO clinicdesk.outgoing_message (id, clinic_id, kind, patient_id, template_id, expires_at)
    SELECT gen_random_uuid(), %(clinic)s, 'check_in', id, %(template)s, clock_timestamp() + interval '4 hours'
      FROM somebody
"""

_VISITS = """
    WITH somebody AS (
        INSERT INTO clinicdesk.patient (id, full_name, phone)
        SELECT gen_random_uuid(), 'Paciente ' || translate(n::text, '0123456789', 'abcdefghij'),
               '+55119' || lpad((random() * 99999999)::int::text, 8, '0')
          FROM generate_series(1, %(count)s) n
        RETURNING id
    ), allowed AS (
        INSERT INTO clinicdesk.consent (id, patient_id, purpose, channel, words)
        SELECT gen_random_uuid(), id, 'care', 'whatsapp', 'Sim.' FROM somebody
    )
    INSERT INTO clinicdesk.appointment (id, clinic_id, patient_id, professional_id, service_id, starts_at, ends_at)
    SELECT gen_random_uuid(), %(clinic)s, id, %(professional)s, %(service)s, starts, starts + interval '30 minutes'
      FROM (SELECT id, %(first)s + interval '30 minutes' * row_number() OVER () AS starts FROM somebody) each
    RETURNING id
"""
_REMIND = """
    INSERT INTO clinicdesk.outgoing_message
        (id, clinic_id, kind, rule_id, template_id, patient_id, appointment_id, visit_at, expires_at)
    SELECT gen_random_uuid(), clinic_id, 'reminder', %(rule)s, %(template)s, patient_id, id, starts_at,
           clock_timestamp() + interval '4 hours'
      FROM clinicdesk.appointment WHERE id = ANY (%(visits)s)
"""


class Sending:
    """The clinic that sends: its channels, its messages, and the account of the process."""

    def __init__(self, office: Office, account: SyncAccount) -> None:
        self.office, self.account = office, account
        self.laid = Outgoing(office)
        self.admin = self.laid.admin
        self.approved = self.laid.template(provider_name="confirmacao_consulta")
        self._reminded = 0
        self._reminding: tuple[UUID, UUID] | None = None

    def renew(self) -> None:
        """Other connections, after the server was gone."""
        self.admin = self.laid.admin = self.office.admin()
        with contextlib.suppress(ClinicUnreachable):  # what lay in the pool is found dead once
            self.account.clinics()

    def meta(self, meta: FakeMeta, **changes: object) -> UUID:
        """A channel to a fake Meta, with its credentials sealed for the process."""
        row = {"address": meta.address, "settings": _json(meta.settings), "receives": "nothing", "per_minute": 6000}
        channel = self.laid.channel("whatsapp", "meta", **(row | changes))
        self.seal(channel, meta.secrets)
        return channel

    def seal(self, channel: UUID, secrets: Mapping[str, str]) -> None:
        """Type a channel's credentials."""
        for name, secret in secrets.items():
            place = FieldPlace(self.laid.clinic_id, "channel_secret", channel, name)
            sealed = seal_to(public_key_of(self.account.private_key), place, secret.encode())
            self.admin.execute(
                "DELETE FROM clinicdesk.channel_secret WHERE channel_id = %s AND name = %s", [channel, name]
            )
            put(self.admin, "channel_secret", channel_id=channel, name=name, clinic_id=self.laid.clinic_id,
                sync_key_id=self.account.key_id, sealed=sealed)  # fmt: skip

    def say(self, channel: UUID, words: str = "Olá") -> UUID:
        """A message that goes at once, whatever the rules say."""
        row = uuid4()
        self.admin.execute(
            "INSERT INTO clinicdesk.outgoing_message"
            " (id, clinic_id, kind, channel_id, template_id, recipient, body, expires_at)"
            " VALUES (%s, %s, 'test', %s, %s, %s, %s, clock_timestamp() + interval '4 hours')",
            [row, self.laid.clinic_id, channel, self.approved, PHONE, words],
        )
        return row

    def say_many(self, channel: UUID, count: int) -> None:
        """As many messages at once, each to somebody else who allowed it."""
        self.admin.execute(_MANY, {"clinic": self.laid.clinic_id, "template": self.approved, "count": count})

    def remind_many(self, count: int) -> None:
        """As many reminders at once, each of a visit of somebody else, with names and times, and asking."""
        if self._reminding is None:
            self._reminding = self._rule_that_asks()
        rule, template = self._reminding
        sample = self.office.sample
        policy = "UPDATE clinicdesk.messaging_policy SET active = %s"
        with self.admin.transaction():  # nobody is told that they were booked, and no process sees the clinic silent
            self.admin.execute(policy, [False])
            visits = self.admin.execute(
                _VISITS,
                {
                    "count": count,
                    "clinic": self.laid.clinic_id,
                    "professional": sample.professionals["helena"],
                    "service": sample.services["visit"],
                    "first": at(8) + self._reminded * dt.timedelta(minutes=30),
                },
            ).fetchall()
            self.admin.execute(policy, [True])
        self._reminded += count
        self.admin.execute(_REMIND, {"rule": rule, "template": template, "visits": [one[0] for one in visits]})

    def _rule_that_asks(self) -> tuple[UUID, UUID]:
        self.admin.execute(
            "UPDATE clinicdesk.messaging_policy SET quiet_from = '00:00', quiet_to = '00:00', on_sundays = true"
        )
        template = self.laid.template(
            "Olá, {first_name}! Sua visita é {day} às {time}, com {professional}.",
            provider_name="confirmacao_de_visita",
            provider_variables=["first_name", "day", "time", "professional"],
        )
        return self.laid.rule(offset_minutes=48 * 60, asks=True, channels=["whatsapp"], template_id=template), template

    def states(self) -> dict[str, int]:
        """How many messages stand where, but for those that rules plan for other years."""
        return dict(
            self.admin.execute(
                "SELECT state, count(*) FROM clinicdesk.outgoing_message"
                " WHERE planned_for < clock_timestamp() + interval '1 day' GROUP BY 1"
            ).fetchall()
        )

    def jobs(self) -> int:
        """How many jobs wait or are done, but for those of other years."""
        statement = (
            "SELECT count(*) FROM queue.procrastinate_jobs WHERE status IN ('todo', 'doing')"
            " AND coalesce(scheduled_at, now()) < now() + interval '1 day'"
        )
        return int(value(self.admin, statement))


@contextlib.contextmanager
def sending(office: Office, folder: Path) -> Iterator[Sending]:
    """A clinic whose process has signed in once."""
    with sign_in_here(Local(folder, office.cluster, office.database)) as account:
        yield Sending(office, account)


@contextlib.contextmanager
def at_work(account: SyncAccount, gateway_port: int | None = None) -> Iterator[threading.Event]:
    """A process at work in a thread; setting the event stops it, as leaving does."""
    stopping = threading.Event()
    with put_together(account, stopping, gateway_port=gateway_port) as process:
        thread = threading.Thread(target=process.run, name="process")
        thread.start()
        try:
            yield stopping
        finally:
            stopping.set()
            thread.join(30)
            assert not thread.is_alive()


def _json(settings: Mapping[str, object]) -> object:
    from psycopg.types.json import Jsonb

    return Jsonb(dict(settings))
