"""What the audit tells of one thing: who changed which of its fields from what to what, grouped as people saved it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

TOGETHER = dt.timedelta(seconds=2)  # the rows of one save are stamped one after the other
_OF_THE_ROW = frozenset(
    {"id", "version", "created_at", "created_by", "updated_at", "updated_by", "clinic_id", "organisation_id", "slug"}
)


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One row of the audit: a change of one row of the database."""

    at: dt.datetime
    person: str
    desk: str
    table: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field's step. A value that was, or is, not there is None; what lists hold is given as lists."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Alteration:
    """What one person saved at one time. `made`: the thing itself began then; `gone`: it ended."""

    at: dt.datetime
    person: str
    desk: str
    changes: tuple[FieldChange, ...]
    made: bool = False
    gone: bool = False


def alterations(rows: Iterable[AuditRow], own_table: str, lists: Mapping[str, tuple[str, str]]) -> list[Alteration]:
    """The rows of one thing as what was saved, newest first.

    `lists` says which tables hold its lists: the table's name -> the form's field and the column that names what is
    listed. A column of `""` takes the whole row.
    """
    groups: list[list[AuditRow]] = []
    for row in sorted(rows, key=lambda one: one.at):
        if groups and row.person == groups[-1][-1].person and row.at - groups[-1][-1].at <= TOGETHER:
            groups[-1].append(row)
        else:
            groups.append([row])
    found = (_alteration(group, own_table, lists) for group in reversed(groups))
    return [one for one in found if one.changes or one.made or one.gone]


def _alteration(group: list[AuditRow], own_table: str, lists: Mapping[str, tuple[str, str]]) -> Alteration:
    changes: list[FieldChange] = []
    listed: dict[str, tuple[list[Any], list[Any]]] = {}
    made = gone = False
    for row in group:
        if row.table == own_table:
            made, gone = made or row.before is None, gone or row.after is None
            if row.before is not None and row.after is not None:
                changes.extend(_steps(row.before, row.after))
        elif row.table in lists:
            field, column = lists[row.table]
            before, after = listed.setdefault(field, ([], []))
            if row.before is not None:
                before.append(row.before[column] if column else row.before)
            if row.after is not None:
                after.append(row.after[column] if column else row.after)
    changes.extend(FieldChange(field, before, after) for field, (before, after) in listed.items())
    first = group[0]
    return Alteration(first.at, first.person, first.desk, tuple(changes), made, gone)


def _steps(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldChange]:
    names = [name for name in after if name not in _OF_THE_ROW and before.get(name) != after[name]]
    return [FieldChange(name, before.get(name), after[name]) for name in names]
