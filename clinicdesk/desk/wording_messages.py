"""Messages in words: by which road, on which occasion, what became of them and why not; consents in the words shown.

One dictionary for each kind of word, from the word of the program to English source text. Nothing here knows Qt.
"""

from clinicdesk.domain.messages import MessageState
from clinicdesk.domain.queue import OF_A_PERSON
from clinicdesk.errors import MessageMoved
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
    # nobody knows
    "unanswered": marked("the provider did not answer"),
    # the person
    "no_phone": marked("no phone on the register"),
    "no_email": marked("no e-mail on the register"),
    "not_a_phone": marked("the phone is not a valid number"),
    "not_an_email": marked("the e-mail is not a valid address"),
    "landline": marked("the phone is a landline"),
    "toll_free": marked("the phone is a service number"),
    "foreign_number": marked("the number is of another country"),
    "not_reached": marked("the number has no WhatsApp"),
    "mailbox_unknown": marked("the e-mail address does not exist"),
    "needs_phone": marked("this template needs a phone"),
    "takes_no_advertising": marked("the patient takes no advertising"),
    # the way to the provider
    "host_not_found": marked("the provider’s address was not found"),
    "unreachable": marked("the provider was not reached"),
    "not_trusted": marked("whoever answered is not the provider"),
    "no_encryption": marked("the provider offers no encryption"),
    "answer_unreadable": marked("the provider’s answer could not be read"),
    "redirected": marked("the provider sends elsewhere"),
    "provider_busy": marked("the provider is overloaded"),
    "too_fast": marked("the provider’s limit was reached"),
    "too_fast_for_person": marked("too many messages to this person in a row"),
    # the account
    "address_unsafe": marked("the channel’s address is not safe"),
    "setting_missing": marked("a setting of the channel is missing"),
    "setting_wrong": marked("a setting of the channel is wrong"),
    "secret_missing": marked("the channel has no credential"),
    "secret_wrong": marked("the channel’s credential is not one"),
    "wrong_token": marked("the provider refuses the access token"),
    "token_expired": marked("the access token has expired"),
    "wrong_app_secret": marked("the app secret is wrong"),
    "wrong_client_token": marked("the client token is wrong"),
    "wrong_password": marked("the password of the account is wrong"),
    "wrong_account": marked("the provider does not know the account"),
    "no_permission": marked("the account may not send"),
    "account_blocked": marked("the provider has blocked the account"),
    "payment": marked("the provider waits for a payment"),
    "sender_refused": marked("the provider refuses the sender"),
    "not_connected": marked("the clinic’s phone is not connected"),
    # the message
    "outside_window": marked("free text is not allowed now, only an approved template"),
    "template_unknown": marked("the provider does not know the template"),
    "template_values": marked("the template does not fit its variables"),
    "template_paused": marked("the provider has paused the template"),
    "message_empty": marked("the message is empty"),
    "message_too_long": marked("the message is too long"),
    "message_refused": marked("the provider refused the message"),
    "attachment_refused": marked("the provider refused the file"),
    "attachment_too_large": marked("the file is too large"),
    "media_gone": marked("the file is not there any more"),
    # what was found when it was looked at again
    "messaging_off": marked("the clinic sends no messages by itself"),
    "offer_over": marked("the offer is over"),
}
# Icon and tone of each state; the words stand in STATES.
STATE_LOOKS = {
    MessageState.PLANNED: ("clock", "muted"),
    MessageState.CLAIMED: ("clock", "muted"),
    MessageState.SENDING: ("loader-circle", "info"),
    MessageState.SENT: ("check", "muted"),
    MessageState.DELIVERED: ("check-check", "muted"),
    MessageState.READ: ("check-check", "info"),
    MessageState.FAILED: ("circle-alert", "danger"),
    MessageState.UNKNOWN: ("circle-question-mark", "warn"),
    MessageState.CANCELLED: ("ban", "muted"),
}
# What to do about a failure, where that is not “send again”.
ADVICE = {
    **dict.fromkeys(
        ("no_phone", "not_a_phone", "landline", "toll_free", "not_reached"),
        marked("Call the patient, or correct the phone on the register and send again."),
    ),
    **dict.fromkeys(
        ("no_email", "not_an_email", "mailbox_unknown"),
        marked("Correct the e-mail on the register and send again."),
    ),
    **dict.fromkeys(
        ("no_consent", "opted_out", "takes_no_advertising"),
        marked("Nothing is sent without consent. Call the patient if it matters."),
    ),
    **dict.fromkeys(
        ("wrong_token", "token_expired", "wrong_app_secret", "wrong_client_token", "wrong_password", "secret_missing",
         "secret_wrong", "wrong_account", "setting_missing", "setting_wrong", "address_unsafe"),
        marked("A manager corrects the channel in the settings; then send again."),
    ),
    **dict.fromkeys(
        ("no_permission", "account_blocked", "payment", "sender_refused"),
        marked("Somebody has to look at the account on the provider’s own page."),
    ),
    **dict.fromkeys(
        ("template_unknown", "template_values", "template_paused"),
        marked("A manager corrects the template in the settings; then send again."),
    ),
    "not_connected": marked("Connect the clinic’s phone again on the provider’s page; then send again."),
    "no_channel": marked("Call the patient. Phone, e-mail or consent is missing on the register."),
}  # fmt: skip

TROUBLES_OF_STATE = {
    "sending": marked("This message is going out at this moment. Wait a few seconds and look again."),
    "planned": marked("This message is waiting to be sent already. Look at the queue again."),
    "claimed": marked("This message is going out at this moment. Wait a few seconds and look again."),
    "sent": marked("This message has gone out already. Look at the queue again."),
    "delivered": marked("This message has arrived already. Look at the queue again."),
    "read": marked("This message has been read already. Look at the queue again."),
    "failed": marked("This message could not be sent meanwhile. Look at the queue again."),
    "unknown": marked("Nobody knows yet whether this message went out. Look at the queue again."),
    "cancelled": marked("This message was dropped already. Look at the queue again."),
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


def advice_words(reason: str) -> str:
    """What to do about a failure; empty when there is nothing but to send again."""
    return _(ADVICE[reason]) if reason in ADVICE else ""


def pause_words(reason: str) -> str:
    """Why a channel is paused: in the words of who did it, or why the program did."""
    if reason.startswith(OF_A_PERSON):
        return reason.removeprefix(OF_A_PERSON) or _("paused at the desk")
    return reason_word(reason)


def moved_sentence(error: MessageMoved) -> str:
    """Why something cannot be done to a message any more."""
    return _(TROUBLES_OF_STATE.get(error.present, TROUBLES_OF_STATE["sending"]))


def fault_sentence(fault: str) -> str:
    """What a provider refused, and what to do."""
    return _(FAULTS[fault]) if fault in FAULTS else _("The provider refused it ({code}).").format(code=fault)


def consent_source_phrase(source: str) -> str:
    """How a consent came, or its end."""
    return _(CONSENT_SOURCES[source])


def _inside(word: str) -> str:
    """As it stands inside a sentence: names and initials keep their capitals."""
    return word if any(letter.isupper() for letter in word[1:]) else word[:1].lower() + word[1:]
