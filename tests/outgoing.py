"""A clinic that sends: channels, rules and consents of the sample, and messages to hand over."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from clinicdesk.storage.engine import login_of
from clinicdesk.usecases.clinic import Clinic
from tests.office import Office, at, put, value

NOON = at(12)


class _ActingAs:
    """Stands where an engine stands: each transaction is a savepoint of the administrator's, under another login."""

    def __init__(self, connection: Connection, login: str) -> None:
        self._connection = connection
        self._login = login

    @contextlib.contextmanager
    def begin(self) -> Iterator[Connection]:
        with self._connection.begin_nested():
            self._connection.exec_driver_sql(f'SET SESSION AUTHORIZATION "{self._login}"')
            yield self._connection
            self._connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
            self._connection.exec_driver_sql("RESET SESSION AUTHORIZATION")

    def dispose(self) -> None:
        """The connection is the ground's to close."""


class Grounds:
    """Gives out grounds in which nothing is committed; `close` rolls all back."""

    def __init__(self, office: Office) -> None:
        self._office = office
        arguments: dict[str, Any] = dict(office.cluster.admin_conninfo(office.database))
        self._engine = create_engine(
            "postgresql+psycopg://", creator=lambda: psycopg.connect(**arguments), poolclass=NullPool
        )
        self._connection = self._engine.connect()

    def ground(self, *, on: bool = True) -> "Outgoing":
        """The sample's clinic, sending or not."""
        driver: Any = self._connection.connection.driver_connection
        driver.execute("SELECT 1")  # from here on a block of its own is a savepoint and does not commit
        self._connection.begin()
        return Outgoing(self._office, driver, on=on)

    def acting(self, login: str, clinic: str = "ipe") -> Clinic:
        """A login at work over the same connection, with its own rights."""
        made = self._office.robot(clinic) if login == "sync" else self._office.desk(login, clinic)
        engine: Any = _ActingAs(self._connection, login_of(self._office.database, login))
        return Clinic(engine, self._office.conninfo(login), made.person, made.id, "mesa 1", None)

    def close(self) -> None:
        """Roll everything back."""
        self._connection.close()
        self._engine.dispose()


class Outgoing:
    """What a test of the outbox needs to have in the database, written by the administrator."""

    def __init__(self, office: Office, admin: psycopg.Connection[Any] | None = None, *, on: bool = True) -> None:
        self.office = office
        self.admin: psycopg.Connection[Any] = admin or office.admin()
        self.clinic_id = office.sample.clinics["ipe"]
        self.ana = office.sample.patients["ana"]
        address = "https://recepcao.clinica-ipe.example"
        put(self.admin, "messaging_policy", clinic_id=self.clinic_id, active=on, public_address=address)

    def channel(self, kind: str = "whatsapp", provider: str = "zapi", **changes: object) -> UUID:
        """A channel, without a window unless the provider says so."""
        row = {"id": uuid4(), "clinic_id": self.clinic_id, "kind": kind, "provider": provider, "receives": "webhook"}
        row |= {"name": f"{kind} {uuid4().hex[:6]}"} | changes
        put(self.admin, "message_channel", **row)
        return UUID(str(row["id"]))

    def template(self, body: str = "Olá, {first_name}: {day} às {time}.", **changes: object) -> UUID:
        """A text."""
        row = {"id": uuid4(), "clinic_id": self.clinic_id, "name": uuid4().hex[:12], "body": body} | changes
        put(self.admin, "message_template", **row)
        return UUID(str(row["id"]))

    def rule(self, event: str = "reminder", **changes: object) -> UUID:
        """A rule with a text of its own."""
        row = {"id": uuid4(), "clinic_id": self.clinic_id, "event": event} | changes
        row.setdefault("template_id", self.template())
        put(self.admin, "message_rule", **row)
        return UUID(str(row["id"]))

    def consent(self, patient: str = "ana", *channels: str, purpose: str = "care") -> None:
        """What somebody allowed; WhatsApp unless said."""
        for channel in channels or ("whatsapp",):
            put(self.admin, "consent", id=uuid4(), patient_id=self.office.sample.patients[patient], purpose=purpose,
                channel=channel, words="Sim.")  # fmt: skip

    def message(self, rule: UUID | None = None, **changes: object) -> UUID:
        """A reminder to Ana, due at noon of the day before the visit and good for four hours."""
        row: dict[str, object] = {
            "id": uuid4(),
            "clinic_id": self.clinic_id,
            "kind": "reminder",
            "patient_id": self.ana,
            "planned_for": NOON - dt.timedelta(days=1),
            "expires_at": NOON - dt.timedelta(hours=20),
        } | changes
        if rule is not None:
            found = self.admin.execute("SELECT template_id FROM clinicdesk.message_rule WHERE id = %s", [rule])
            (template_id,) = found.fetchone() or (None,)
            row |= {"rule_id": rule, "template_id": template_id}
        if row.get("appointment_id") is not None and "visit_at" not in row:
            row["visit_at"] = self.one("appointment", row["appointment_id"], "starts_at")
        put(self.admin, "outgoing_message", **row)
        return UUID(str(row["id"]))

    def one(self, table: str, key: object, column: str = "state") -> Any:
        """A column of a row."""
        return value(self.admin, f"SELECT {column} FROM clinicdesk.{table} WHERE id = %s", [key])

    def state(self, message: UUID) -> tuple[str, str]:
        """Where a message stands, and why."""
        row = self.admin.execute(
            "SELECT state, reason FROM clinicdesk.outgoing_message WHERE id = %s", [message]
        ).fetchone()
        assert row is not None
        return row[0], row[1]
