"""What may not be found in a history: in the kept versions, in what each desk was told, in what the tables add up to.

A version stands from the instant it was recorded to the instant the next one was. Both are taken under the locks of
what the visit holds, so that the order of the instants is the order in which the desks were let in.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg

FOREVER = float("inf")
_KINDS = ("professional", "room", "equipment")


@dataclass(frozen=True)
class Version:
    """One kept version of a visit. Times are seconds; `held` includes the buffers."""

    visit: str
    number: int
    status: str
    resources: Mapping[str, str]
    held: tuple[float, float]
    overbooked: bool
    starts: float
    note: str
    stands: tuple[float, float]

    @property
    def holds(self) -> bool:
        """Whether it keeps anybody else out."""
        return self.status not in ("cancelled", "no_show")


@dataclass
class Deed:
    """What a desk wished and what it was told; `ended` is endless for one that was cut off."""

    kind: str
    began: float
    wish: Mapping[str, Any]
    ended: float = FOREVER
    ok: bool | None = None
    given: Mapping[str, Any] = field(default_factory=dict)


def deeds_of(lines: Sequence[Mapping[str, Any]]) -> list[Deed]:
    """The deeds of all diaries, beginnings and ends put together."""
    found: dict[str, Deed] = {}
    for line in lines:
        if "kind" in line:
            found[line["deed"]] = Deed(line["kind"], line["began"], line)
        else:
            deed = found[line["deed"]]
            deed.ended, deed.ok, deed.given = line["ended"], line["ok"], line
    return list(found.values())


def versions_of(connection: psycopg.Connection[Any]) -> dict[str, list[Version]]:
    """Every kept version, by visit, in order."""
    rows = connection.execute(
        """
        SELECT appointment_id, version, status, professional_id, room_id, equipment_id,
               extract(epoch FROM starts_at - make_interval(mins => buffer_before))::float8,
               extract(epoch FROM ends_at + make_interval(mins => buffer_after))::float8, overbooking_reason <> '',
               extract(epoch FROM starts_at)::float8, note, extract(epoch FROM recorded_at)::float8,
               lead(extract(epoch FROM recorded_at)::float8, 1, 'Infinity')
                   OVER (PARTITION BY appointment_id ORDER BY version)
          FROM clinicdesk.appointment_version ORDER BY appointment_id, version
        """
    )
    found: dict[str, list[Version]] = defaultdict(list)
    for row in rows:
        resources = {kind: str(one) for kind, one in zip(_KINDS, row[3:6], strict=True) if one}
        found[str(row[0])].append(
            Version(
                str(row[0]), row[1], row[2], resources, (row[6], row[7]), row[8], row[9], row[10], (row[11], row[12])
            )
        )
    return dict(found)


def double_bookings(history: Mapping[str, Sequence[Version]]) -> Iterator[str]:
    """Two visits that held the same thing for the same time, while both stood."""
    by_resource: dict[str, list[tuple[Version, bool]]] = defaultdict(list)
    for versions in history.values():
        for version in versions:
            for kind, resource in version.resources.items():
                if version.holds:
                    by_resource[resource].append((version, version.overbooked and kind == "professional"))
    for resource, found in by_resource.items():
        found.sort(key=lambda one: one[0].held)
        for number, (version, exempt) in enumerate(found):
            for other, other_exempt in found[number + 1 :]:
                if other.held[0] >= version.held[1]:
                    break
                apart = version.visit == other.visit or exempt or other_exempt
                if not apart and _meet(version.stands, other.stands):
                    yield f"{resource} held twice: {version.visit} v{version.number}, {other.visit} v{other.number}"


def broken_chains(history: Mapping[str, Sequence[Version]]) -> Iterator[str]:
    """A visit whose versions have a gap, or were recorded out of their order."""
    for visit, versions in history.items():
        if [one.number for one in versions] != list(range(1, len(versions) + 1)):
            yield f"{visit} lacks a version"
        times = [one.stands[0] for one in versions]
        if times != sorted(times):
            yield f"{visit} was recorded out of order"


def lost_or_doubled(history: Mapping[str, Sequence[Version]], deeds: Sequence[Deed]) -> Iterator[str]:
    """A deed that was acknowledged and left no version, one that left two, a version that nobody's deed explains."""
    left: Counter[tuple[str, int]] = Counter()
    series_changes = 0
    for deed in deeds:
        for visit, number in deed.given.get("left", ()) if deed.ok else ():
            left[visit, number] += 1
            if not any(one.number == number for one in history.get(visit, ())):
                yield f"{deed.kind} was acknowledged and is not there: {visit} v{number}"
        series_changes += deed.kind == "cancel_series"
    for (visit, number), times in left.items():
        if times > 1:
            yield f"{visit} v{number} was given to {times} deeds: an update was lost"
    cut_off = sum(deed.ended == FOREVER for deed in deeds)
    total = sum(map(len, history.values()))
    # What was cut off may have happened or not; a series that is given up leaves one version for each of its visits.
    most = len(left) + cut_off * 3
    if not len(left) <= total <= most:
        yield f"{total} versions, and deeds for {len(left)} to {most}"


