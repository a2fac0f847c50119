"""What the queue says: of a message, of what is in trouble, and of who sends."""

import datetime as dt

from clinicdesk.desk.dates import minutes_text, moment
from clinicdesk.desk.wording_messages import kind_word, reason_word, state_word
from clinicdesk.domain.messages import MessageState
from clinicdesk.domain.patients import show_phone
from clinicdesk.domain.queue import Decision, QueuedMessage, QueueLook, Trouble, troubles
from clinicdesk.words import _, marked, ngettext

DECISIONS = {
    Decision.RETRY: (marked("Send again"), "refresh-cw"),
    Decision.DISCARD: (marked("Discard"), "trash-2"),
    Decision.WENT_OUT: (marked("It went out"), "check"),
    Decision.DID_NOT: (marked("It did not"), "x"),
    Decision.TAKE_BACK: (marked("Take it back"), "undo-2"),
}
_DONE = {
    Decision.RETRY: marked("Sent again: {message}"),
    Decision.DISCARD: marked("Discarded: {message}"),
    Decision.WENT_OUT: marked("Noted that it went out: {message}"),
    Decision.DID_NOT: marked("Noted that it did not go out: {message}"),
    Decision.TAKE_BACK: marked("Taken back: {message}"),
}


def decision_word(decision: Decision) -> str:
    """What a button says."""
    return _(DECISIONS[decision][0])


def whose(message: QueuedMessage) -> str:
    """Whom it is for; a test goes to an address."""
    return message.patient_name or show_phone(message.patient_phone or message.recipient) or _("No name")


def message_words(message: QueuedMessage) -> str:
    """A message inside a sentence: `Lembrete, Ana Lima`."""
    return f"{kind_word(message.kind)}, {whose(message)}"


def done_words(decision: Decision, message: QueuedMessage) -> str:
    """What happened, for the toast."""
    return _(_DONE[decision]).format(message=message_words(message))


def about(message: QueuedMessage, now: dt.datetime, zone: dt.tzinfo) -> str:
    """What it is and which visit it speaks of: `Lembrete · amanhã, 14:30 · Retorno`."""
    visit = moment(message.visit_starts_at, now, zone) if message.visit_starts_at else ""
    return " · ".join(filter(None, (kind_word(message.kind), visit, message.service_name)))


def standing(message: QueuedMessage) -> str:
    """Where it stands, with why where there is a why."""
    words = state_word(message.state)
    return f"{words}: {reason_word(message.why)}" if message.why else words


def when(message: QueuedMessage, now: dt.datetime, zone: dt.tzinfo) -> str:
    """The time that matters of it: when it is due, else when it came to where it stands."""
    if message.state in (MessageState.PLANNED, MessageState.CLAIMED):
        return moment(message.planned_for, now, zone) if message.planned_for > now else _("now")
    return moment(message.state_at, now, zone)


def queue_summary(look: QueueLook) -> str:
    """The header's remark: how much waits, and for how long the first of it."""
    if look.due:
        words = ngettext("{count} in the queue", "{count} in the queue", look.due).format(count=look.due)
        minutes = int((look.at - look.oldest).total_seconds() // 60) if look.oldest else 0
        since = _("the oldest for {time}").format(time=minutes_text(minutes))
        return f"{words} · {since}" if minutes else words
    if look.ahead:
        return ngettext("{count} until this time tomorrow", "{count} until this time tomorrow", look.ahead).format(
            count=look.ahead
        )
    return _("Nothing waits")


def trouble_words(trouble: Trouble, count: int) -> str:
    """One trouble as an alert says it."""
    if trouble is Trouble.NOBODY_SENDS:
        return _("Reminders have stopped")
    if trouble is Trouble.CHANNEL_PAUSED:
        return ngettext("{count} channel stands still", "{count} channels stand still", count).format(count=count)
    if trouble is Trouble.UNKNOWN:
        return ngettext("{count} message to look into", "{count} messages to look into", count).format(count=count)
    return ngettext("{count} message not delivered", "{count} messages not delivered", count).format(count=count)


def alert_words(look: QueueLook) -> tuple[str, str]:
    """What the alert says, the gravest or how many messages need somebody, and everything for its tip."""
    found = troubles(look)
    if not found:
        return "", ""
    said = [trouble_words(trouble, count) for trouble, count in found.items()]
    if set(found) == {Trouble.UNKNOWN, Trouble.FAILED}:
        count = sum(found.values())
        needed = ngettext("{count} message needs somebody", "{count} messages need somebody", count)
        return needed.format(count=count), "\n".join(said)
    return said[0], "\n".join(said)


def stopped_words(look: QueueLook, zone: dt.tzinfo) -> str:
    """That nothing is sent, and since when."""
    if look.last_seen is None:
        return _("Reminders have never started here")
    return _("Reminders have stopped: nothing seen since {time}").format(time=moment(look.last_seen, look.at, zone))


def stopped_advice(on_server: bool) -> str:
    """What to do about it."""
    kept = _("Nothing is lost: what waits goes out once it runs again, and what is too old by then does not.")
    if on_server:
        return _("On the clinic’s server: systemctl start clinicdesk-sync") + "\n" + kept
    return _("Close ClinicDesk on this computer and open it again.") + "\n" + kept


def unread_words(count: int) -> str:
    """That a provider delivered what could not be read, and what to do."""
    return ngettext(
        "{count} delivery of this week was not read whole: see the provider's own panel.",
        "{count} deliveries of this week were not read whole: see the provider's own panel.",
        count,
    ).format(count=count)
