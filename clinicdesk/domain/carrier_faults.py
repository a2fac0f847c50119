"""Why a provider did not take a message, in the words that queue, settings and desk share."""

from enum import StrEnum


class CarrierFault(StrEnum):
    """What went wrong with a provider, in words of ours."""

    # How the channel is set up.
    ADDRESS_UNSAFE = "address_unsafe"  # neither https nor this computer
    SETTING_MISSING = "setting_missing"  # its name is the detail
    SETTING_WRONG = "setting_wrong"
    SECRET_MISSING = "secret_missing"
    SECRET_WRONG = "secret_wrong"  # not of a shape that could be sent at all

    # The way to the provider.
    HOST_NOT_FOUND = "host_not_found"
    UNREACHABLE = "unreachable"
    NOT_TRUSTED = "not_trusted"  # the certificate is not the provider's
    NO_ENCRYPTION = "no_encryption"
    NO_ANSWER = "no_answer"
    ANSWER_UNREADABLE = "answer_unreadable"
    REDIRECTED = "redirected"
    PROVIDER_BUSY = "provider_busy"
    TOO_FAST = "too_fast"
    TOO_FAST_FOR_PERSON = "too_fast_for_person"

    # The account.
    WRONG_TOKEN = "wrong_token"
    TOKEN_EXPIRED = "token_expired"
    WRONG_APP_SECRET = "wrong_app_secret"
    WRONG_CLIENT_TOKEN = "wrong_client_token"
    WRONG_PASSWORD = "wrong_password"
    WRONG_ACCOUNT = "wrong_account"  # the account, instance or number that was typed is not there
    NO_PERMISSION = "no_permission"
    ACCOUNT_BLOCKED = "account_blocked"
    PAYMENT = "payment"
    SENDER_REFUSED = "sender_refused"
    NOT_CONNECTED = "not_connected"  # the provider's telephone is offline

    # The person.
    NO_PHONE = "no_phone"
    NO_EMAIL = "no_email"
    NOT_A_PHONE = "not_a_phone"
    NOT_AN_EMAIL = "not_an_email"
    LANDLINE = "landline"
    TOLL_FREE = "toll_free"
    FOREIGN_NUMBER = "foreign_number"
    NOT_REACHED = "not_reached"  # no such account there, or it takes nothing
    OPTED_OUT = "opted_out"
    TAKES_NO_ADVERTISING = "takes_no_advertising"
    NEEDS_PHONE = "needs_phone"
    MAILBOX_UNKNOWN = "mailbox_unknown"

    # The message.
    OUTSIDE_WINDOW = "outside_window"
    TEMPLATE_UNKNOWN = "template_unknown"
    TEMPLATE_VALUES = "template_values"
    TEMPLATE_PAUSED = "template_paused"
    MESSAGE_EMPTY = "message_empty"
    MESSAGE_TOO_LONG = "message_too_long"
    MESSAGE_REFUSED = "message_refused"
    ATTACHMENT_REFUSED = "attachment_refused"
    ATTACHMENT_TOO_LARGE = "attachment_too_large"
    MEDIA_GONE = "media_gone"
