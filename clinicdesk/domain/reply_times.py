"""How somebody may name the time of their visit; whoever names another one has not answered."""

import datetime as dt

from clinicdesk.domain.reply_tokens import words_of

_WEEKDAYS = ("segunda", "terca", "quarta", "quinta", "sexta", "sabado", "domingo")
_MONTHS = (
    *("janeiro", "fevereiro", "marco", "abril", "maio", "junho"),
    *("julho", "agosto", "setembro", "outubro", "novembro", "dezembro"),
)

Named = tuple[tuple[str, ...], ...]


def names_of(visit: dt.datetime, now: dt.datetime) -> Named:
    """The words that truly name when a visit is, seen from now; both in the clinic's zone."""
    written = {*_days(visit.date(), now.date()), *_hours(visit.time())}
    return tuple(sorted({tuple(words_of(each)) for each in written}))


def _days(day: dt.date, today: dt.date) -> list[str]:
    month = _MONTHS[day.month - 1]
    said = [f"dia {day.day}", f"dia {day.day} de {month}", f"{day.day} de {month}", f"{day.day}/{day.month}"]
    said += [f"{day:%d/%m}", f"dia {day:%d/%m}", f"{day:%d/%m/%Y}"]
    if day == today:
        said.append("hoje")
    elif day == today + dt.timedelta(days=1):
        said.append("amanha")
    if dt.timedelta(0) <= day - today < dt.timedelta(days=7):
        weekday = _WEEKDAYS[day.weekday()]
        said += [weekday] if day.weekday() > 4 else [weekday, f"{weekday} feira", f"{weekday}-feira"]
    return said


def _hours(time: dt.time) -> list[str]:
    hours = {time.hour, time.hour - 12} if time.hour > 12 else {time.hour}
    if time.minute:
        return [
            each
            for hour in hours
            for each in (f"{hour}:{time:%M}", f"{hour}h{time:%M}", f"{hour:02}:{time:%M}", f"{hour} e {time.minute}")
        ]
    return [
        each
        for hour in hours
        for each in (
            f"{hour}h",
            f"{hour}hs",
            f"{hour}:00",
            f"{hour:02}:00",
            f"{hour}h00",
            f"{hour} horas",
            f"as {hour}",
        )
    ]
