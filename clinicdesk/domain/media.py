"""Files in conversations: what they are by their content, how large they may be, and how long they stay."""

import datetime as dt
import struct
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from clinicdesk.domain.free_text import clean_text
from clinicdesk.domain.pictures import MOST_PIXELS, picture_size
from clinicdesk.errors import InvalidField

LARGEST_FILE = 16_000_000
LONGEST_NAME = 120


class MediaKind(StrEnum):
    """What a file is to whoever sees it."""

    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    DOCUMENT = "document"
    STICKER = "sticker"


class MediaState(StrEnum):
    """Whether a file can be opened: it is there, on its way, could not be fetched, or its time is over."""

    COMING = "coming"
    HERE = "here"
    FAULTY = "faulty"
    OVER = "over"


class MediaFault(StrEnum):
    """Why a file is not there."""

    TOO_LARGE = "too_large"
    UNKNOWN_KIND = "unknown_kind"
    DANGEROUS = "dangerous"
    NOT_FETCHED = "not_fetched"
    NO_KEY = "no_key"


@dataclass(frozen=True, slots=True)
class Media:
    """A file of a conversation, without its content."""

    id: UUID
    clinic_id: UUID
    conversation_id: UUID
    kind: MediaKind
    mime: str
    file_name: str
    size: int
    seconds: int
    key_version: int
    here: bool  # whether there is content
    fault: str  # of MediaFault, or what a carrier says; empty for none
    expires_at: dt.datetime
    kept_at: dt.datetime | None
    created_at: dt.datetime

    def state(self, now: dt.datetime) -> MediaState:
        """What can be done with it at a moment."""
        if self.here:
            return MediaState.HERE
        if self.fault:
            return MediaState.FAULTY
        return MediaState.OVER if self.expires_at <= now else MediaState.COMING


@dataclass(frozen=True, slots=True)
class Looked:
    """What a file turned out to be."""

    kind: MediaKind
    mime: str


def look_at(content: bytes) -> Looked:
    """What a file is, by its bytes alone: what its name or sender say counts for nothing.

    Raises InvalidField "file": missing, too_large, dangerous, unknown_kind or too_many_pixels.
    """
    if not content:
        raise InvalidField("file", "missing")
    if len(content) > LARGEST_FILE:
        raise InvalidField("file", "file_too_large", str(LARGEST_FILE // 1_000_000))
    found = _by_magic(content)
    if found is None:
        raise InvalidField("file", "unknown_kind")
    if found.kind is MediaKind.IMAGE and _too_many_pixels(content):
        raise InvalidField("file", "too_many_pixels", str(MOST_PIXELS // 1_000_000))
    return found


def clean_file_name(name: str, mime: str) -> str:
    """A name that is safe to show and to write to a disk: no folders, no signs that hide how it ends."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*').strip(" .")
    ending = ENDINGS.get(mime, "")
    stem = kept.rsplit(".", 1)[0] if "." in kept else kept
    if not stem:
        return ""
    return clean_text(stem[: LONGEST_NAME - len(ending)], "file") + ending


ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "audio/ogg": ".ogg",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/aac": ".aac",
    "audio/amr": ".amr",
    "audio/wav": ".wav",
    "video/mp4": ".mp4",
    "video/3gpp": ".3gp",
    "video/quicktime": ".mov",
    "video/webm": ".webm",
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/rtf": ".rtf",
    "text/plain": ".txt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.oasis.opendocument.text": ".odt",
}
_I, _A, _V, _D = MediaKind.IMAGE, MediaKind.AUDIO, MediaKind.VIDEO, MediaKind.DOCUMENT
_MAGIC: tuple[tuple[bytes, Looked], ...] = (
    (b"\xff\xd8\xff", Looked(_I, "image/jpeg")),
    (b"\x89PNG\r\n\x1a\n", Looked(_I, "image/png")),
    (b"GIF87a", Looked(_I, "image/gif")),
    (b"GIF89a", Looked(_I, "image/gif")),
    (b"OggS", Looked(_A, "audio/ogg")),
    (b"ID3", Looked(_A, "audio/mpeg")),
    (b"\xff\xfb", Looked(_A, "audio/mpeg")),
    (b"\xff\xf3", Looked(_A, "audio/mpeg")),
    (b"\xff\xf1", Looked(_A, "audio/aac")),
    (b"\xff\xf9", Looked(_A, "audio/aac")),
    (b"#!AMR", Looked(_A, "audio/amr")),
    (b"\x1a\x45\xdf\xa3", Looked(_V, "video/webm")),
    (b"%PDF-", Looked(_D, "application/pdf")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Looked(_D, "application/msword")),
    (b"{\\rtf", Looked(_D, "application/rtf")),
)
_BRANDS = {b"M4A ": Looked(_A, "audio/mp4"), b"M4B ": Looked(_A, "audio/mp4"), b"qt  ": Looked(_V, "video/quicktime")}
_OFFICE = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!/", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")


def _by_magic(content: bytes) -> Looked | None:
    if content.startswith(b"PK\x03\x04"):
        return _in_a_zip(content)
    if content.startswith(b"RIFF"):
        return {b"WEBP": Looked(_I, "image/webp"), b"WAVE": Looked(_A, "audio/wav")}.get(content[8:12])
    if content[4:8] == b"ftyp":
        brand = content[8:12]
        return Looked(_V, "video/3gpp") if brand.startswith(b"3g") else _BRANDS.get(brand, Looked(_V, "video/mp4"))
    for start, found in _MAGIC:
        if content.startswith(start):
            return found
    return _text(content)


def _in_a_zip(content: bytes) -> Looked | None:
    """A document of an office program; macros in it are nobody's business to send."""
    if b"vbaProject.bin" in content:
        raise InvalidField("file", "dangerous")
    if content[30:38] == b"mimetype" and b"opendocument.text" in content[38:100]:
        return Looked(_D, "application/vnd.oasis.opendocument.text")
    for folder, mime in _OFFICE.items():
        if b"[Content_Types].xml" in content and folder in content:
            return Looked(_D, mime)
    return None


def _text(content: bytes) -> Looked | None:
    if content.startswith(_PROGRAMS):
        raise InvalidField("file", "dangerous")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if any(ord(sign) < 32 and sign not in "\t\r\n\f" for sign in text):
        return None
    # What a browser would run is no text, whatever it calls itself.
    beginning = text[:4096].lower()
    if any(word in beginning for word in ("<script", "<html", "<svg", "<!doctype", "<?xml", "<?php")):
        raise InvalidField("file", "dangerous")
    return Looked(_D, "text/plain")


def _too_many_pixels(content: bytes) -> bool:
    size = _pixels(content)
    return size is None or size[0] * size[1] > MOST_PIXELS


def _pixels(content: bytes) -> tuple[int, int] | None:
    """Width and height as the file says them; None when it does not."""
    if content.startswith(b"GIF") and len(content) >= 10:
        return struct.unpack("<HH", content[6:10])
    if content.startswith(b"RIFF"):
        return _webp_pixels(content)
    return picture_size(content)


def _webp_pixels(content: bytes) -> tuple[int, int] | None:
    """By the first chunk of a WebP file (RFC 9649)."""
    chunk = content[12:16]
    if len(content) < 30:
        return None
    if chunk == b"VP8X":
        return int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1
    if chunk == b"VP8L":
        bits = int.from_bytes(content[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return width & 0x3FFF, height & 0x3FFF
    return None
