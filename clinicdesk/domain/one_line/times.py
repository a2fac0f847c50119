"""Times of day and lengths as people say them: `15h30`, `às 3 da tarde`, `9 e meia`, `depois das 16`, `40min`."""

import datetime as dt
import re
from collections.abc import Iterator

from clinicdesk.domain.one_line.phrases import NUMBER, Phrase, matches, number, phrase
from clinicdesk.domain.one_line.values import Hours

_NOON = "(?:meio[- ]?dia|noon|midday|mediodia|medio dia)"
_LAST = dt.time(23, 59)
_AFTERNOON_BEFORE = 7  # “às 3” is in the afternoon: no clinic opens before seven
_PART = {
    "manha": (dt.time(0), dt.time(11, 59)),
    "cedo": (dt.time(0), dt.time(10)),
    "tarde": (dt.time(12), dt.time(17, 59)),
    "fim da tarde": (dt.time(16), dt.time(18, 30)),
    "noite": (dt.time(18), _LAST),
    "almoco": (dt.time(12), dt.time(14)),
    "depois do almoco": (dt.time(13), _LAST),
}
_HOUR = r"(\d{1,2}|uma|duas|tres|quatro|cinco|seis|sete|oito|nove|dez|onze|doze|one|two|three|four|five|six|seven|"
_HOUR += r"eight|nine|ten|eleven|twelve|una|dos|cuatro|siete|ocho|nueve|diez|once|doce)"
_OF_DAY = (
    r"(?:,? ?(?:(?:da|de|na|a|in the|at|por la|de la|en la|do) )?(manha|madrugada|tarde|noite|morning|afternoon|evening"
    r"|night|noche|manana)| ?(am|pm|a\.m|p\.m))?"
)
_CLOCK = r"(\d{1,2})(?:[h:](\d{2})|hs|hrs|hr|h)(?:min|m|hs|hrs|h)?"
_AT = r"(?:as|a las|las|at|pelas|por volta das|la pelas|ali pelas|p/ as|pras|para as|a|@) "
_PLAIN = r"(?:\d{1,2}[h:]\d{2}|\d{1,2} ?(?:hs|hrs|horas|h)|\d{1,2}|meio[- ]dia)"


def _time(hour: str, minute: str | None = None, part: str | None = None, half: str | None = None) -> dt.time | None:
    """A time of the wall; an hour before seven without a part of the day lies in the afternoon."""
    hours, minutes = number(hour), number(minute) if minute else 0
    part = (part or half or "").replace(".", "")
    if hours > 23 or minutes > 59:
        return None
    morning = part in ("manha", "madrugada", "morning", "manana", "am")
    if hours < 12 and (0 < hours < _AFTERNOON_BEFORE if not part else not morning):
        hours += 12
    elif hours == 12 and morning:
        hours = 0
    return dt.time(hours, minutes)


def _at(found: re.Match[str]) -> Hours | None:
    time = _time(found[1], found[2], found[3], found[4])
    return Hours(time) if time else None


def _named_at(found: re.Match[str]) -> Hours | None:
    time = _time(found[1], found["past"], found["part"], found["half"])
    return Hours(time) if time else None


def _of_day(past: str) -> str:
    """The named groups of an hour said with what is past it and its part of the day."""
    named = _OF_DAY.replace("(manha", "(?P<part>manha").replace("(am", "(?P<half>am")
    return rf"(?:{past})?{named}"


def _to(found: re.Match[str]) -> Hours | None:
    """`quinze para as três`."""
    time = _time(found[2], None, found[3], found[4])
    if time is None or not 0 < number(found[1]) < 60:
        return None
    before = dt.datetime.combine(dt.date(2000, 1, 2), time) - dt.timedelta(minutes=number(found[1]))
    return Hours(before.time())


def _past(found: re.Match[str]) -> Hours | None:
    time = _time(found[2], found[1], found[3], found[4])
    return Hours(time) if time else None


def _plain(text: str) -> dt.time | None:
    """A time as it stands in a stretch: `14`, `14h`, `14:30`, `meio-dia`."""
    if text.startswith("meio"):
        return dt.time(12)
    found = re.match(r"(\d{1,2})(?:[h:](\d{2}))?", text)
    return _time(found[1], found[2]) if found else None


def _from_to(found: re.Match[str]) -> Hours | None:
    """`das 14 às 15`: a visit that long."""
    first, last = _plain(found[1]), _plain(found[2])
    minutes = _minutes_between(first, last)
    return Hours(first, minutes) if first and 5 <= minutes <= 600 else None


def _between(found: re.Match[str]) -> Hours | None:
    first, last = _plain(found[1]), _plain(found[2])
    return Hours(earliest=first, latest=last) if first and last and first < last else None


def _minutes_between(first: dt.time | None, last: dt.time | None) -> int:
    return (last.hour - first.hour) * 60 + last.minute - first.minute if first and last else 0


def _after(found: re.Match[str]) -> Hours | None:
    first = _plain(found[1])
    return Hours(earliest=first) if first else None


def _before(found: re.Match[str]) -> Hours | None:
    last = _plain(found[1])
    return Hours(latest=last) if last else None


def _part_of_day(name: str) -> Hours:
    earliest, latest = _PART[name]
    return Hours(earliest=earliest, latest=latest)


