"""Conversations in words: a row of the list, a line of the thread, the window, and how they are read aloud."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from clinicdesk import formats
from clinicdesk.desk.dates import day_inside, relative_day, short_day
from clinicdesk.desk.wording_inbox import BY_THE_ROBOT, EVENTS, FAULTS, MESSAGE_KINDS, TICKS, UNLINKED
from clinicdesk.desk.wording_messages import reason_word
from clinicdesk.domain.inbox import (
    EventKind,
    Happened,
    Incoming,
    Last,
    Line,
    Outgoing,
    Owner,
    Side,
    Speech,
    Talk,
    speech,
)
from clinicdesk.domain.media import Media, MediaState
from clinicdesk.domain.messages import MessageKind, MessageState
from clinicdesk.domain.patients import show_phone
from clinicdesk.domain.told import WrittenKind
from clinicdesk.formats import clock
from clinicdesk.words import _, ngettext

_FAILED = (MessageState.FAILED, MessageState.UNKNOWN)


def name_of(talk: Talk) -> str:
    """Who it is, as far as anybody knows."""
    return talk.patient_name or talk.display_name or show_phone(talk.phone) or talk.identity


def reached_at(talk: Talk) -> str:
    """The number, or what else stands for it."""
    return show_phone(talk.phone) or talk.identity


def when(at: dt.datetime, now: dt.datetime, zone: dt.tzinfo) -> str:
    """`10:16` today, else `ontem` or `21 nov`."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    return clock(at, zone) if local.date() == today else relative_day(local.date(), today)


def owner_words(talk: Talk, me: UUID) -> tuple[str, str]:
    """Who speaks there: icon and word."""
    if talk.owner is Owner.BOT:
        return "bot", _("Robot")
    return "user-round", _("You") if talk.person_id == me else talk.person_name.split()[0]


def preview(talk: Talk, me: UUID) -> tuple[str, str, str]:
    """What it ended with: icon, tone and one line of words. The icon is empty for what a patient wrote."""
    last = talk.last
    if last is None:
        return "", "muted", _("Nothing said yet")
    if last.side is Side.IN:
        return "", "text" if talk.unread else "muted", one_line(_said(last))
    tick = TICKS[MessageState(last.state)]
    if last.state in _FAILED:
        why = reason_word(last.reason)
        return tick.icon, tick.tone, f"{_(tick.word)}: {why}" if why else _(tick.word)
    words = one_line(_said(last))
    if last.kind == MessageKind.PERSON:
        words = _("You: {words}").format(words=words) if last.person_id == me else words
    return tick.icon, tick.tone, words


def one_line(words: str) -> str:
    """Words without their line breaks."""
    return " ".join(words.split())


def _said(last: Last) -> str:
    media = media_words(last.media_kind or last.kind, last.file_name, last.seconds)
    if last.words and media:
        return f"{media} · {last.words}"
    if last.words or media:
        return last.words or media
    return _(MESSAGE_KINDS[MessageKind(last.kind)]) if last.side is Side.OUT else incoming_word(WrittenKind(last.kind))


def media_words(kind: str, file_name: str = "", seconds: int = 0) -> str:
    """A file in a few words: `Foto: pedido.jpg`, `Áudio de 14 s`; empty for what is none."""
    words = {
        "image": _("Photo"),
        "audio": _("Audio"),
        "video": _("Video"),
        "document": _("Document"),
        "sticker": _("Sticker"),
    }.get(kind, "")
    if not words:
        return ""
    if kind in ("audio", "video") and seconds:
        return f"{words} · {length(seconds)}"
    return f"{words}: {file_name}" if file_name and kind != "sticker" else words


def length(seconds: int) -> str:
    """`14 s`, from a minute on `1:05`."""
    return _("{count} s").format(count=seconds) if seconds < 60 else f"{seconds // 60}:{seconds % 60:02d}"


def incoming_word(kind: WrittenKind) -> str:
    """What came, when it has no words of its own."""
    return {
        WrittenKind.LOCATION: _("Location"),
        WrittenKind.CONTACT: _("Contact"),
        WrittenKind.REACTION: _("Reaction"),
        WrittenKind.DELETED: _("Message deleted by who wrote it"),
        WrittenKind.UNKNOWN: _("A kind of message that cannot be shown"),
    }.get(kind, _("Message without words"))


