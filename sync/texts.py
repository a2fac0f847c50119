"""A patient's words on their way into a provider's request: nothing malformed, nothing longer than it takes."""

import re

from clinicdesk.domain.carrier_faults import CarrierFault
from clinicdesk.domain.free_text import without_unwritable
from sync.carrier import Attachment, Button, Refused, Verdict


def clean(text: str) -> str:
    """`text` without what no JSON could carry and no telephone show; lines stay."""
    return "".join(letter for letter in without_unwritable(text) if letter >= " " or letter in "\n\t")


def one_line(text: str, longest: int) -> str:
    """`text` on one line, with single spaces."""
    joined = "".join(letter if letter.isprintable() else " " for letter in clean(text))
    return " ".join(joined.split())[:longest].strip()


def words_within(text: str, longest: int) -> str:
    """What is to be said. Raises Refused for nothing at all and for what the provider would refuse or cut."""
    words = clean(text).strip()
    if not words:
        raise Refused(Verdict.OUR_FAULT, CarrierFault.MESSAGE_EMPTY)
    if len(words) > longest:
        raise Refused(Verdict.OUR_FAULT, CarrierFault.MESSAGE_TOO_LONG, detail=str(longest))
    return words


def value_of(text: str, longest: int) -> str:
    """A template's value as Meta takes it, through whomever: on one line, single spaces, never empty."""
    return one_line(text, longest) or "-"


def with_choices(body: str, buttons: tuple[Button, ...]) -> str:
    """`body` for who has nothing to press: with what may be typed instead under it, unless it says so itself."""
    words = clean(body).strip()
    typed = [button for button in buttons if button.typed]
    if all(_says(words, button) for button in typed):
        return words
    choices = "\n".join(one_line(f"{button.typed} – {button.label}", 100) for button in typed)
    return "\n\n".join(part for part in (words, choices) if part)


def _says(words: str, button: Button) -> bool:
    """Whether the words name what to type: the sign by itself, before "para", "to", a dash or an equals sign."""
    sign = rf"(?<![\w/:,.])[*“\"']?{re.escape(button.typed)}[*”\"']?\s*(?:para\b|to\b|[-–—=→])"
    return re.search(sign, words, re.IGNORECASE) is not None


def file_name_of(attachment: Attachment) -> str:
    """A file's name without the folders and signs that a header or a telephone would stumble over."""
    return one_line(re.sub(r'[\\/:*?"<>|]', "_", attachment.file_name), 200) or "arquivo"


def mime_of(attachment: Attachment) -> str:
    """What a file is said to be, in the shape that has."""
    told = attachment.mime.strip().lower()
    return told if re.fullmatch(r"[a-z0-9]+/[a-z0-9][a-z0-9.+-]{0,80}", told) else "application/octet-stream"
