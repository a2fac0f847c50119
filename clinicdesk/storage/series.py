"""Series as rows: the rule that its visits share."""

import datetime as dt
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, update

from clinicdesk.domain.series import OnHoliday, Rule, Series
from clinicdesk.storage import tables as t

_S = t.series
_COLUMNS = (_S.c.id, _S.c.clinic_id, _S.c.version, _S.c.rule, _S.c.first_day, _S.c.starts, _S.c.on_holiday)


def series(connection: Connection, series_id: UUID, *, locked: bool = False) -> Series | None:
    """One series; None when it is not there or not this person's to see. Locked, no other desk changes it meanwhile."""
    query = select(*_COLUMNS).where(_S.c.id == series_id)
    row = connection.execute(query.with_for_update(key_share=True) if locked else query).one_or_none()
    if row is None:
        return None
    return Series(row[0], row[1], row[2], Rule.read(row[3]), row[4], row[5], OnHoliday(row[6]))


def insert_series(connection: Connection, new: Series) -> None:
    """Write a new series, before its visits."""
    connection.execute(insert(_S), {"id": new.id, "clinic_id": new.clinic_id, **_values(new)})


def rewrite(connection: Connection, wanted: Series, seen_version: int) -> bool:
    """Make a series what is given; False when another desk changed it first."""
    query = update(_S).where(_S.c.id == wanted.id, _S.c.version == seen_version).values(**_values(wanted))
    return connection.execute(query).rowcount == 1


def last_change(connection: Connection, series_id: UUID) -> tuple[int, str, dt.datetime] | None:
    """The current version of a series, who made it and when."""
    row = connection.execute(
        select(_S.c.version, func.coalesce(t.person.c.name, ""), _S.c.updated_at)
        .outerjoin(t.person, t.person.c.id == _S.c.updated_by)
        .where(_S.c.id == series_id)
    ).one_or_none()
    return (row[0], row[1], row[2]) if row else None


def _values(one: Series) -> dict[str, object]:
    return {
        "rule": one.rule.text,
        "first_day": one.first_day,
        "starts": one.starts,
        "on_holiday": one.on_holiday.value,
    }
