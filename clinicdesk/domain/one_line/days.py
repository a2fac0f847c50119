"""Days as people say them: `qui`, `amanhã`, `dia 25`, `semana que vem`, `daqui a 15 dias`."""

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from functools import lru_cache

from clinicdesk.domain.one_line.phrases import NUMBER, Phrase, matches, near, number, phrase, word_set
from clinicdesk.domain.one_line.values import Days

_WEEKDAYS: tuple[str, ...] = (
    "segunda seg 2a mon monday lunes lun",
    "terca ter 3a tue tues tuesday martes",
    "quarta qua 4a wed wednesday miercoles mie",
    "quinta qui 5a thu thur thurs thursday jueves jue",
    "sexta sex 6a fri friday viernes vie",
    "sabado sab sat saturday",
    "domingo dom sun sunday",
)
_MONTHS: tuple[str, ...] = (
    "janeiro jan january enero ene",
    "fevereiro fev february feb febrero",
    "marco mar march marzo",
    "abril abr april apr",
    "maio mai may mayo",
    "junho jun june junio",
    "julho jul july julio",
    "agosto ago august aug",
    "setembro set september sep sept septiembre",
    "outubro out october oct octubre",
    "novembro nov november noviembre",
    "dezembro dez december dec diciembre dic",
)
_WEEKDAY = {word: place for place, words in enumerate(_WEEKDAYS) for word in words.split()}
_MONTH = {word: place for place, words in enumerate(_MONTHS, start=1) for word in words.split()}
_ANY_WEEKDAY = "|".join(sorted(_WEEKDAY, key=len, reverse=True))
_ANY_MONTH = "|".join(sorted(_MONTH, key=len, reverse=True))

# Long enough that one slip leaves no doubt; the names are those that would be taken for one.
_SLIPPED = ("segunda", "terca", "quarta", "quinta", "sexta", "sabado", "domingo", "amanha", "semana", "proxima", "hoje")
_NO_SLIPS = word_set("domingos domingas quintas quinto segundo sexto quarto hoyed manha manhas")


def corrected(word: str) -> str:
    """The day's word a slip of the hand was meant to be; the word itself when it is none."""
    if len(word) < 4 or word in _NO_SLIPS or word in _WEEKDAY:
        return word
    return next((meant for meant in _SLIPPED if near(word, meant)), word)


