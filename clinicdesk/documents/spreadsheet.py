"""A table for other programs: CSV as spreadsheets here read it, and XLSX. No cell is ever taken for a formula.

A text that begins as a formula would (`= + - @`, a tab or a carriage return: OWASP, CSV Injection) is quoted: in CSV by
an apostrophe, in XLSX by the mark that spreadsheets use for it, and there every text is written as text besides.
"""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from clinicdesk import words
from clinicdesk.formats import numeric_date
from clinicdesk.words import _

Cell = str | int | Decimal | dt.date | bool | None
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST_CELL = 32_767  # characters, by Excel's own limit
_LONGEST_TITLE = 31
_WIDTH = (8, 48)  # in characters


@dataclass(frozen=True, slots=True)
class Sheet:
    """A titled table. Rows are as long as `heads`; dates are days, and texts may hold anything."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def csv_bytes(sheet: Sheet) -> bytes:
    """UTF-8 with its mark and `;`, which is what a spreadsheet in Portuguese or Spanish opens by a double click."""
    text = io.StringIO(newline="")
    separator = "," if words.language() == "en" else ";"
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    writer.writerow([_quoted(head) for head in sheet.heads])
    writer.writerows([_written(cell) for cell in row] for row in sheet.rows)
    return text.getvalue().encode("utf-8-sig", "replace")


def xlsx_bytes(sheet: Sheet) -> bytes:
    """The table with its heads pinned, filters on them, and columns as wide as what they hold."""
    from xlsxwriter import Workbook  # a third of a second to import, and few sessions export anything

    file = io.BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet(_title(sheet.title))
        head = book.add_format({"bold": True, "bottom": 1})
        day, quoted = book.add_format({"num_format": "dd/mm/yyyy"}), book.add_format({"quote_prefix": True})
        for column, name in enumerate(sheet.heads):
            page.write_string(0, column, _cut(name), head)
        for line, row in enumerate(sheet.rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, bool):
                    page.write_string(line, column, _written(cell))
                elif isinstance(cell, str):
                    page.write_string(line, column, _cut(cell), quoted if cell.startswith(_BEGINS_A_FORMULA) else None)
                elif isinstance(cell, dt.date):
                    page.write_datetime(line, column, dt.datetime.combine(cell, dt.time()), day)
                elif cell is not None:
                    page.write_number(line, column, cell)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(len(sheet.rows), 1), max(len(sheet.heads) - 1, 0))
        for column, width in enumerate(_widths(sheet)):
            page.set_column(column, column, width)
    return file.getvalue()


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    if isinstance(cell, dt.date):
        return numeric_date(cell)
    if isinstance(cell, Decimal):
        return f"{cell:f}" if words.language() == "en" else f"{cell:f}".replace(".", ",")
    return _quoted(cell) if isinstance(cell, str) else str(cell)


def _quoted(text: str) -> str:
    plain = text.replace("\0", "")
    return f"'{plain}" if plain.startswith(_BEGINS_A_FORMULA) else plain


def _cut(text: str) -> str:
    """What a cell may hold: no control characters that XML has no way to write."""
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n\r")[:_LONGEST_CELL]


def _title(text: str) -> str:
    """A sheet's name may not be empty, long, or hold these."""
    return "".join(" " if letter in "[]:*?/\\" else letter for letter in text).strip("' ")[:_LONGEST_TITLE] or "1"


def _widths(sheet: Sheet) -> Iterable[int]:
    for column, head in enumerate(sheet.heads):
        longest = max((len(_written(row[column])) for row in sheet.rows[:1000]), default=0)
        yield max(_WIDTH[0], min(_WIDTH[1], max(longest, len(head) + 3) + 1))
