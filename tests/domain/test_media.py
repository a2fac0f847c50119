"""A file is what its bytes say."""

import datetime as dt
import struct
import zlib
from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk.domain.media import LARGEST_FILE, Media, MediaKind, MediaState, clean_file_name, look_at
from clinicdesk.errors import InvalidField


def png(width: int = 2, height: int = 2) -> bytes:
    """A picture whose header says this size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))


WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x10\x00\x00\x00"
CLASSIC_WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8 \x0a\x00\x00\x00" + bytes(6) + struct.pack("<HH", 640, 480)
LOSSLESS_WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8L\x0a\x00\x00\x00\x2f" + struct.pack("<I", 639 | 479 << 14) + bytes(8)


@pytest.mark.parametrize(
    ("content", "kind", "mime"),
    [
        (png(), "image", "image/png"),
        (b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x10\x00\x10\x03", "image", "image/jpeg"),
        (b"GIF89a\x10\x00\x10\x00", "image", "image/gif"),
        (WEBP + b"\xff\x01\x00\xff\x01\x00", "image", "image/webp"),
        (CLASSIC_WEBP, "image", "image/webp"),
        (LOSSLESS_WEBP, "image", "image/webp"),
        (b"OggS\x00\x02", "audio", "audio/ogg"),
        (b"ID3\x04", "audio", "audio/mpeg"),
        (b"#!AMR\n", "audio", "audio/amr"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio", "audio/wav"),
        (b"\x00\x00\x00\x18ftypM4A ", "audio", "audio/mp4"),
        (b"\x00\x00\x00\x18ftypmp42", "video", "video/mp4"),
        (b"\x00\x00\x00\x18ftyp3gp5", "video", "video/3gpp"),
        (b"%PDF-1.7", "document", "application/pdf"),
        ("Olá, doutora".encode(), "document", "text/plain"),
        (
            b"PK\x03\x04" + b"[Content_Types].xml word/document.xml",
            "document",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_is_told_by_its_first_bytes(content: bytes, kind: str, mime: str) -> None:
    looked = look_at(content)
    assert (looked.kind, looked.mime) == (kind, mime)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "missing"),
        (b"MZ\x90\x00", "dangerous"),
        (b"MZ this program", "dangerous"),
        (b"#!/bin/sh\nrm", "dangerous"),
        (b"<svg onload=alert(1)>", "dangerous"),
        (b"  <!DOCTYPE html>", "dangerous"),
        (b"<?xml version='1.0'?><svg/>", "dangerous"),
        (b"PK\x03\x04 just a zip", "unknown_kind"),
        (b"PK\x03\x04[Content_Types].xml word/vbaProject.bin", "dangerous"),
        (b"\x00\x01\x02\x03", "unknown_kind"),
        (b"a" * (LARGEST_FILE + 1), "file_too_large"),
        (png(100_000, 100_000), "too_many_pixels"),
        (b"GIF89a\xff\xff\xff\xff", "too_many_pixels"),
        (b"\xff\xd8\xff", "too_many_pixels"),  # a picture that does not say how large it is
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_not_kept_says_why(content: bytes, reason: str) -> None:
    with pytest.raises(InvalidField) as refused:
        look_at(content)
    assert refused.value.reason == reason


@given(st.binary(max_size=64))
def test_any_bytes_are_a_file_or_refused(content: bytes) -> None:
    try:
        assert look_at(content).mime
    except InvalidField as refused:
        assert refused.field == "file"


@pytest.mark.parametrize(
    ("name", "mime", "shown"),
    [
        ("exame.PDF", "application/pdf", "exame.pdf"),
        ("../../etc/passwd", "text/plain", "passwd.txt"),
        ("C:\\temp\\foto.exe", "image/jpeg", "foto.jpg"),
        ("fatura\u202efdp.exe", "application/pdf", "faturafdp.pdf"),
        ("", "application/pdf", ""),
        (".pdf", "application/pdf", "pdf.pdf"),
        ("a" * 300, "image/png", "a" * 116 + ".png"),
    ],
)
def test_a_name_is_safe_to_show_and_to_write(name: str, mime: str, shown: str) -> None:
    assert clean_file_name(name, mime) == shown


def test_a_file_is_coming_here_faulty_or_over() -> None:
    now = dt.datetime(2035, 3, 6, 12, tzinfo=dt.UTC)
    one = Media(uuid4(), uuid4(), uuid4(), MediaKind.IMAGE, "", "", 0, 0, 1, False, "", now, None, now)
    assert one.state(now - dt.timedelta(days=1)) is MediaState.COMING
    assert one.state(now) is MediaState.OVER
    assert replace(one, here=True).state(now) is MediaState.HERE
    assert replace(one, fault="too_large").state(now) is MediaState.FAULTY