class DayWords:
    """The rules as they stand on one day."""

    def __init__(self, today: dt.date) -> None:
        self._today = today
        self._dates = self._date_rules()
        self._rules = [*self._near_rules(), *self._weekday_rules(), *self._stretch_rules()]

    def found(self, words: str) -> Iterator[tuple[int, Days, float]]:
        """The days that `words` may begin with: how many words each takes, what it is, how surely."""
        dates = list(matches(self._dates, words))
        yield from dates
        for taken, said, score in matches(self._rules, words):
            yield taken, said, score
            if said.is_one:
                yield from self._with_date(words, taken, said, score)
        for taken, said, score in dates:
            yield from self._until(words, taken, said, score)

    def _with_date(self, words: str, taken: int, weekday: Days, score: float) -> Iterator[tuple[int, Days, float]]:
        """`quinta 26/11`: the date counts; the weekday beside it is what else may have been meant."""
        rest = words.split(" ", taken)[taken:]
        for more, date, sure in matches(self._dates, rest[0]) if rest else ():
            same = date.first.weekday() == weekday.first.weekday()
            yield taken + more, Days(date.first, date.last, None if same else weekday), score + sure + 0.5

    def _until(self, words: str, taken: int, first: Days, score: float) -> Iterator[tuple[int, Days, float]]:
        """`26/11 a 28/11`."""
        rest = words.split(" ", taken)[taken:]
        joined = re.match(r"(?:a|ate|to|until|hasta) ", rest[0]) if rest else None
        if joined is None:
            return
        for more, last, sure in matches(self._dates, rest[0][joined.end() :]):
            if first.first < last.first <= first.first + dt.timedelta(days=62):
                yield taken + more + 1, Days(first.first, last.first), score + sure + 0.5

    # --- rules ---

    def _near_rules(self) -> list[Phrase[Days]]:
        def away(days: int) -> "Phrase[Days]":
            words = {
                0: "hoje|hj|today|hoy",
                1: "amanha|amnh|amnha|amh|tomorrow|tmrw|manana",
                2: "depois de amanha|dps de amanha|day after tomorrow|the day after tomorrow|pasado manana",
                -1: "ontem|yesterday|ayer",
                -2: "anteontem|antes de ontem|anteayer",
            }[days]
            return phrase(words, lambda _found: self._away(days), 3.0)

        ahead = rf"(?:daqui(?: a)?|daki(?: a)?|em|dentro de|in|de aqui a|within|para|pra)? ?({NUMBER}) "
        return [
            *(away(days) for days in (2, 1, 0, -1, -2)),
            phrase(ahead + "(dias?|days?)", lambda found: self._away(number(found[1])), 2.4),
            phrase(ahead + "(?:semanas?|weeks?)", lambda found: self._away(7 * number(found[1])), 2.4),
            phrase(ahead + "(?:mes|meses|months?)", lambda found: self._months_away(number(found[1])), 2.4),
        ]

    def _weekday_rules(self) -> list[Phrase[Days]]:
        day = rf"({_ANY_WEEKDAY})(?:[- ]feira)?"
        lead = r"(?:na |no |on |el |la )?"
        next_ = r"(?:proxima|proximo|prox|next) "
        coming = r" (?:que vem|q vem|proxima|proximo|que viene)"
        coming_week = "semana que vem|proxima semana|prox semana|semana que viene|outra semana"
        week = rf"(?:,? da| na| de la)? (?:{coming_week})|,? next week"
        return [
            phrase(rf"{lead}{day}", lambda found: self._weekday(found[1]), 2.6),
            phrase(
                rf"(?:nessa|nesta|essa|esta|this|este) {day}", lambda found: self._weekday(found[1], here=True), 3.0
            ),
            phrase(rf"{lead}{next_}{day}", lambda found: self._weekday(found[1], later=True), 3.0),
            phrase(rf"{lead}{day}{coming}", lambda found: self._weekday(found[1], later=True), 3.6),
            phrase(rf"{lead}{day}(?:{week})", lambda found: self._in_next_week(found[1]), 3.6),
            phrase(rf"semana que vem,? (?:na )?{day}", lambda found: self._in_next_week(found[1]), 3.6),
        ]

    def _stretch_rules(self) -> list[Phrase[Days]]:
        coming_week = "semana que vem|proxima semana|prox semana|semana que viene|outra semana|sem que vem|next week"
        next_week = rf"(?:na |la )?(?:{coming_week})"
        this_week = r"(?:esta|essa|nesta|nessa|this) (?:semana|week)"
        next_month = r"(?:no |el )?(?:mes que vem|proximo mes|next month|mes que viene)"
        return [
            phrase(next_week, lambda _found: self._week(1), 3.0),
            phrase(this_week, lambda _found: self._week(0), 3.0),
            phrase(next_month, lambda _found: self._next_month(), 3.0),
        ]

    def _date_rules(self) -> list[Phrase[Days]]:
        day, year = r"(\d{1,2})(?:o|a|st|nd|rd|th)?", r"(?: (?:de )?|,? )?(\d{4})?"
        date = lambda found: self._date(found[1], found[2], found[3])  # noqa: E731
        named = lambda found: self._date(found[1], str(_MONTH[found[2]]), found[3])  # noqa: E731
        return [
            phrase(r"(?:no )?(?:dia |the )?(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?", date, 3.0),
            phrase(r"(?:no )?(?:dia )?(\d{1,2})-(\d{1,2})(?:-(\d{4}|\d{2}))?", date, 2.2),
            phrase(r"(?:no )?(?:dia )?(\d{1,2})\.(\d{1,2})(?:\.(\d{4}|\d{2}))?", date, 1.6),
            phrase(r"(\d{4})-(\d{2})-(\d{2})", lambda found: self._date(found[3], found[2], found[1]), 3.0),
            phrase(rf"(?:no )?(?:dia |el |the )?{day}[ /]?(?:de |of )?({_ANY_MONTH}){year}", named, 3.0),
            phrase(
                rf"({_ANY_MONTH}) {day}{year}",
                lambda found: self._date(found[2], str(_MONTH[found[1]]), found[3]),
                2.6,
            ),
            phrase(r"(?:no |el )?dia (\d{1,2})", lambda found: self._day_of_month(int(found[1])), 3.0),
            phrase(r"the (\d{1,2})(?:st|nd|rd|th)", lambda found: self._day_of_month(int(found[1])), 3.0),
        ]

    # --- what they mean ---

    def _away(self, days: int) -> Days | None:
        return _one(self._today + dt.timedelta(days=days)) if abs(days) <= 1000 else None

    def _months_away(self, months: int) -> Days | None:
        if months > 24:
            return None
        year, month = divmod(self._today.month - 1 + months, 12)
        year, month = self._today.year + year, month + 1
        return _one(dt.date(year, month, min(self._today.day, calendar.monthrange(year, month)[1])))

    def _weekday(self, word: str, *, here: bool = False, later: bool = False) -> Days:
        """The next day of that name. Today's own name means the one in a week, unless “this” is said."""
        ahead = (_WEEKDAY[word] - self._today.weekday()) % 7
        if not ahead:
            today, then = _one(self._today), _one(self._today + dt.timedelta(days=7))
            first, other = (today, then) if here else (then, today)
            return Days(first.first, first.last, None if later else other)
        day = self._today + dt.timedelta(days=ahead)
        same_week = self._today.weekday() + ahead < 7
        return Days(day, day, _one(day + dt.timedelta(days=7)) if later and same_week else None)

    def _in_next_week(self, word: str) -> Days:
        monday = self._today - dt.timedelta(days=self._today.weekday()) + dt.timedelta(days=7)
        return _one(monday + dt.timedelta(days=_WEEKDAY[word]))

    def _week(self, ahead: int) -> Days:
        monday = self._today - dt.timedelta(days=self._today.weekday()) + dt.timedelta(days=7 * ahead)
        return Days(max(monday, self._today), monday + dt.timedelta(days=6))

    def _next_month(self) -> Days:
        first = (self._today.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        return Days(first, first.replace(day=calendar.monthrange(first.year, first.month)[1]))

    def _date(self, day: str, month: str, year: str | None) -> Days | None:
        if year:
            return _valid(int(year) + (2000 if len(year) < 3 else 0), int(month), int(day))
        found = _valid(self._today.year, int(month), int(day))
        if found is None or found.first >= self._today:
            # A 29 February waits for its year.
            return found or next(
                filter(None, (_valid(self._today.year + n, int(month), int(day)) for n in (1, 2, 3))), None
            )
        again = _valid(self._today.year + 1, int(month), int(day))
        return Days(again.first, again.last, found) if again else found

    def _day_of_month(self, day: int) -> Days | None:
        """The next one that has it: `dia 31` in November is in December."""
        year, month = self._today.year, self._today.month
        for _step in range(3):
            found = _valid(year, month, day)
            if found and found.first >= self._today:
                return found
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        return None


@lru_cache(maxsize=4)
def day_words(today: dt.date) -> DayWords:
    """The rules of a day, made once: a line is read at every key."""
    return DayWords(today)


def _one(day: dt.date) -> Days:
    return Days(day, day)


def _valid(year: int, month: int, day: int) -> Days | None:
    """The date if the calendar has it, in years a clinic books in."""
    if not 1900 <= year <= 2200:
        return None
    try:
        return _one(dt.date(year, month, day))
    except ValueError:
        return None
