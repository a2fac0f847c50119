"""Text of a spreadsheet as lines of cells; encoding and separator are found out, a broken line costs only itself."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

SEPARATORS = (";", ",", "\t")
_LONGEST_CELL_IN_LINES = 40  # a quote left open does not swallow the rest of the file
_MOST_LINES_BEFORE_HEADINGS = 10


@dataclass(frozen=True, slots=True)
class Record:
    """One line of cells and the number of the file's line it starts at; `broken` says what is wrong with it."""

    line: int
    cells: tuple[str, ...]
    broken: str = ""


def decoded(data: bytes) -> tuple[str, str]:
    """The text of a file and its encoding: UTF-8 or UTF-16 by their marks, UTF-8 by itself, else Windows-1252.

    A UTF-8 file with a few damaged bytes stays UTF-8; these come out as U+FFFD. A NUL is no letter and is left out.
    """
    text, encoding = _decoded(data)
    return text.replace("\0", ""), encoding


def _decoded(data: bytes) -> tuple[str, str]:
    if data.startswith(b"\xef\xbb\xbf"):
        return data.decode("utf-8-sig", "replace"), "utf-8"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), "utf-16"
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    accented = [line for line in data.splitlines() if not line.isascii()]
    sound = sum(1 for line in accented if "\ufffd" not in line.decode("utf-8", "replace"))
    if sound * 2 > len(accented):
        return data.decode("utf-8", "replace"), "utf-8"
    return data.decode("cp1252", "replace"), "windows-1252"


def records(text: str, separator: str, first_line: int = 1) -> Iterator[Record]:
    """The lines of a text that are not empty, quoted line breaks kept inside their cell."""
    lines = _lines(text)
    place = first_line - 1
    while place < len(lines):
        if not lines[place].strip(f"\r\n \ufeff{separator}"):
            place += 1
            continue
        cells, taken = _record(lines, place, separator)
        if cells is None:
            yield Record(place + 1, (lines[place].strip()[:80],), "quoting")
        else:
            yield Record(place + 1, tuple(cells))
        place += taken


def _lines(text: str) -> list[str]:
    """The lines with their ends; unlike `splitlines`, a vertical tab or a line separator inside a cell ends none."""
    return list(io.StringIO(text, newline=""))


def _record(lines: list[str], place: int, separator: str) -> tuple[list[str] | None, int]:
    """The cells that start at a line and how many lines they take; None for a line that makes no sense, alone."""
    if '"' not in lines[place]:
        return lines[place].rstrip("\r\n").split(separator), 1
    for taken in range(1, _LONGEST_CELL_IN_LINES + 1):
        if place + taken > len(lines):
            break
        try:
            return next(csv.reader(lines[place : place + taken], delimiter=separator, strict=True)), taken
        except csv.Error as error:
            if "unexpected end" not in str(error):
                break
    return None, 1


def find_table(text: str, understood: Callable[[tuple[str, ...]], int]) -> tuple[str, Record] | None:
    """The separator and the line of headings that are understood best; None when none is understood at all."""
    found: list[tuple[int, str, Record]] = []
    head = "".join(_lines(text)[:60])
    for separator in SEPARATORS:
        for count, record in enumerate(records(head, separator)):
            if count >= _MOST_LINES_BEFORE_HEADINGS:
                break
            score = 0 if record.broken else understood(record.cells)
            if score:
                found.append((score, separator, record))
    if not found:
        return None
    _score, separator, record = max(found, key=lambda one: one[0])
    return separator, record
