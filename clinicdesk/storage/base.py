"""What every table shares: the schema, the naming convention of constraints, and the column types of the house."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Numeric,
    SmallInteger,
    Text,
    Uuid,
    text,
)
from sqlalchemy.schema import SchemaItem

SCHEMA = "clinicdesk"

metadata = MetaData(
    schema=SCHEMA,
    naming_convention={
        "ix": "%(table_name)s_%(column_0_N_name)s_index",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "pk": "%(table_name)s_pkey",
    },
)

Instant = DateTime(timezone=True)
Money = Numeric(12, 2)


def key(name: str = "id") -> Column[object]:
    """A primary key made by the client: UUIDv7, so that rows land in order."""
    return Column(name, Uuid, primary_key=True)


def clinic_key() -> Column[object]:
    """The clinic a row belongs to; row security reads it."""
    return Column("clinic_id", Uuid, nullable=False)


def of_clinic(*columns: str) -> list[ForeignKeyConstraint]:
    """Foreign keys that carry the clinic, so that no row can point into another one."""
    return [
        ForeignKeyConstraint(["clinic_id", column], [f"{table}.clinic_id", f"{table}.id"])
        for column, table in (each.split(":") for each in columns)
    ]


def words(name: str, default: str = "") -> Column[object]:
    """A text that is never null, because empty says it already."""
    return Column(name, Text, nullable=False, server_default=default)


def stamps() -> list[Column[object]]:
    """Version, and who wrote the row when: filled by trigger, never by a client."""
    return [
        Column("version", Integer, nullable=False, server_default="1"),
        Column("created_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
        Column("created_by", Uuid),
        Column("updated_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
        Column("updated_by", Uuid),
    ]


def hue(default: int = 200) -> list[SchemaItem]:
    """A colour as the angle of its hue; 10–40 is the arc of danger and not given away."""
    return [
        Column("hue", SmallInteger, nullable=False, server_default=str(default)),
        CheckConstraint("hue BETWEEN 0 AND 359 AND hue NOT BETWEEN 10 AND 40", name="hue"),
    ]
