"""How replies are read, against what they mean: `python -m tests.replies_report [FILE…]` prints the confusion table.

A corpus is a text file: `== meaning` begins a part, each line below is one reply (`\\n` is a new line).
"""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from clinicdesk.domain.replies import ANSWERS, QuestionKind, read_reply

DOMAIN = Path(__file__).parent / "domain"
CORPORA = tuple(sorted(DOMAIN.glob("replies_*.txt")))
MEANINGS = ("confirm", "cancel", "opt_out", "opt_in", "unclear")


@dataclass(frozen=True)
class Result:
    """One reply, what it means, and how it was read."""

    body: str
    meaning: str
    read: str
    why: str

    @property
    def wrong(self) -> bool:
        """Whether something was done that was not meant."""
        return self.read not in ("unclear", self.meaning)


def replies(path: Path) -> list[tuple[str, str]]:
    """The meaning and the words of each reply of a corpus."""
    found, meaning = [], ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("== "):
            meaning = line.removeprefix("== ").strip()
            assert meaning in MEANINGS, line
        elif line:
            found.append((meaning, line.replace("\\n", "\n")))
    return found


def read(body: str) -> tuple[str, str]:
    """How the rules read a reply, and why not."""
    reading = read_reply(body, QuestionKind.CONFIRM, ANSWERS[QuestionKind.CONFIRM])
    return str(reading.answer or reading.heard), reading.why


def results(corpus: Iterable[tuple[str, str]]) -> list[Result]:
    """Every reply, read."""
    return [Result(body, meaning, *read(body)) for meaning, body in corpus]


def resolved(found: Sequence[Result]) -> float:
    """Of the replies that hold a plain answer, the part that needs nobody."""
    plain = [one for one in found if one.meaning != "unclear"]
    return sum(one.read == one.meaning for one in plain) / max(len(plain), 1)


def table(found: Sequence[Result]) -> str:
    """Meanings down, readings across."""
    counts = Counter((one.meaning, one.read) for one in found)
    lines = [f"{'meant / read':<14}" + "".join(f"{each:>9}" for each in MEANINGS)]
    for meaning in MEANINGS:
        lines.append(f"{meaning:<14}" + "".join(f"{counts[meaning, each]:>9}" for each in MEANINGS))
    return "\n".join(lines)


def main(paths: Sequence[Path]) -> int:
    """Tell of each corpus; 1 when anything was done that was not meant."""
    wrong = 0
    for path in paths:
        found = results(replies(path))
        right = sum(one.read == one.meaning for one in found)
        wrong += (missed := sum(one.wrong for one in found))
        told = [f"{path.name}: {len(found)} replies", table(found)]
        told += [f"accuracy {right / len(found):.1%} · plain answers resolved without a person {resolved(found):.1%}"]
        told += [f"done and not meant: {missed}"]
        told += [
            f"  {one.meaning} read as {one.read} ({one.why}): {one.body!r}"
            for one in found
            if one.wrong or ("-v" in sys.argv and one.read != one.meaning)
        ]
        sys.stdout.write("\n".join(told) + "\n\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    chosen = [Path(each) for each in sys.argv[1:] if each != "-v"]
    sys.exit(main(chosen or CORPORA))