_EXACT: list[Phrase[Hours]] = [
    phrase(rf"(?:{_AT})?{_CLOCK}{_OF_DAY}", _at, 2.5),
    phrase(rf"(?:{_AT})?(\d{{1,2}}) (?:h|hs|hrs|horas?|hours?|oclock)(){_OF_DAY}", _at, 1.6),
    phrase(
        rf"{_AT}{_HOUR}{_of_day(r' (?:e|y) (?P<past>meia|media|cuarto|quinze|vinte|dez|cinco|quarenta|[0-5]?[0-9])')}",
        _named_at,
        1.9,
    ),
    phrase(rf"{_HOUR} (?:e|y) (?P<past>meia|media|cuarto|quinze|[0-5][05]){_of_day('$^')}", _named_at, 1.5),
    phrase(
        rf"{_HOUR}(?P<past>) (?:da|de la|in the|de|na) (?P<part>manha|tarde|noite|morning|afternoon|evening"
        r"|noche|manana)(?P<half>)",
        _named_at,
        2.0,
    ),
    phrase(rf"(?:{_AT})?(\d{{1,2}})(?::(\d{{2}}))?() ?(am|pm|a\.m|p\.m)", _at, 2.6),
    phrase(rf"(?:ao |no |at )?{_NOON} e meia", lambda _f: Hours(dt.time(12, 30)), 3.0),
    phrase(rf"(?:ao |no |at |al )?{_NOON}", lambda _f: Hours(dt.time(12)), 2.6),
    phrase(rf"(?:as )?({NUMBER}) (?:para|pra|pras|pro|to)(?: as| a| las| la| o)? {_HOUR}{_OF_DAY}", _to, 2.0),
    phrase(rf"(half|quarter|{NUMBER}) past {_HOUR}{_OF_DAY}", _past, 2.0),
    phrase(r"(?:as )?(0?[7-9]|1\d|2[0-2])([0-5][05])()()", _at, 0.9),
    phrase(rf"(?:das |de |from )({_PLAIN}) (?:as|ate as|ate|a|to|until|a las) ({_PLAIN})", _from_to, 2.6),
    phrase(
        r"(?:das )?(\d{1,2}(?:h|:\d{2}|h\d{2})?)(?: ?[-–] ?| (?:as|ate) )(\d{1,2}(?:h(?:\d{2})?|:\d{2}))", _from_to, 2.6
    ),
]  # fmt: skip

_STRETCH: list[Phrase[Hours]] = [
    phrase(r"(?:de |pela |na |in the |this |a |na parte da )?(?:manha|morning)", lambda _f: _part_of_day("manha"), 2.0),
    phrase(r"(?:por|en|de) la manana", lambda _f: _part_of_day("manha"), 3.0),
    phrase(r"(?:bem |mais )?(?:cedo|cedinho|early|temprano)", lambda _f: _part_of_day("cedo"), 2.0),
    phrase(
        r"(?:de |pela |na |a |in the |this |por la |en la |de la |na parte da )?(?:tarde|afternoon|tardinha)",
        lambda _f: _part_of_day("tarde"),
        2.0,
    ),
    phrase(
        r"(?:no )?(?:fim|final|finzinho) (?:da tarde|de tarde|do dia)|late afternoon|fin de la tarde",
        lambda _f: _part_of_day("fim da tarde"),
        2.2,
    ),
    phrase(
        r"(?:de |pela |na |a |in the |por la |this )?(?:noite|evening|noche)", lambda _f: _part_of_day("noite"), 2.0
    ),
    phrase(r"(?:na )?(?:hora do almoco|no almoco|lunchtime)", lambda _f: _part_of_day("almoco"), 2.2),
    phrase(r"depois do almoco|apos o almoco|after lunch", lambda _f: _part_of_day("depois do almoco"), 2.2),
    phrase(rf"(?:depois d?as|apos as|apos|a partir das?|after|despues de las|desde las) ({_PLAIN})", _after, 2.6),
    phrase(rf"(?:antes das|antes d|ate as|ate|before|antes de las|hasta las) ({_PLAIN})", _before, 2.6),
    phrase(rf"(?:entre|between)(?: as| las)? ({_PLAIN}) (?:e|and|y)(?: as| las)? ({_PLAIN})", _between, 2.8),
]

_FOR = r"(?:por |de |durante |for |dura |duracao |duracao de |c/ |com )?"


def _hours_and(found: re.Match[str]) -> int | None:
    minutes = number(found[1]) * 60 + (number(found[2]) if found[2] else 0)
    return minutes if 5 <= minutes <= 600 else None


def _whole(found: re.Match[str]) -> int | None:
    return number(found[1]) if 5 <= number(found[1]) <= 600 else None


_LENGTHS: list[Phrase[int]] = [
    phrase(rf"{_FOR}(\d{{1,3}}) ?(?:minutos?|minutes?|mins?|mn|m)", _whole, 2.8),
    phrase(rf"{_FOR}([1-9])h(\d{{2}})?(?:min|m)?", _hours_and, 2.2),
    phrase(rf"{_FOR}([1-9])h(\d{{2}})(?:min|m)", _hours_and, 2.8),
    phrase(rf"{_FOR}([1-9]|uma|duas|one|two|una|dos|an)() (?:h|hrs|horas?|hours?)", _hours_and, 2.4),
    phrase(r"(?:por |de )?(?:[1u](?:ma)? )?hora e (meia)|hour and a (half)", lambda _f: 90, 2.8),
    phrase(r"(?:por |de )?(?:meia hora|media hora|half an hour|half hour)", lambda _f: 30, 2.8),
]


def exact(words: str) -> Iterator[tuple[int, Hours, float]]:
    """The times that `words` may begin with: how many words each takes, what it is, how surely."""
    return matches(_EXACT, words)


def stretches(words: str) -> Iterator[tuple[int, Hours, float]]:
    """The parts of a day that `words` may begin with."""
    return matches(_STRETCH, words)


def lengths(words: str) -> Iterator[tuple[int, int, float]]:
    """The lengths of a visit that `words` may begin with, in minutes."""
    return matches(_LENGTHS, words)
