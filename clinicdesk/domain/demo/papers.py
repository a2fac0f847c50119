"""The files patients of the demo send: a photographed request, a result as PDF, a voice that says nothing."""

import struct
import zlib

_WIDTH, _HEIGHT = 480, 640
_PAPER, _TABLE, _INK, _STAMP = (250, 249, 245), (196, 178, 152), (70, 78, 92), (52, 98, 160)


def photo() -> bytes:
    """A sheet of paper on a table, with lines that stand for writing, as PNG."""
    rows = b"".join(b"\0" + b"".join(bytes(_dot(x, y)) for x in range(_WIDTH)) for y in range(_HEIGHT))
    head = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


def _dot(x: int, y: int) -> tuple[int, int, int]:
    left, right = 40 + y // 24, 430 + y // 24  # it lies a little aslant
    if not (left < x < right and 36 < y < 610):
        return _TABLE
    across, down = x - left, y - 36
    if 40 < down < 58 and 120 < across < 270:
        return _INK
    line = (down - 110) // 30
    if 0 <= line < 11 and (down - 110) % 30 < 5 and 36 < across < 350 - (line * 53) % 130:
        return _INK
    if 470 < down < 474 and 190 < across < 350:
        return _INK
    if (across - 300) ** 2 + (down - 505) ** 2 < 900 and (across + down) % 5 < 2:
        return _STAMP
    return _PAPER


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def result() -> bytes:
    """One page that says it is invented, as PDF."""
    words = b"BT /F1 18 Tf 72 740 Td (Resultado de demonstracao) Tj ET"
    parts = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(words), words),
    )
    whole, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 5\n0000000000 65535 f \n%strailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return whole + end % (table, len(whole))


def voice(seconds: int) -> bytes:
    """So many seconds of silence, as WAV."""
    rate = 4000
    content = b"\x80" * (rate * seconds)
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(content), b"WAVE", b"fmt ", 16, 1, 1, rate, rate, 1, 8,
                       b"data", len(content))  # fmt: skip
    return head + content
