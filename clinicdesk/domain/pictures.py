"""Pictures people upload: which kinds are kept, and how large they may be. Bytes alone are looked at, never a name."""

from clinicdesk.errors import InvalidField

LARGEST = 512 * 1024
_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


def clean_picture(picture: bytes, field: str) -> bytes:
    """`picture` itself. Raises InvalidField for what is neither PNG nor JPEG, or is larger than half a megabyte."""
    if not picture.startswith(_SIGNATURES):
        raise InvalidField(field, "not_a_picture")
    if len(picture) > LARGEST:
        raise InvalidField(field, "picture_too_large", str(LARGEST // 1024))
    return picture
