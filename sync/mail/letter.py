"""A parcel as a letter: whose it is, what stands on top, how to be written to no more."""

import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

from clinicdesk.domain.carrier_faults import CarrierFault
from sync.carrier import Parcel, Refused, Verdict
from sync.channel import ChannelSettings
from sync.texts import clean, file_name_of, mime_of, one_line, with_choices, words_within

LONGEST_TEXT = 20_000
LONGEST_SUBJECT = 150
LARGEST_FILE = 15_000_000
# The part before the @ without quoted forms, and a name with a point in it, in ASCII or as IDNA writes it.
_MAILBOX = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes, and where answers go."""

    address: str
    name: str
    reply_to: str
    unsubscribe: str  # a mailto: or https: address

    @property
    def domain(self) -> str:
        """The part behind the @."""
        return self.address.rpartition("@")[2]


def sender_of(settings: ChannelSettings) -> Sender:
    """Raises Refused, naming the setting that is missing or wrong."""
    address = _setting(settings.needed("from_address"), "from_address")
    reply_to = settings.text("reply_to")
    reply_to = _setting(reply_to, "reply_to") if reply_to else ""
    unsubscribe = settings.text("unsubscribe") or f"mailto:{reply_to or address}?subject=SAIR"
    if not re.fullmatch(r"(mailto:|https://)[!-;=?-~]{3,500}", unsubscribe):
        raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SETTING_WRONG, detail="unsubscribe")
    return Sender(address, one_line(settings.text("from_name"), 100), reply_to, unsubscribe)


def mailbox(text: str) -> str:
    """An address as it can be written on any envelope; empty where it is none."""
    local, _, domain = text.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    found = f"{local}@{domain}"
    dots = local.startswith(".") or local.endswith(".") or ".." in local
    return found if _MAILBOX.fullmatch(found) and not dots else ""


def receiver_of(parcel: Parcel) -> str:
    """Whom a letter is for. Raises Refused where there is no address, or none that exists."""
    told = parcel.recipient.email or parcel.recipient.identity
    if not told.strip():
        raise Refused(Verdict.NEXT_CHANNEL, CarrierFault.NO_EMAIL)
    if not (address := mailbox(told)):
        raise Refused(Verdict.NEXT_CHANNEL, CarrierFault.NOT_AN_EMAIL)
    return address


def subject_of(parcel: Parcel) -> str:
    """What stands on top: the subject, else how the words begin."""
    return one_line(parcel.subject, LONGEST_SUBJECT) or one_line(parcel.body, 70) or "-"


def text_of(parcel: Parcel) -> str:
    """The words with what may be answered under them."""
    return words_within(with_choices(parcel.body, parcel.buttons), LONGEST_TEXT)


def message_id_of(parcel: Parcel, sender: Sender) -> str:
    """The name a letter goes by: the attempt's."""
    return f"<{parcel.attempt_id}@{sender.domain}>"


def letter_of(parcel: Parcel, sender: Sender, date: str | None = None) -> EmailMessage:
    """The whole letter. Raises Refused where there is nobody to write to or nothing to say."""
    letter = EmailMessage(policy=SMTP)
    letter["From"] = _named(sender.name, sender.address)
    letter["To"] = _named(one_line(parcel.recipient.name, 100), receiver_of(parcel))
    letter["Subject"] = subject_of(parcel)
    letter["Date"] = date or formatdate(localtime=False)
    letter["Message-ID"] = message_id_of(parcel, sender)
    if sender.reply_to:
        letter["Reply-To"] = _named("", sender.reply_to)
    letter["List-Unsubscribe"] = f"<{sender.unsubscribe}>"
    if _MESSAGE_ID.fullmatch(parcel.quoted_id):
        letter["In-Reply-To"] = letter["References"] = parcel.quoted_id
    letter.set_content(clean(text_of(parcel)) + "\n", cte="quoted-printable")
    if parcel.attachment is not None:
        if len(parcel.attachment.content) > LARGEST_FILE:
            raise Refused(Verdict.OUR_FAULT, CarrierFault.ATTACHMENT_TOO_LARGE)
        main, _, sub = mime_of(parcel.attachment).partition("/")
        name = file_name_of(parcel.attachment)
        letter.add_attachment(parcel.attachment.content, maintype=main, subtype=sub, filename=name)
    return letter


def _named(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(name, local, domain)


def _setting(text: str, name: str) -> str:
    if not (address := mailbox(text)):
        raise Refused(Verdict.PAUSE_CHANNEL, CarrierFault.SETTING_WRONG, detail=name)
    return address
