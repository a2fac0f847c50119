"""Which pictures are kept: by what they are and what they unpack to, never by a name."""

import struct
import zlib

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage

from clinicdesk.domain.pictures import LARGEST, clean_picture
from clinicdesk.errors import InvalidField


def _drawn(kind: str, width: int = 40, height: int = 30) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, kind)  # type: ignore[call-overload]  # the stub knows bytes alone
    return bytes(buffer.data().data())


def _bomb(width: int, height: int) -> bytes:
    """A PNG of one colour: a few bytes that unpack to as many pixels as it says."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def _refusal(picture: bytes) -> str:
    with pytest.raises(InvalidField) as caught:
        clean_picture(picture, "logo")
    return caught.value.reason


@pytest.mark.parametrize("kind", ["PNG", "JPG"])
def test_pictures_are_kept_as_they_are(kind: str) -> None:
    picture = _drawn(kind)
    assert clean_picture(picture, "logo") == picture


@pytest.mark.parametrize(
    "picture",
    [b"", b"<svg/>", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"\xff\xd8\xff" + b"\xff" * 50,
     b"\xff\xd8\xff\xe0\x00\x00" + b"\0" * 30, _bomb(0, 9), _drawn("JPG")[:40]],
    ids=range(9),
)  # fmt: skip
def test_what_is_no_picture_is_told(picture: bytes) -> None:
    assert _refusal(picture) == "not_a_picture"


def test_few_bytes_that_unpack_to_a_wall_are_refused() -> None:
    assert len(_bomb(30_000, 30_000)) < 100
    assert _refusal(_bomb(30_000, 30_000)) == "too_many_pixels"
    wall = bytearray(_drawn("JPG"))
    frame = wall.index(b"\xff\xc0")
    wall[frame + 5 : frame + 9] = struct.pack(">HH", 60_000, 60_000)
    assert _refusal(bytes(wall)) == "too_many_pixels"


def test_a_large_file_is_refused() -> None:
    assert _refusal(_drawn("PNG") + b"\0" * LARGEST) == "picture_too_large"
