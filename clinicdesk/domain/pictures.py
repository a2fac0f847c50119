"""Pictures people upload: which kinds are kept, and how large they may be. Bytes alone are looked at, never a name."""

from clinicdesk.errors import InvalidField

LARGEST = 512 * 1024
MOST_PIXELS = 24_000_000  # what a telephone takes; a desk unpacks four bytes for each
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # the JPEG segments that tell the size (ITU T.81, table B.1)


def clean_picture(picture: bytes, field: str) -> bytes:
    """`picture` itself.

    Raises InvalidField for what is neither PNG nor JPEG, is larger than half a megabyte, or would unpack to more pixels
    than anybody shows: few bytes can hold a picture that fills a desk's memory.
    """
    size = picture_size(picture)
    if size is None or not all(size):
        raise InvalidField(field, "not_a_picture")
    if len(picture) > LARGEST:
        raise InvalidField(field, "picture_too_large", str(LARGEST // 1024))
    if size[0] * size[1] > MOST_PIXELS:
        raise InvalidField(field, "too_many_pixels", str(MOST_PIXELS // 1_000_000))
    return picture


def picture_size(picture: bytes) -> tuple[int, int] | None:
    """Width and height as the file says them; None when it is no such file."""
    if picture.startswith(_PNG) and picture[12:16] == b"IHDR" and len(picture) >= 24:
        return int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])
    if not picture.startswith(_JPEG):
        return None
    at = 2
    while at + 9 <= len(picture) and picture[at] == 0xFF:
        marker, length = picture[at + 1], int.from_bytes(picture[at + 2 : at + 4])
        if marker == 0xFF:  # a byte that fills
            at += 1
        elif marker in _FRAMES:
            return int.from_bytes(picture[at + 7 : at + 9]), int.from_bytes(picture[at + 5 : at + 7])
        else:
            at += 2 + length
    return None
