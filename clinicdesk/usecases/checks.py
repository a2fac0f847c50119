"""A thing looked at, as a value: worded elsewhere, and stable for scripts from release to release."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from clinicdesk.errors import ClinicError


class State(StrEnum):
    """How a check went."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


Fact = str | int | bool | tuple[str, ...]


@dataclass(frozen=True)
class Check:
    """One thing looked at. `advice` is a key of what to do or know (empty: nothing); `error` a fact that has words."""

    name: str
    state: State
    facts: Mapping[str, Fact] = field(default_factory=dict)
    advice: str = ""
    error: ClinicError | None = None


def worst(checks: list[Check]) -> State:
    """The gravest state among the checks."""
    order = list(State)
    return max((check.state for check in checks), key=order.index, default=State.OK)


def as_json(checks: list[Check]) -> dict[str, object]:
    """The checks for scripts: names, states, facts and advice keys stay the same from release to release."""
    return {
        "format": 1,
        "state": worst(checks).value,
        "checks": [
            {"name": one.name, "state": one.state.value, "advice": one.advice, "facts": dict(one.facts)}
            for one in checks
        ],
    }
