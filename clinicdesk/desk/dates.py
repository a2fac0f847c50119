"""Days as a receptionist speaks of them: titles of pages, and dates seen from today."""

import datetime as dt

from babel.dates import format_date

from clinicdesk.formats import day_and_month, month_and_year, weekday
from clinicdesk.words import _, language, ngettext


def capitalised(words: str) -> str:
    """The same words with a capital at the start; the rest as it is."""
    return words[:1].upper() + words[1:]


def day_title(day: dt.date) -> str:
    """A day as a page's title: `Terça-feira, 24 de novembro`."""
    return capitalised(f"{weekday(day)}, {day_and_month(day)}")


def day_inside(day: dt.date) -> str:
    """The same inside a sentence: `terça-feira, 24 de novembro`; English keeps its capitals."""
    return f"{weekday(day)}, {day_and_month(day)}"


def short_day_title(day: dt.date) -> str:
    """The same where room is scarce: `Ter, 24 nov`."""
    return capitalised(format_date(day, "EEE, d MMM", language()).replace(".", ""))


def short_day(day: dt.date) -> str:
    """`24 nov`."""
    return format_date(day, "d MMM", language()).replace(".", "")


def week_title(first: dt.date, last: dt.date) -> str:
    """`23 – 28 de novembro`, with both months when the week crosses from one into the other."""
    if first.month == last.month:
        return f"{first.day} – {day_and_month(last)}"
    return f"{short_day(first)} – {short_day(last)}"


def month_title(day: dt.date) -> str:
    """A month as a page's title: `Novembro de 2026`."""
    return capitalised(month_and_year(day))


def relative_day(day: dt.date, today: dt.date) -> str:
    """`hoje`, `ontem`, `amanhã`, else `24 nov`, with the year when it is another one."""
    near = {0: _("today"), -1: _("yesterday"), 1: _("tomorrow")}.get((day - today).days)
    if near:
        return near
    return short_day(day) if day.year == today.year else f"{short_day(day)} {day.year}"


def moment(at: dt.datetime, now: dt.datetime, zone: dt.tzinfo) -> str:
    """When something happened: `ontem, 18:42`."""
    local = at.astimezone(zone)
    return f"{relative_day(local.date(), now.astimezone(zone).date())}, {local:%H:%M}"


def greeting(now: dt.datetime, zone: dt.tzinfo) -> str:
    """`Bom dia`, `Boa tarde` or `Boa noite`."""
    hour = now.astimezone(zone).hour
    if hour < 12:
        return _("Good morning")
    return _("Good afternoon") if hour < 18 else _("Good evening")


def minutes_text(minutes: int) -> str:
    """A number of minutes as chips show it: `24 min`, from an hour on `1h05`, and `3h` for whole hours."""
    if minutes >= 60 and minutes % 60 == 0:
        return _("{hours} h").format(hours=minutes // 60)
    if minutes >= 60:
        return _("{hours} h {minutes}").format(hours=minutes // 60, minutes=f"{minutes % 60:02d}")
    return ngettext("{count} min", "{count} min", minutes).format(count=minutes)
