"""Tells a scanner from a hand by shape and speed: letter by letter, without Qt and without a clock of its own.

A scanner types a whole code faster than anybody types three letters. Only what may still become a code is held back,
so of what a person types it is a C that may wait, and that no longer than `GAP`.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

from clinicdesk.domain.check_in import LENGTH, continues, readings

GAP = 0.06  # seconds between two letters of a scanner, at most; a slow wireless one takes half of it
ENDINGS = ("\r", "\n", "\t")
Event = TypeVar("Event")


@dataclass(frozen=True)
class Verdict(Generic[Event]):
    """What is to be done: give back `released` in their order, then let the key pass unless it is `held`."""

    held: bool = False
    released: tuple[Event, ...] = ()
    scanned: str = ""


class Burst(Generic[Event]):
    """Feed it every key in order. What it holds it gives back, or it was a code. Moments are seconds of any clock."""

    def __init__(self, gap: float = GAP) -> None:
        self._gap = gap
        self._letters = ""
        self._events: list[Event] = []
        self._last = float("-inf")
        self._ended = float("-inf")

    @property
    def holds(self) -> bool:
        """Whether anything waits to be given back."""
        return bool(self._events)

    def would_hold(self, letter: str, at: float) -> bool:
        """Whether `feed` would hold this key, without feeding it."""
        if letter in ENDINGS:
            return (self._whole() and self._quick(at)) or at - self._ended <= self._gap
        place = len(self._letters) if self._quick(at) and len(self._letters) < LENGTH else 0
        return len(letter) == 1 and (continues(place, letter) or continues(0, letter))

    def feed(self, letter: str, event: Event, at: float) -> Verdict[Event]:
        """A key went down."""
        if letter in ENDINGS:
            return self._end(at)
        place = len(self._letters)
        if self._quick(at) and 0 < place < LENGTH and len(letter) == 1 and continues(place, letter):
            return self._hold(letter, event, at)
        released = self.give_back()
        if len(letter) == 1 and continues(0, letter):
            self._hold(letter, event, at)
            return Verdict(True, released)
        return Verdict(False, released)

    def accompany(self, event: Event) -> bool:
        """Keep a release of a key behind the keys that are held; False when nothing is."""
        if self._events:
            self._events.append(event)
        return bool(self._events)

    def expire(self) -> Verdict[Event]:
        """Nothing came for longer than the gap: a whole code needs no ending, anything else was typed by a hand."""
        if self._whole():
            return Verdict(scanned=self._take())
        return Verdict(released=self.give_back())

    def give_back(self) -> tuple[Event, ...]:
        """Everything that is held, in its order."""
        events, self._events, self._letters = tuple(self._events), [], ""
        return events

    def _hold(self, letter: str, event: Event, at: float) -> Verdict[Event]:
        self._letters += letter
        self._events.append(event)
        self._last = at
        return Verdict(True)

    def _end(self, at: float) -> Verdict[Event]:
        if self._whole() and self._quick(at):
            self._ended = at
            return Verdict(True, scanned=self._take())
        if at - self._ended <= self._gap:  # carriage return and line feed
            return Verdict(True)
        return Verdict(False, self.give_back())

    def _quick(self, at: float) -> bool:
        return at - self._last <= self._gap

    def _whole(self) -> bool:
        return bool(readings(self._letters))

    def _take(self) -> str:
        letters = self._letters
        self.give_back()
        return letters
