"""The words of replies: how they are spelled, and which part a phrase can play in an answer."""

from enum import StrEnum


class Part(StrEnum):
    """What a phrase does in an answer."""

    COURTESY = "courtesy"
    GREETING = "greeting"  # how are you? before anything else is said
    DAY = "day"  # the day of the visit, or its hour
    ON_DAY = "on_day"  # the same after “on”, “for” or “at”
    PLEASE = "please"  # beside a bare “no” it may beg for the contrary
    NOTED = "noted"  # that the message arrived; what follows may take it back
    FAREWELL = "farewell"
    BREAK = "break"
    JOIN = "join"  # “and”
    YES = "yes"
    ONE = "one"
    GOING = "going"  # a sentence that says yes
    CONFIRM = "confirm"  # the bare verb: after “I will” it is a promise and no answer
    NO = "no"
    ZERO = "zero"
    NOT_GOING = "not_going"  # a sentence that says no
    CANCEL = "cancel"  # the bare verb: after “I will not” it says the contrary
    WISH = "wish"  # a sentence that asks to cancel
    REASON = "reason"  # why not; alone it is no answer
    WANT = "want"  # only a time that was offered is wanted, or not
    NOT_WANT = "not_want"
    STOP = "stop"
    BACK = "back"


# How words are written by those who type with one thumb; what only lacks an accent or repeats a letter is told apart
# before, and one wrong letter inside a long word is forgiven anyway.
SPELLINGS = {
    "nao": "n naum nau num nn nano naoh nhao",
    "sim": "s si sin sm ssim isim sims sym",
    "ok": "okay okey okei oks oki oky okk okok okeyy",
    "vou": "vo vouu voou",
    "estou": "to tou toh",
    "esta": "ta tah eta",
    "para": "pra p",
    "voce": "vc voces vcs",
    "obrigado": "obrigada obg obgd obgda obgdo obrigad brigado brigada obrg obrgd obrigadao obrigadinha obrigadinho"
    " obgada obrigda obrigdo grato grata agradecida agradecido vlw valeu thanks gratidao obrigados obrigadas",
    "beleza": "blz bele blza belezinha bleza belza",
    "bom_dia": "bomdia bdia",
    "boa_tarde": "boatarde",
    "boa_noite": "boanoite",
    "por_favor": "pf pfv pfvr porfavor pfavor pfr porfa fvr",
    "tudo": "td tdo",
    "bom": "bm",
    "certeza": "ctz crtz certza",
    "confirmo": "cnf cnfm conf cfm comfirmo comfimo cfirmo confrmo",
    "confirmado": "confirmad cnfd confirmada confirmadissimo confirmadissima confirmadas confirmados comfirmado"
    " comfirmada confirmadinho",
    "confirmar": "comfirmar confirma confirme comfirma",
    "cancelar": "cancela cancele cancelem canselar cansela",
    "desmarcar": "desmarca desmarque desmarquem dismarcar dismarca",
    "cancelado": "cancelada",
    "ira": "irao",
    "posso": "poso psso",
    "consigo": "consego",
    "tambem": "tb tbm tmb",
    "quero": "qro qero",
    "la": "lah",
    "ai": "ae aih",
    "deus": "dels",
    "presenca": "presensa",
    "comparecer": "conparecer",
    "horario": "orario",
}

# Words that mean something else than the answer they look like; they are never taken for a slip of the finger.
UNLIKE = frozenset({"conforme", "remarcar", "remarca", "aparente"})

# The numbers under which visits were listed, and the little words beside them.
ALL, BOTH = -1, -2
NUMBERS = dict.fromkeys(("a", "o", "da", "do", "opcao", "numero", "consulta", "somente", "apenas"), 0)
NUMBERS |= {"ambas": BOTH, "ambos": BOTH, "as duas": BOTH, "duas": BOTH, "todas": ALL, "todos": ALL}
for _number, _written in enumerate(
    ("1 um uma primeiro primeira", "2 dois segundo", "3 tres terceiro terceira", "4 quatro", "5 cinco"), 1
):
    NUMBERS |= dict.fromkeys(_written.split(), _number)