def window_words(talk: Talk, now: dt.datetime) -> tuple[Speech, str]:
    """What may be sent now, and how long that stays so, as `23 h 58 min`."""
    now_may = speech(talk, now)
    if now_may is not Speech.OPEN or talk.window_until is None:
        return now_may, ""
    minutes = max(1, int((talk.window_until - now).total_seconds() // 60))
    if minutes >= 60:
        return now_may, _("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)
    return now_may, ngettext("{count} min", "{count} min", minutes).format(count=minutes)


def event_words(line: Happened, zone: dt.tzinfo) -> str:
    """What happened, with who did it and at what time."""
    time = clock(line.at, zone)
    if not line.person_name:
        return _(BY_THE_ROBOT.get(line.kind, EVENTS[line.kind])).format(person=_("Robot"), words=line.words, time=time)
    source = UNLINKED if line.kind is EventKind.LINKED and not line.words else EVENTS[line.kind]
    return _(source).format(person=line.person_name.split()[0], words=line.words, time=time)


def robot_head(line: Outgoing) -> str:
    """What stands over a bubble the robot wrote: `Robô · lembrete`."""
    return " · ".join((_("Robot"), _(MESSAGE_KINDS[line.kind])))


def body_of(line: Incoming | Outgoing) -> str:
    """The words of a bubble; what they will come from while there are none yet."""
    if line.body:
        return line.body
    if isinstance(line, Outgoing) and line.kind is MessageKind.ANSWER:
        return _("Answers what was read in the reply, in a few minutes")
    if isinstance(line, Outgoing):
        return _("Template “{name}”").format(name=line.template) if line.template else ""
    return "" if line.media is not None else incoming_word(line.kind)


def media_title(media: Media) -> str:
    """A file as its card names it."""
    return media_words(media.kind, media.file_name, media.seconds) or media.file_name


def media_where(media: Media, now: dt.datetime, zone: dt.tzinfo) -> str:
    """Where the file stands: how large it is and until when it is kept, that it comes, or that its time is over."""
    state = media.state(now)
    if state is MediaState.FAULTY:
        return _(FAULTS.get(media.fault, FAULTS["not_fetched"]))
    if state is not MediaState.HERE:
        return _("On its way") if state is MediaState.COMING else _("No longer kept here")
    size = file_size(media.size)
    if media.kept_at is not None:
        return _("{size} · kept in the record").format(size=size)
    day = short_day(media.expires_at.astimezone(zone).date())
    return _("{size} · kept until {day}").format(size=size, day=day)


def file_size(size: int) -> str:
    """`2,4 MB`, `38 KB`."""
    if size >= 1_000_000:
        return f"{formats.decimal(Decimal(size) / 1_000_000 // Decimal('0.1') / 10)} MB"
    return f"{max(1, size // 1000)} KB"


def day_words(day: dt.date, today: dt.date) -> str:
    """A day between lines: `hoje`, else `segunda-feira, 23 de novembro`, with the year when it is another one."""
    if day == today:
        return relative_day(day, today)
    return day_inside(day) if day.year == today.year else f"{day_inside(day)}, {day.year}"


def state_words(line: Outgoing) -> str:
    """Where an outgoing message stands, with the reason."""
    why = reason_word(line.reason)
    word = _(TICKS[line.state].word)
    return f"{word}: {why}" if why else word


def spoken(line: Line, talk: Talk, me: UUID, zone: dt.tzinfo) -> str:
    """A line for a screen reader."""
    time = clock(line.at, zone)
    if isinstance(line, Happened):
        if line.kind is EventKind.NOTE:
            return _("Note by {person} at {time}: {words}").format(
                person=line.person_name, time=time, words=one_line(line.words)
            )
        return event_words(line, zone)
    media = media_title(line.media) if line.media is not None else ""
    words = ". ".join(filter(None, (media, one_line(body_of(line)))))
    if isinstance(line, Incoming):
        return _("{name} at {time}: {words}").format(name=name_of(talk), time=time, words=words)
    who = robot_head(line) if line.person_id is None else _("You") if line.person_id == me else line.person_name
    return _("{name} at {time}: {words}").format(name=who, time=time, words=words) + f". {state_words(line)}"


def row_spoken(talk: Talk, me: UUID, now: dt.datetime, zone: dt.tzinfo) -> str:
    """A row of the list for a screen reader."""
    unread = ngettext("{count} unread", "{count} unread", talk.unread).format(count=talk.unread) if talk.unread else ""
    unclear = _("a reply to interpret") if talk.unclear else ""
    parts = (name_of(talk), unread, unclear, preview(talk, me)[2], when(talk.last_at, now, zone))
    return ", ".join(filter(None, (*parts, owner_words(talk, me)[1])))