def told_otherwise(history: Mapping[str, Sequence[Version]], deeds: Sequence[Deed]) -> Iterator[str]:
    """A deed whose version says something else than was wished."""
    for deed in deeds:
        if not deed.ok or deed.kind not in ("book", "move", "step", "edit", "take"):
            continue
        visit, number = deed.given["left"][0]
        version = next((one for one in history.get(visit, ()) if one.number == number), None)
        if version is None:
            continue
        if deed.kind in ("book", "move", "take") and abs(version.starts - deed.wish["from"]) > 1e-3:
            yield f"{deed.kind} of {visit} v{number} stands at another time"
        if deed.kind == "step" and version.status != deed.wish["status"]:
            yield f"{visit} v{number} is {version.status}, not {deed.wish['status']}"
        if deed.kind == "edit" and version.note != deed.wish["note"]:
            yield f"{visit} v{number} has another note"
        if "seen" in deed.wish and number != deed.wish["seen"] + 1:
            yield f"{visit} v{number} was made of v{deed.wish['seen']}"


def refused_for_nothing(history: Mapping[str, Sequence[Version]], deeds: Sequence[Deed]) -> Iterator[str]:
    """A place said to be taken that nobody had at any time while the wish was under way."""
    standing = [version for versions in history.values() for version in versions if version.holds]
    kept = list(_kept_by_other_means(deeds))
    for deed in deeds:
        if deed.ok is not False or deed.given.get("refused") != "SlotTaken" or "resources" not in deed.wish:
            continue
        # Buffers of the service wished for may reach further than its time; the longest here are a quarter of an hour.
        wanted = (deed.wish["from"] - 900, deed.wish["to"] + 900)
        resources = {str(one) for one in deed.wish["resources"].values() if one}
        time = (deed.began - 1, deed.ended + 1)
        by_visit = any(
            resources & set(one.resources.values())
            and one.visit != deed.wish.get("visit")
            and _meet(one.held, wanted)
            and _meet(one.stands, time)
            for one in standing
        )
        by_hold = any(resources & held and _meet(span, wanted) and _meet(stood, time) for held, span, stood in kept)
        if not by_visit and not by_hold:
            yield f"a {deed.kind} was refused for {deed.given['what']}, which nobody had"


def held_and_booked(history: Mapping[str, Sequence[Version]], deeds: Sequence[Deed]) -> Iterator[str]:
    """A visit booked into time that somebody else held just then."""
    ends: dict[str, float] = {}
    for deed in deeds:
        if deed.wish.get("hold") and deed.kind in ("book", "release"):
            ends[str(deed.wish["hold"])] = deed.began
    by = {
        str(deed.given["left"][0][0]): str(deed.wish.get("hold")) for deed in deeds if deed.ok and deed.kind == "book"
    }
    for deed in deeds:
        if deed.kind != "hold" or not deed.ok:
            continue
        key = str(deed.wish["hold"])
        span = (deed.given["held"]["from"], deed.given["held"]["to"])
        stood = (deed.ended, min(ends.get(key, FOREVER), deed.began + 60 * deed.given["minutes"]) - 0.5)
        resources = {str(one) for one in deed.wish["resources"].values() if one}
        for visit, versions in history.items():
            first = versions[0]
            if by.get(visit) == key or first.overbooked or not stood[0] < first.stands[0] < stood[1]:
                continue
            if resources & set(first.resources.values()) and _meet(first.held, span):
                yield f"{visit} was booked into held time"


