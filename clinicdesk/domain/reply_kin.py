"""Whether words speak of somebody else than who was asked about, on a phone that several patients share.

“My daughter is not coming” answers for the daughter and never for her mother, whichever of the two was asked about.
"""

from clinicdesk.domain.reply_grammar import spelled
from clinicdesk.domain.reply_tokens import squeezed, words_of

_CHILDREN = """
    filha filho fia fio filhas filhos menina menino meninas meninos bebe crianca criancas pequeno pequena neto neta
    netos netas hija hijo
"""
_OTHERS = """
    mae pai mamae papai esposo esposa marido mulher namorado namorada avo vo vovo sogra sogro irma irmao tia tio primo
    prima sobrinho sobrinha cunhado cunhada enteado enteada madre padre abuela abuelo hermana hermano
"""
_CHILD = frozenset(map(squeezed, _CHILDREN.split()))
_KIN = _CHILD | frozenset(map(squeezed, _OTHERS.split()))


def speaks_of_another(body: str, *, patients: int, dependents: int, asked_is_dependent: bool) -> bool:
    """Whether somebody is meant who is not for certain the one asked about.

    `patients` share the phone, and of them `dependents` have a guardian there. Where the phone is one patient's,
    whoever is spoken of is that patient. A child that is spoken of is the only one there is, or nobody knows which.
    """
    if patients < 2:
        return False
    kin = _KIN.intersection(spelled(words_of(body)))
    if not kin:
        return False
    return not (kin <= _CHILD and asked_is_dependent and dependents == 1)
