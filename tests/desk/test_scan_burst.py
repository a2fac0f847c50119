"""A scanner is told from a hand, and of what a hand types nothing is lost, doubled or out of order."""

from dataclasses import dataclass, field

from hypothesis import example, given
from hypothesis import strategies as st

from clinicdesk.desk.scan_burst import GAP, Burst
from tests.domain.test_check_in import CODES, LAYOUTS, typed_on

QUICK = st.floats(0.0, GAP * 0.95)
SLOW = st.floats(GAP * 1.2, 2.0)
ENDING = st.sampled_from(["\r", "\n", "\t", "\r\n", ""])


@dataclass
class Desk:
    """A keyboard, a clock and what arrives; the silence is noticed as the desk's timer would."""

    burst: Burst[int] = field(default_factory=Burst)
    now: float = 100.0
    count: int = 0
    came: list[int] = field(default_factory=list)
    scans: list[str] = field(default_factory=list)

    def press(self, letter: str, after: float) -> None:
        if after > GAP:
            self.silence()
        self.now += after
        expected = self.burst.would_hold(letter, self.now)
        verdict = self.burst.feed(letter, self.count, self.now)
        assert verdict.held == expected, letter
        self.came.extend(verdict.released)
        if not verdict.held:
            self.came.append(self.count)
        if verdict.scanned:
            self.scans.append(verdict.scanned)
        self.count += 1

    def silence(self) -> None:
        verdict = self.burst.expire()
        self.came.extend(verdict.released)
        if verdict.scanned:
            self.scans.append(verdict.scanned)


@given(CODES, st.sampled_from(sorted(LAYOUTS)), st.lists(QUICK, min_size=16, max_size=16), ENDING)
def test_every_scan_is_heard_once_and_leaks_nothing(code: str, layout: str, gaps: list[float], ending: str) -> None:
    desk = Desk()
    typed = typed_on(layout, code)
    for letter, gap in zip(typed + ending, gaps, strict=False):
        desk.press(letter, gap)
    desk.silence()
    assert (desk.scans, desk.came) == ([typed], [])


KEYS = st.sampled_from([*"cdCD", *"aq2Z,é-", "\r", "\t", "", "ab"])


@given(st.lists(st.tuples(KEYS | st.characters(), QUICK | SLOW), max_size=60))
@example([(letter, 0.01) for letter in "cdcdcdcdcdcdc"])
def test_what_is_typed_arrives_whole_and_in_order(keys: list[tuple[str, float]]) -> None:
    desk = Desk()
    for letter, gap in keys:
        desk.press(letter, gap)
    desk.silence()
    taken = set(range(desk.count)) - set(desk.came)
    assert desk.came == sorted(desk.came)
    assert bool(taken) == bool(desk.scans)
    assert len(taken) <= 16 * len(desk.scans)  # a code and its ending


@given(CODES, st.lists(SLOW, min_size=15, max_size=15))
def test_a_code_typed_by_hand_is_typing(code: str, gaps: list[float]) -> None:
    desk = Desk()
    for letter, gap in zip(code + "\r", gaps, strict=True):
        desk.press(letter, gap)
    desk.silence()
    assert (desk.scans, desk.came) == ([], list(range(15)))


@given(CODES, CODES, st.text(max_size=6))
def test_a_scan_between_words_takes_no_letter_of_them(first: str, second: str, words: str) -> None:
    desk = Desk()
    for letter in words:
        desk.press(letter, 0.2)
    for code in (first, second):
        for place, letter in enumerate(code + "\r"):
            desk.press(letter, 0.004 if place else 0.2)
    for letter in words:
        desk.press(letter, 0.2)
    desk.silence()
    assert desk.scans == [first, second]
    assert len(desk.came) == 2 * len(words)


def test_a_key_is_held_no_longer_than_the_gap() -> None:
    desk = Desk()
    desk.press("c", 1)
    assert (desk.came, desk.burst.holds) == ([], True)
    desk.press("d", GAP + 0.001)
    assert (desk.came, desk.burst.holds) == ([0, 1], False)
