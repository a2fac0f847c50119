"""Messages in words: by which road, on which occasion, what became of them and why not; consents in the words shown.

One dictionary for each kind of word, from the word of the program to English source text. Nothing here knows Qt.
"""

import re

from clinicdesk.domain.messages import MessageState
from clinicdesk.domain.queue import OF_A_PERSON
from clinicdesk.errors import MessageMoved
from clinicdesk.words import _, marked

_IN_BRACES = re.compile(r"\{([^{}]*)\}")
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
    "already_confirmed": marked("the patient has confirmed already"),
    "no_consent": marked("the patient gave no consent"),
    "opted_out": marked("the patient asked for no more messages"),
    "quiet_hours": marked("it waits for the end of the quiet hours"),
    "too_old": marked("it would come too late"),
    "no_channel": marked("no channel reaches the patient"),
    "nowhere_reached": marked("every channel was tried and none reached the patient"),
    "no_address": marked("there is no phone and no e-mail to reach"),
    "channel_paused": marked("the channel is paused"),
    "channel_busy": marked("as many go by the channel as may in a minute"),
    "channel_away": marked("the provider does not answer; it is tried again by itself"),
    "discarded": marked("somebody discarded it"),
    "settled": marked("somebody said that it did not go out"),
    "no_answer": marked("the provider did not say what became of it"),
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
    "offer_over": marked("the offer is over"),
    # what stands against it, or not yet
    "cancelled": marked("the visit was cancelled"),
    "moved": marked("the visit was moved"),
    "moved_back": marked("the visit went back to where it stood"),
    "stands_again": marked("the visit stands again"),
    "happened_already": marked("the visit is over"),
    "not_completed": marked("the visit did not take place"),
    "together": marked("another message of the same coming says it"),
    "taken_back": marked("what was read in the reply was taken back"),
    "taken_over": marked("a person took the conversation over"),
    "messages_off": marked("automatic messages are switched off"),
    "rule_inactive": marked("the rule is switched off"),
    "not_due": marked("its time has not come yet"),
    "retrying": marked("it is tried again by itself"),
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
    "address_unsafe": marked("The base address has to begin with https."),
    "setting_missing": marked("{detail} is missing. Fill it in, save and test again."),
    "setting_wrong": marked("{detail} is not right. Correct it, save and test again."),
    "secret_missing": marked("{detail} was never typed. Type it, save and test again."),
    "secret_wrong": marked("{detail} does not have the shape of one. Copy it again from the provider's panel."),
    "host_not_found": marked(
        "There is no computer of that name. Look at the base address and at the internet connection."
    ),
    "unreachable": marked("The provider does not answer. Look at the internet connection and at the base address."),
    "not_trusted": marked("Whoever answers there is not the provider. Look at the base address."),
    "no_encryption": marked("The mail server offers no encryption. Choose another security, or ask who runs it."),
    "no_answer": marked("The provider took too long to answer: nobody knows whether it went out."),
    "answer_unreadable": marked("The provider answered something that cannot be read. Look at the base address."),
    "redirected": marked("The provider sends us to another address. Look at the base address."),
    "provider_busy": marked("The provider has a fault of its own. It is tried again by itself."),
    "too_fast": marked("The provider asks for a pause: too many messages. It is tried again by itself."),
    "too_fast_for_person": marked("Too many messages to the same person. It is tried again by itself."),
    "wrong_token": marked("The token is wrong. Copy it again from the provider's panel, save and test."),
    "token_expired": marked("The token has expired. Make a permanent one in the provider's panel."),
    "wrong_app_secret": marked("The app secret is wrong. Copy it again from the provider's panel."),
    "wrong_client_token": marked("The client token is wrong. Copy it again from the security page of Z-API."),
    "wrong_password": marked("User or password are wrong. Type both again."),
    "wrong_account": marked("There is no such account or number there. Compare it with the provider's panel."),
    "no_permission": marked("The token does not include sending messages. Give it that right in the provider's panel."),
    "account_blocked": marked("The provider has blocked the account. Look at its panel."),
    "payment": marked("The account at the provider has to be paid. Look at its panel."),
    "sender_refused": marked("The provider does not let us send from this address or number. Confirm it in its panel."),
    "not_connected": marked(
        "The telephone is not connected. Open the provider's panel and read the code with WhatsApp again."
    ),
    "no_phone": marked("The patient has no phone."),
    "no_email": marked("The patient has no e-mail address."),
    "not_a_phone": marked("This is not a phone number. Check the patient's record."),
    "not_an_email": marked("This is not an e-mail address. Check the patient's record."),
    "landline": marked("This is a landline: no message arrives there."),
    "toll_free": marked("This is a service number: no message arrives there."),
    "foreign_number": marked("This number is of another country, which this channel does not reach."),
    "not_reached": marked("This channel does not reach the patient. The next one is tried."),
    "opted_out": marked("The patient asked this number for no more messages."),
    "takes_no_advertising": marked("The patient takes no advertising on WhatsApp."),
    "needs_phone": marked("WhatsApp wants the phone number for this message, and nobody knows it."),
    "mailbox_unknown": marked("There is no such mailbox. Check the patient's e-mail."),
    "outside_window": marked(
        "More than 24 hours have passed since the patient wrote: WhatsApp takes approved templates alone."
    ),
    "template_unknown": marked("The provider does not know this template. Compare its name and its language."),
    "template_values": marked("The variables do not fit the approved text. Compare their number and their order."),
    "template_paused": marked("The provider has paused this template. Look at its panel."),
    "message_empty": marked("The message is empty."),
    "message_too_long": marked("The message is too long for this channel."),
    "message_refused": marked("The provider refused the message."),
    "attachment_refused": marked("The provider does not take files of this kind."),
    "attachment_too_large": marked("The file is too large for this channel."),
    "media_gone": marked("The provider does not have this file any more."),
    "settled": marked("Somebody said that it did not go out."),
}
# What has to be typed for a provider, as its own panel calls it, and where it is found there.
CHANNEL_FIELDS = {
    "phone_number_id": marked("Phone number ID"),
    "graph_version": marked("Version of the API"),
    "token": marked("Permanent token"),
    "app_secret": marked("App secret"),
    "verify_token": marked("Verification token"),
    "account_sid": marked("Account SID"),
    "sender": marked("Number that sends"),
    "messaging_service": marked("Messaging service"),
    "auth_token": marked("Auth token"),
    "instance_id": marked("Instance"),
    "buttons": marked("Buttons"),
    "instance_token": marked("Token of the instance"),
    "client_token": marked("Client token"),
    "way": marked("How it sends"),
    "tag": marked("Tag"),
    "abroad": marked("Other countries too"),
    "hook_token": marked("Token of the webhook"),
    "value_fields": marked("Custom fields for values"),
    "campaign": marked("Campaign"),
    "api_key": marked("API key"),
    "automation_address": marked("Address of the automation"),
    "relay_secret": marked("Secret of the relay"),
    "from_address": marked("Sender's e-mail"),
    "from_name": marked("Sender's name"),
    "reply_to": marked("Replies go to"),
    "unsubscribe": marked("Address to unsubscribe"),
    "host": marked("Server"),
    "port": marked("Port"),
    "security": marked("Security"),
    "user": marked("User"),
    "password": marked("Password"),
    "webhook_key": marked("Key of the event webhook"),
}
CHANNEL_HINTS = {
    "hook_token": marked("the same in Z-API's panel"),
    "value_fields": marked("their ids in order, parted by commas"),
    "phone_number_id": marked("Meta: WhatsApp, API setup"),
    "token": marked("of a system user of Meta"),
    "app_secret": marked("proves that replies come from Meta"),
    "verify_token": marked("invent one; the same goes into Meta's panel"),
    "sender": marked("with the country, as +5511900000000"),
    "buttons": marked("not always shown; 1 and 0 stay in the text"),
    "client_token": marked("on the security page of Z-API"),
    "automation_address": marked("whoever knows it may send"),
    "relay_secret": marked("N8N signs with it"),
    "unsubscribe": marked("mailto: or https:"),
    "webhook_key": marked("the public key that SendGrid shows"),
}
CHANNEL_CHOICES = {
    "yes": marked("yes"),
    "no": marked("no"),
    "api": marked("by the API"),
    "automation": marked("by an automation"),
    "starttls": marked("STARTTLS (587)"),
    "tls": marked("TLS (465)"),
    "none": marked("none (this computer only)"),
}
# How what patients write comes in.
RECEIVES = {
    "webhook": marked("The provider brings them (webhook)"),
    "poll": marked("We ask the provider every minute"),
    "nothing": marked("They do not arrive here"),
}
# What a text may speak of, as the chips of its editor call it.
VARIABLES = {
    "first_name": marked("First name"),
    "name": marked("Whole name"),
    "weekday": marked("Weekday"),
    "day": marked("Day"),
    "time": marked("Time"),
    "professional": marked("Professional"),
    "clinic": marked("Clinic"),
    "address": marked("Address"),
    "phone": marked("Phone of the clinic"),
    "code": marked("Check-in code"),
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


def fault_sentence(fault: str, detail: str = "") -> str:
    """What a provider refused, and what to do; `detail` names the field of the channel where one is meant."""
    if fault not in FAULTS:
        return _("The provider refused it ({code}).").format(code=fault)
    named = channel_field_word(detail) if detail in CHANNEL_FIELDS else detail or _("A setting")
    return _(FAULTS[fault]).format(detail=named)


def channel_field_word(name: str) -> str:
    """What a setting or a secret of a channel is called."""
    return _(CHANNEL_FIELDS[name])


def variable_word(variable: str) -> str:
    """What a variable stands for."""
    return _(VARIABLES[variable])


def variable_shown(variable: str) -> str:
    """A variable as it stands in a text that somebody writes: `{primeiro nome}`; an unknown one as it is."""
    return "{" + (variable_word(variable).lower() if variable in VARIABLES else variable) + "}"


def variables_shown(text: str) -> str:
    """A kept text with its variables in the reader's words."""
    return _IN_BRACES.sub(lambda found: variable_shown(found[1]), text)


def variable_kept(word: str) -> str:
    """The variable that somebody means by a word; what means none stays as it was typed."""
    plain = " ".join(word.split())
    meant = {variable_word(one).casefold(): one for one in VARIABLES}
    return plain if plain in VARIABLES else meant.get(plain.casefold(), word)


def variables_kept(text: str) -> str:
    """A text as it was typed, with its variables as they are kept."""
    return _IN_BRACES.sub(lambda found: "{" + variable_kept(found[1]) + "}", text)


def consent_source_phrase(source: str) -> str:
    """How a consent came, or its end."""
    return _(CONSENT_SOURCES[source])


def _inside(word: str) -> str:
    """As it stands inside a sentence: names and initials keep their capitals."""
    return word if any(letter.isupper() for letter in word[1:]) else word[:1].lower() + word[1:]
