"""What somebody typed, as a row of plain words: without accents, colours of skin, repeated letters and decoration.

A word stays whole: of `10h` or `14:30` no part is ever a word of its own.
"""

import re
import unicodedata
from functools import cache

BREAK = ","  # a comma, a full stop, a new line: what stands before it is said
QUESTION = "?"
OTHER = "~"  # a sign that may change what is meant
SMILE = "🙂"  # any sign that says nothing but kindness

_EMOTICON = re.compile(r"(?<!\S)[:;=][-']?[()DPp*](?!\w)")
_JOINED = re.compile(r"(?<=[^\W\d])-(?=[^\W\d])|_")  # a hyphen within a word, and what makes letters slanted
_PIECE = re.compile(
    r"\d+(?:[.,:/x-]\d+)+\w*"  # a time, a date, a price
    r"|\w+"
    r"|[.,;:!…\n()\[\]\"“”'*_‘’—–-]"
    r"|\S"
)
_BREAKS = frozenset(".,;:!…\n—–-")
_NOTHING = frozenset("()[]\"“”'‘’*_♀♂")
_QUESTIONS = frozenset("?¿❓❔⁉⁈")

YES_SIGNS = frozenset("👍👌✅✔☑🆗")
NO_SIGNS = frozenset("👎❌✖🚫🙅")
_FRIENDLY = frozenset("🙏🤝👏🙌🙋🤗🤙💪✨⭐🌟🎉🥰🥺🤩🥳☺♥❤💙💚💛🧡💜🤍🖤🤎💖💗💓💕💞💘💝🌹🌷🌸🌺🌻🌼💐🍀☀🌞💋🫶😇")
# Faces that doubt, and those of whom nobody knows what they mean beside an answer.
_DOUBTFUL = frozenset("😕🙁😐😑😶🙄😒😏😠😡🙅🙆🙇🙈🙉🙊😱😳😤😵")


def words_of(text: str) -> list[str]:
    """The words, breaks and signs of a text, each in its one spelling."""
    plain = _JOINED.sub(" ", _EMOTICON.sub(" ", _decomposed(text)))
    words = [word for piece in _PIECE.findall(plain) if (word := _word(piece))]
    # A sign three times over is that sign; a figure twice is another figure.
    return [word for at, word in enumerate(words) if word.isalnum() or at == 0 or word != words[at - 1]]


def says_yes(sign: str) -> bool:
    """Whether a reaction is one of the signs that mean yes, in whatever colour."""
    return _decomposed(sign).strip() in YES_SIGNS


@cache
def squeezed(word: str) -> str:
    """A word without repeated letters; `simmm` and `sim` are one. Digits stay as they are."""
    return re.sub(r"([^\W\d])\1+", r"\1", word)


def _decomposed(text: str) -> str:
    """In lower case, letters and digits in their plain form, and nothing that only colours them."""
    # Whoever writes “é” means “is”; without its accent it would be “and”.
    lowered = re.sub(r"(?<!\w)é(?!\w)", "eh", unicodedata.normalize("NFC", text).casefold())
    kept = (_letter(one) for one in unicodedata.normalize("NFKD", lowered))
    return "".join(kept)


def _letter(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in ("Mn", "Me", "Cf") or "\U0001f3fb" <= letter <= "\U0001f3ff":
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(letter))
    if category == "Cc" and letter != "\n":
        return " "
    return letter


def _word(piece: str) -> str:
    """The one spelling of a piece; empty for what says nothing."""
    if piece in _NOTHING:
        return ""
    if piece == "-" or piece in _BREAKS:
        return BREAK
    if piece in _QUESTIONS:
        return QUESTION
    if piece[0].isalnum():
        return squeezed(piece)
    if piece in YES_SIGNS or piece in NO_SIGNS:
        return piece
    if piece in _FRIENDLY or ("\U0001f600" <= piece <= "\U0001f64f" and piece not in _DOUBTFUL):
        return SMILE
    return OTHER
