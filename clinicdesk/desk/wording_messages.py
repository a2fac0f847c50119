"""Messages in words: by which road, on which occasion, what became of them and why not; consents in the words shown.

One dictionary for each kind of word, from the word of the program to English source text. Nothing here knows Qt.
"""

from clinicdesk.words import _, marked

CHANNELS = {
    "whatsapp": marked("WhatsApp"),
    "sms": marked("SMS"),
    "email": marked("E-mail"),
}
CHANNEL_ICONS = {"whatsapp": "message-circle", "sms": "message-square", "email": "mail"}
PROVIDERS = {
    "meta": marked("Meta Cloud API"),
    "twilio": marked("Twilio"),
    "zapi": marked("Z-API"),
    "botconversa": marked("Botconversa"),
    "smtp": marked("Mail server (SMTP)"),
    "sendgrid": marked("SendGrid"),
}
PURPOSES = {
    "care": marked("About their visits"),
    "marketing": marked("News and offers"),
}
EVENTS = {
    "booked": marked("When a visit is booked"),
    "reminder": marked("Before a visit"),
    "moved": marked("When a visit is moved"),
    "cancelled": marked("When a visit is cancelled"),
    "follow_up": marked("After a visit"),
    "birthday": marked("On the birthday"),
    "offer": marked("When a time is offered from the waiting list"),
    "check_in": marked("With the check-in code"),
}
# What a message is, as a row of a list names it.
KINDS = {
    "booked": marked("Booked"),
    "reminder": marked("Reminder"),
    "moved": marked("Moved"),
    "cancelled": marked("Cancellation"),
    "follow_up": marked("After the visit"),
    "birthday": marked("Birthday"),
    "offer": marked("Offer of a time"),
    "check_in": marked("Check-in code"),
    "answer": marked("Answer of the robot"),
    "person": marked("Written by a person"),
    "test": marked("Test"),
}
STATES = {
    "planned": marked("Planned"),
    "claimed": marked("About to be sent"),
    "sending": marked("Being sent"),
    "sent": marked("Sent"),
    "delivered": marked("Delivered"),
    "read": marked("Read"),
    "failed": marked("Failed"),
    "unknown": marked("Nobody knows"),
    "cancelled": marked("Not sent"),
}
# Why a message was not sent, or not yet.
REASONS = {
    "visit_cancelled": marked("the visit was cancelled"),
    "visit_moved": marked("the visit was moved"),
    "visit_over": marked("the visit is over"),
    "already_confirmed": marked("the patient has confirmed already"),
    "no_consent": marked("the patient gave no consent"),
    "opted_out": marked("the patient asked for no more messages"),
    "quiet_hours": marked("it waits for the end of the quiet hours"),
    "too_old": marked("it would come too late"),
    "rule_off": marked("the rule is switched off"),
    "policy_off": marked("automatic messages are switched off"),
    "no_channel": marked("no channel reaches the patient"),
    "no_address": marked("there is no phone and no e-mail to reach"),
    "channel_paused": marked("the channel is paused"),
    "discarded": marked("somebody discarded it"),
    "settled": marked("somebody said that it did not go out"),
    "no_answer": marked("the provider did not say what became of it"),
}
# What a provider refused, as something a person can act upon.
FAULTS = {
    "wrong_credential": marked("The credential is wrong. Type it again and test."),
    "unreachable": marked("The provider does not answer. Look at the internet connection and at the base address."),
    "timeout": marked("The provider took too long to answer. It is tried again by itself."),
    "limited": marked("The provider asks for a pause: too many messages. It is tried again by itself."),
    "server_error": marked("The provider has a fault of its own. It is tried again by itself."),
    "not_on_whatsapp": marked("This number is not on WhatsApp. The next channel is tried."),
    "bad_number": marked("The provider does not know this number. Check the patient's phone."),
    "blocked": marked("The patient has blocked the clinic's messages. The next channel is tried."),
    "outside_window": marked(
        "More than 24 hours have passed since the patient wrote: WhatsApp takes approved templates alone."
    ),
    "template_rejected": marked("The provider does not know this template. Compare its name and its variables."),
    "account_blocked": marked("The provider has blocked the account. Look at its panel."),
    "payment": marked("The account at the provider has to be paid. Look at its panel."),
}
CONSENT_SOURCES = {
    "desk": marked("at the desk"),
    "form": marked("on a signed form"),
    "message": marked("by a message"),
    "import": marked("by import"),
}


def channel_word(channel: str) -> str:
    """`WhatsApp`."""
    return _(CHANNELS[channel])


def channels_words(channels: tuple[str, ...]) -> str:
    """`WhatsApp, SMS, e-mail`, in the order given; inside a sentence."""
    return ", ".join(_inside(channel_word(one)) for one in channels)


def provider_word(provider: str) -> str:
    """Who carries it, by the name on their panel."""
    return _(PROVIDERS[provider])


def purpose_word(purpose: str) -> str:
    """What a consent is for."""
    return _(PURPOSES[purpose])


def event_word(event: str) -> str:
    """On which occasion a rule speaks."""
    return _(EVENTS[event])


def kind_word(kind: str) -> str:
    """What a message is."""
    return _(KINDS[kind])


def state_word(state: str) -> str:
    """Where a message stands."""
    return _(STATES[state])


def reason_word(reason: str) -> str:
    """Why it was not sent, as half a sentence; a reason nobody worded is said as it is written."""
    return _(REASONS[reason]) if reason in REASONS else reason.replace("_", " ")


def fault_sentence(fault: str) -> str:
    """What a provider refused, and what to do."""
    return _(FAULTS[fault]) if fault in FAULTS else _("The provider refused it ({code}).").format(code=fault)


def consent_source_phrase(source: str) -> str:
    """How a consent came, or its end."""
    return _(CONSENT_SOURCES[source])


def _inside(word: str) -> str:
    """As it stands inside a sentence: names and initials keep their capitals."""
    return word if any(letter.isupper() for letter in word[1:]) else word[:1].lower() + word[1:]
