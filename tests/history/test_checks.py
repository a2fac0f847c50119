"""The checker finds what it is there for: each kind of anomaly, put into a history that was sound."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.history.checks import (
    FOREVER,
    Deed,
    Version,
    broken_chains,
    deeds_of,
    double_bookings,
    held_and_booked,
    lost_or_doubled,
    refused_for_nothing,
    told_otherwise,
)

HELENA, ROOM = "helena", "room"
History = dict[str, list[Version]]


def version(visit: str, number: int = 1, **changes: Any) -> Version:
    """Helena's, 100 to 200, recorded at second 10 and standing ever since."""
    stood: dict[str, Any] = {
        "number": number,
        "status": "pending",
        "resources": {"professional": HELENA},
        "held": (100.0, 200.0),
    }
    stood |= {"overbooked": False, "starts": 100.0, "note": "", "stands": (10.0, FOREVER), **changes}
    return Version(visit=visit, **stood)


def deed(kind: str, *, ok: bool | None = True, ended: float = 21.0, **wish: Any) -> Deed:
    given = wish.pop("given", {})
    return Deed(
        kind, 20.0, {"resources": {"professional": HELENA}, "from": 100.0, "to": 200.0, **wish}, ended, ok, given
    )


def booked(left: str, number: int = 1, kind: str = "book", **wish: Any) -> Deed:
    return deed(kind, given={"left": [[left, number]]}, **wish)


def sound() -> tuple[History, list[Deed]]:
    history = {
        "a": [version("a", stands=(10.0, 30.0)), version("a", 2, status="cancelled", stands=(30.0, FOREVER))],
        "b": [version("b", stands=(31.0, FOREVER))],
    }
    deeds = [
        booked("a"),
        booked("a", 2, "step", visit="a", seen=1, status="cancelled"),
        booked("b"),
        deed("book", ok=False, given={"refused": "SlotTaken", "what": "professional"}),
    ]
    return history, deeds


CHECKS: list[Callable[[History, list[Deed]], Iterator[str]]] = [
    lambda history, _deeds: double_bookings(history),
    lambda history, _deeds: broken_chains(history),
    lost_or_doubled,
    told_otherwise,
    refused_for_nothing,
    held_and_booked,
]


def anomalies(history: History, deeds: list[Deed]) -> list[str]:
    return [found for check in CHECKS for found in check(history, deeds)]


def test_a_sound_history_is_sound() -> None:
    assert anomalies(*sound()) == []


def test_a_cancelled_visit_makes_room_and_one_that_stands_does_not() -> None:
    history, deeds = sound()
    history["b"] = [version("b", stands=(29.0, FOREVER))]
    assert any("held twice" in one for one in anomalies(history, deeds))
    history["b"] = [version("b", stands=(29.0, FOREVER), overbooked=True)]
    assert anomalies(history, deeds) == []


def test_a_room_is_held_once_whoever_is_overbooked() -> None:
    both = {"professional": HELENA, "room": ROOM}
    history = {name: [version(name, resources=both, overbooked=True)] for name in ("a", "b")}
    assert list(double_bookings(history)) == ["room held twice: a v1, b v1"]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda history, deeds: history["a"].pop(0), "lacks a version"),
        (lambda history, deeds: history["b"].clear(), "is not there"),
        (lambda history, deeds: deeds.append(booked("a", 2, "move", visit="a", seen=1)), "an update was lost"),
        (lambda history, deeds: deeds.pop(0), "versions, and deeds for"),
        (lambda history, deeds: deeds[0].wish.update({"from": 400.0}), "at another time"),
        (lambda history, deeds: deeds[1].wish.update({"status": "no_show"}), "not no_show"),
        (lambda history, deeds: deeds[1].wish.update({"seen": 0}), "was made of v0"),
        (lambda history, deeds: deeds[3].wish.update({"from": 5000.0, "to": 6000.0}), "which nobody had"),
        (lambda history, deeds: deeds[3].wish.update({"resources": {"room": ROOM}}), "which nobody had"),
    ],
)
def test_what_is_wrong_is_found(spoil: Callable[[History, list[Deed]], object], said: str) -> None:
    history, deeds = sound()
    spoil(history, deeds)
    assert any(said in one for one in anomalies(history, deeds)), anomalies(history, deeds)


def test_versions_recorded_out_of_order_are_found() -> None:
    history, deeds = sound()
    history["a"][1] = replace(history["a"][1], stands=(5.0, FOREVER))
    assert any("out of order" in one for one in anomalies(history, deeds))


def test_time_held_by_another_desk_is_not_booked() -> None:
    hold = deed("hold", hold="h", given={"minutes": 5, "held": {"from": 100.0, "to": 200.0}})
    history = {"c": [version("c", stands=(60.0, FOREVER))]}
    assert any("into held time" in one for one in held_and_booked(history, [hold, booked("c")]))
    assert list(held_and_booked(history, [hold, booked("c", hold="h")])) == []
    let_go = deed("release", hold="h")
    assert list(held_and_booked(history, [hold, let_go, booked("c")])) == []


def test_a_hold_or_a_block_is_a_reason() -> None:
    refused = deed("book", ok=False, given={"refused": "SlotTaken", "what": "professional"})
    assert len(list(refused_for_nothing({}, [refused]))) == 1
    for kind in ("hold", "block"):
        assert list(refused_for_nothing({}, [refused, deed(kind, ok=None, ended=FOREVER)])) == []


def test_a_diary_is_put_together() -> None:
    lines = [
        {"deed": "1", "kind": "book", "began": 1.0},
        {"deed": "2", "kind": "move", "began": 2.0},
        {"deed": "1", "ended": 3.0, "ok": True, "left": [["a", 1]]},
    ]
    done, cut_off = deeds_of(lines)
    assert (done.ok, done.ended, cut_off.ok, cut_off.ended) == (True, 3.0, None, FOREVER)
