"""What has to be painted anew when the agenda was laid out again: one changed visit is no reason to paint all."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from clinicdesk.desk.agenda.layout import Box, GridLayout, More, PlacedCard
from clinicdesk.domain.agenda import Appointment


@dataclass(frozen=True)
class Laid:
    """A picture as it was laid out last."""

    layout: GridLayout
    shown: Mapping[UUID, Appointment]
    cards: Mapping[UUID, PlacedCard]
    more: tuple[More, ...]


def differing(before: Laid, after: Laid) -> list[Box] | None:
    """The boxes that look otherwise; None when everything may.

    Where a card came, went or changed its place the whole column does: labels of closed time make room for cards.
    """
    if before.layout != after.layout:
        return None
    columns: set[int] = {one.column for one in set(before.more) ^ set(after.more)}
    boxes: list[Box] = []
    for key in before.cards.keys() | after.cards.keys():
        old, new = before.cards.get(key), after.cards.get(key)
        if old != new:
            columns |= {placed.column for placed in (old, new) if placed is not None}
        elif new is not None and before.shown[key] is not after.shown[key]:
            boxes.append(new.box)
    return boxes + [after.layout.column_box(number) for number in sorted(columns)]