def taken_twice(connection: psycopg.Connection[Any], deeds: Sequence[Deed]) -> Iterator[str]:
    """Somebody of the waiting list who was booked by two desks, or whose booking is not theirs."""
    taken = Counter(str(deed.wish["entry"]) for deed in deeds if deed.kind == "take" and deed.ok)
    yield from (f"entry {entry} was booked {times} times" for entry, times in taken.items() if times > 1)
    rows = connection.execute(
        "SELECT w.id FROM clinicdesk.waiting_entry w LEFT JOIN clinicdesk.appointment a ON a.id = w.appointment_id"
        " WHERE (w.state = 'booked') <> (a.id IS NOT NULL) OR a.patient_id <> w.patient_id"
    )
    yield from (f"entry {row[0]} is booked for somebody else" for row in rows)


def sums_that_differ(connection: psycopg.Connection[Any]) -> Iterator[str]:
    """What the database keeps beside the visits, against what the visits say."""
    for name, query in _SUMS.items():
        row = connection.execute(query.encode()).fetchone()
        if row and row[0]:
            yield f"{name}: {row[0]}"


_SUMS = {
    "versions without audit": """
        SELECT (SELECT count(*) FROM clinicdesk.appointment_version)
             - (SELECT count(*) FROM clinicdesk.audit WHERE table_name = 'appointment')""",
    "visits that are not their last version": """
        SELECT count(*) FROM clinicdesk.appointment a
         WHERE NOT EXISTS (SELECT 1 FROM clinicdesk.appointment_version v
                            WHERE v.appointment_id = a.id AND v.version = a.version AND v.status = a.status
                              AND v.starts_at = a.starts_at AND v.professional_id = a.professional_id)""",
    "holds that follow from no visit": """
        SELECT count(*) FROM clinicdesk.resource_hold h JOIN clinicdesk.appointment a ON a.id = h.appointment_id
         WHERE a.status IN ('cancelled', 'no_show')
            OR lower(h.during) <> a.starts_at - make_interval(mins => a.buffer_before)
            OR h.resource_id NOT IN (SELECT unnest(ARRAY[a.professional_id, a.room_id, a.equipment_id]))""",
    "visits that hold too little": """
        SELECT count(*) FROM clinicdesk.appointment a
         WHERE a.status NOT IN ('cancelled', 'no_show')
           AND num_nonnulls(a.professional_id, a.room_id, a.equipment_id)
               <> (SELECT count(*) FROM clinicdesk.resource_hold h WHERE h.appointment_id = a.id)""",
    "visits under a block": """
        SELECT count(*) FROM clinicdesk.appointment a JOIN clinicdesk.time_block b ON b.active AND b.kind = 'block'
           AND b.resource_id IN (a.professional_id, a.room_id, a.equipment_id)
           AND b.starts_at < a.ends_at AND b.ends_at > a.starts_at
         WHERE a.status NOT IN ('cancelled', 'no_show') AND a.status_at < b.created_at
           AND a.updated_at > b.created_at + interval '1 second' AND a.updated_at = a.status_at""",
    "metrics that a recount puts right": "SELECT clinicdesk.recount_metrics()",
    "cards still pinned": "SELECT count(*) FROM clinicdesk.pinned_card",
}


def _kept_by_other_means(deeds: Sequence[Deed]) -> Iterator[tuple[set[str], tuple[float, float], tuple[float, float]]]:
    """Holds and blocks, with the time they kept and from when to when they did."""
    for deed in deeds:
        if deed.kind in ("hold", "block") and deed.ok is not False:
            minutes = deed.given.get("minutes", 24 * 60)
            span = (deed.wish["from"] - 900, deed.wish["to"] + 900)
            yield (
                {str(one) for one in deed.wish["resources"].values() if one},
                span,
                (deed.began, deed.began + minutes * 60),
            )


def _meet(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def unheard(heard: Mapping[UUID, int], connection: psycopg.Connection[Any]) -> Iterator[str]:
    """A visit whose last version was told to nobody."""
    for visit, version in connection.execute("SELECT id, version FROM clinicdesk.appointment"):
        if heard.get(visit, 0) < version:
            yield f"{visit} v{version} was not heard of"
