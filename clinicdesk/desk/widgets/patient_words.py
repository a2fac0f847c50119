"""How a patient is told on a line: the letters that matched, age, phone, and when they come or came."""

import datetime as dt
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from clinicdesk import formats
from clinicdesk.desk.dates import relative_day
from clinicdesk.desk.hues import OFFERED_HUES
from clinicdesk.domain.patients import PatientMatch, age, fold, show_phone
from clinicdesk.words import _, ngettext

Span = tuple[int, int]  # first letter and the one after the last

ADULT = 18  # Código Civil, art. 5º
_LONG_GONE = 180  # days without a visit after which a line says so in the colour of a warning
_LONGEST_WORD = 24


@dataclass(frozen=True)
class Line:
    """What one line shows of a patient. `tone` colours `when`; `words` are the folded words that were searched.

    With `identity` the second line matters more than `when`, which gives way to it.
    """

    match: PatientMatch
    second: str
    when: str
    tone: str
    minor: bool
    words: Sequence[str] = ()
    identity: bool = False

    @property
    def spoken(self) -> str:
        """The line for a screen reader."""
        flags = [_("VIP") if self.match.vip else "", _("Minor") if self.minor else ""]
        alert = _("alert: {text}").format(text=self.match.alert) if self.match.alert else ""
        return ", ".join(part for part in (self.match.name, self.second, *flags, self.when, alert) if part)


def line(
    match: PatientMatch,
    now: dt.datetime,
    zone: dt.tzinfo,
    words: Sequence[str] = (),
    with_birth: bool = False,
    with_visits: bool = True,
) -> Line:
    """A patient's line; `with_birth` gives the birth date in place of the age, to tell namesakes apart."""
    today = now.astimezone(zone).date()
    born = match.birth_date
    birth = "" if born is None else formats.numeric_date(born) if with_birth else age_words(born, today)
    guardian = _("resp. {name}").format(name=match.guardian_name) if match.guardian_name else ""
    second = " · ".join(part for part in (_phone(match.phone), birth, guardian) if part)
    when, tone = visit_words(match, now, zone) if with_visits else ("", "muted")
    return Line(match, second, when, tone, is_minor(born, today), words, with_birth)


def patient_hue(match_id: object) -> int:
    """The hue of a patient's disc: the same on every desk and every day."""
    return OFFERED_HUES[hash(match_id) % len(OFFERED_HUES)]


def is_minor(born: dt.date | None, today: dt.date) -> bool:
    """Whether somebody answers for this person by law."""
    return born is not None and age(born, today) < ADULT


def age_words(born: dt.date, today: dt.date) -> str:
    """`38 anos`; babies in months."""
    years = age(born, today)
    if years >= 2:
        return ngettext("{count} year", "{count} years", years).format(count=years)
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    return ngettext("{count} month", "{count} months", months).format(count=max(0, months))


def visit_words(match: PatientMatch, now: dt.datetime, zone: dt.tzinfo) -> tuple[str, str]:
    """When the patient comes next, else when they were last here, else that they never came; and its colour."""
    today = now.astimezone(zone).date()
    if match.next_visit is not None:
        local = match.next_visit.astimezone(zone)
        return f"{relative_day(local.date(), today)}, {local:%H:%M}", "okText"
    if match.last_visit is None:
        return _("never came"), "muted"
    last = match.last_visit.astimezone(zone).date()
    days = (today - last).days
    return ago(last, today), "okText" if days == 0 else "warnText" if days >= _LONG_GONE else "muted"


def ago(day: dt.date, today: dt.date) -> str:
    """How long ago a day is: `ontem`, `há 12 dias`, `há 3 meses`, `há 2 anos`."""
    days = (today - day).days
    if days < 2:
        return relative_day(day, today)
    if days < 60:
        return ngettext("{count} day ago", "{count} days ago", days).format(count=days)
    if days < 730:
        return ngettext("{count} month ago", "{count} months ago", days // 30).format(count=days // 30)
    return ngettext("{count} year ago", "{count} years ago", days // 365).format(count=days // 365)


def matched(words: Sequence[str], text: str) -> list[Span]:
    """Where the folded `words` stand in `text`: at the start of a word if they do, else wherever they first do."""
    letters, places = _folded(text)
    spans: list[Span] = []
    for word in words:
        at = f" {letters}".find(f" {word}")
        if at < 0 and len(word) > 2:
            at = letters.find(word)
        if at >= 0:
            spans.append(_whole_letters(text, places[at], places[at + len(word) - 1] + 1))
    return spans


def matched_digits(words: Sequence[str], shown: str) -> list[Span]:
    """Where words of figures stand in a phone as it is shown, over its brackets and spaces."""
    places = [place for place, letter in enumerate(shown) if letter.isdigit()]
    digits = "".join(shown[place] for place in places)
    spans = []
    for word in words:
        figures = word.removeprefix("55") if len(word) > 11 else word
        at = digits.find(figures) if figures.isdigit() and len(figures) > 2 else -1
        if at >= 0:
            spans.append((places[at], places[at + len(figures) - 1] + 1))
    return spans


def breakable(text: str) -> str:
    """The text with invisible places to break inside words too long for any column."""
    return " ".join(
        "\u200b".join(word[at : at + _LONGEST_WORD] for at in range(0, len(word), _LONGEST_WORD))
        for word in text.split(" ")
    )


_phone = lru_cache(maxsize=512)(show_phone)


@lru_cache(maxsize=512)  # every row is drawn again at every key press
def _folded(text: str) -> tuple[str, list[int]]:
    """The text letter by letter as `fold` gives it, and which letter of the text each came from."""
    letters: list[str] = []
    places: list[int] = []
    for place, letter in enumerate(text):
        for plain in " " if letter.isspace() else fold(letter):
            letters.append(plain)
            places.append(place)
    return "".join(letters), places


def _whole_letters(text: str, first: int, end: int) -> Span:
    """The span with the accents that follow its last letter as characters of their own."""
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return first, end
