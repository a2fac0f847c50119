"""One change to many rows of the register, in one statement each, and in an order in which two desks cannot meet."""

import json
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, text

from clinicdesk.domain.bulk_update import (
    BulkChange,
    BulkLine,
    BulkPatient,
    Held,
    PutTag,
    SetOwnField,
    SetSource,
    SetVip,
    TakeTag,
)

_CHOSEN = text(
    """
    SELECT p.id, coalesce(nullif(p.social_name, ''), p.full_name), p.version, p.source, p.vip, p.custom,
           ARRAY (SELECT worn.tag_id FROM clinicdesk.patient_tag worn WHERE worn.patient_id = p.id)
      FROM clinicdesk.patient p
     WHERE p.merged_into IS NULL AND p.id = ANY (:ids)
     ORDER BY p.sort_name, p.id
    """
)
_LOCK = text(
    """
    SELECT p.id FROM clinicdesk.patient p
      JOIN unnest(CAST(:ids AS uuid[]), CAST(:versions AS int[])) AS seen (id, version) USING (id)
     WHERE p.merged_into IS NULL AND p.version = seen.version
     ORDER BY p.id FOR UPDATE OF p
    """
)
_PUT = text(
    "INSERT INTO clinicdesk.patient_tag (patient_id, tag_id) SELECT id, :tag FROM unnest(CAST(:ids AS uuid[])) AS id"
    " ORDER BY id ON CONFLICT DO NOTHING RETURNING patient_id"
)
_TAKE = text("DELETE FROM clinicdesk.patient_tag WHERE tag_id = :tag AND patient_id = ANY (:ids) RETURNING patient_id")
# A column as JSON, and the same column written from JSON; both for `p` and for a parameter or a row of values.
_SOURCE = ("to_jsonb(p.source)", "source = {value} #>> '{{}}'")
_VIP = ("to_jsonb(p.vip)", "vip = ({value})::text::boolean")
_OWN = (
    "coalesce(p.custom -> CAST(:field AS text), 'null')",
    "custom = CASE WHEN {value} = 'null' THEN p.custom - CAST(:field AS text)"
    " ELSE p.custom || jsonb_build_object(CAST(:field AS text), {value}) END",
)


def chosen(connection: Connection, ids: Sequence[UUID]) -> list[BulkPatient]:
    """Those of the patients who are still there, by name."""
    rows = connection.execute(_CHOSEN, {"ids": list(ids)})
    return [BulkPatient(row[0], row[1], row[2], row[3], row[4], row[5], frozenset(row[6])) for row in rows]


def write(connection: Connection, change: BulkChange, lines: Sequence[BulkLine], value: Held) -> frozenset[UUID]:
    """Make the change to everybody who is still as seen; who that was."""
    seen = {"ids": [one.patient_id for one in lines], "versions": [one.version for one in lines]}
    unchanged = list(connection.execute(_LOCK, seen).scalars())
    match change:
        case PutTag(tag_id):
            done = connection.execute(_PUT, {"ids": unchanged, "tag": tag_id}).scalars()
        case TakeTag(tag_id):
            done = connection.execute(_TAKE, {"ids": unchanged, "tag": tag_id}).scalars()
        case _:
            _read, written = _column(change)
            query = (
                f"UPDATE clinicdesk.patient p SET {written.format(value='CAST(:value AS jsonb)')}"
                " WHERE p.id = ANY (:ids) RETURNING p.id"
            )
            asked = {"ids": unchanged, "value": _json(value), **_field(change)}
            done = connection.execute(text(query), asked).scalars()
    return frozenset(done)


def put_back(connection: Connection, change: BulkChange, lines: Sequence[BulkLine], value: Held) -> frozenset[UUID]:
    """Give back what was there before to everybody who still has `value`; who that was."""
    ids = sorted(one.patient_id for one in lines)
    match change:
        case PutTag(tag_id):
            return frozenset(connection.execute(_TAKE, {"ids": ids, "tag": tag_id}).scalars())
        case TakeTag(tag_id):
            there = [one.id for one in chosen(connection, ids)]
            return frozenset(connection.execute(_PUT, {"ids": there, "tag": tag_id}).scalars())
    read, written = _column(change)
    connection.execute(
        text("SELECT 1 FROM clinicdesk.patient WHERE id = ANY (:ids) ORDER BY id FOR UPDATE"), {"ids": ids}
    )
    query = (
        f"UPDATE clinicdesk.patient p SET {written.format(value='was.before')}"
        " FROM unnest(CAST(:all AS uuid[]), CAST(:befores AS jsonb[])) AS was (id, before)"
        f" WHERE p.id = was.id AND p.merged_into IS NULL AND {read} = CAST(:value AS jsonb) RETURNING p.id"
    )
    asked = {
        "all": [one.patient_id for one in lines],
        "befores": [_json(one.before) for one in lines],
        "value": _json(value),
        **_field(change),
    }
    return frozenset(connection.execute(text(query), asked).scalars())


def _column(change: BulkChange) -> tuple[str, str]:
    match change:
        case SetSource():
            return _SOURCE
        case SetVip():
            return _VIP
        case _:
            return _OWN


def _field(change: BulkChange) -> dict[str, object]:
    return {"field": str(change.field_id)} if isinstance(change, SetOwnField) else {}


def _json(value: Held) -> str:
    return json.dumps(value)
