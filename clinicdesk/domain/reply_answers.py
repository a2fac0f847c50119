"""What the robot answers to a reply, in the language of the message that asked; these words are not translated here."""

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from clinicdesk.domain.received import Outcome, Question
from clinicdesk.domain.templates import DEFAULT_LANGUAGE, TemplateFacts, asking, fill, harmless, values_of

ANSWERS: dict[str, dict[Outcome, str]] = {
    "pt_BR": {
        Outcome.CONFIRMED: "Presença confirmada: {weekday}, {day}, às {time}. Até lá, {first_name}!",
        Outcome.CANCELLED: "Tudo bem, o horário de {weekday}, {day}, às {time} foi cancelado. Se quiser marcar outro,"
        " é só escrever aqui.",
        Outcome.LATE: "Esta pergunta já não vale mais. Se precisar de algo, escreva aqui que a recepção responde.",
        Outcome.AFTER_CANCELLATION: "O horário de {weekday}, {day}, às {time} já tinha sido cancelado. Se quiser marcar"
        " outro, escreva aqui que a recepção responde.",
        Outcome.AFTER_MOVE: "Este horário mudou: agora é {weekday}, {day}, às {time}. {asking}",
        Outcome.OPTED_OUT: "Pronto, não enviaremos mais mensagens. Para voltar a recebê-las, escreva VOLTAR.",
        Outcome.OPTED_IN: "Pronto, você voltará a receber as mensagens da clínica. Para não recebê-las mais, escreva"
        " SAIR.",
        Outcome.OFFER_ACCEPTED: "Marcado: {weekday}, {day}, às {time}. Até lá, {first_name}!",
        Outcome.OFFER_REFUSED: "Tudo bem, este horário vai para outra pessoa. Você continua na lista de espera.",
        Outcome.OFFER_OVER: "Este horário já não está livre. Você continua na lista de espera.",
        Outcome.ASKED_WHICH: "De qual horário você fala? Responda com o número:",
    },
    "es": {
        Outcome.CONFIRMED: "Asistencia confirmada: {weekday}, {day}, a las {time}. ¡Hasta entonces, {first_name}!",
        Outcome.CANCELLED: "De acuerdo, se canceló el horario del {weekday}, {day}, a las {time}. Si quiere otro,"
        " escriba aquí.",
        Outcome.LATE: "Esta pregunta ya no está vigente. Si necesita algo, escriba aquí y la recepción le responderá.",
        Outcome.AFTER_CANCELLATION: "El horario del {weekday}, {day}, a las {time} ya se había cancelado. Si quiere"
        " otro, escriba aquí y la recepción le responderá.",
        Outcome.AFTER_MOVE: "Este horario cambió: ahora es el {weekday}, {day}, a las {time}. {asking}",
        Outcome.OPTED_OUT: "Listo, no enviaremos más mensajes. Para volver a recibirlos, escriba VOLVER.",
        Outcome.OPTED_IN: "Listo, volverá a recibir los mensajes de la clínica. Para no recibirlos más, escriba SALIR.",
        Outcome.OFFER_ACCEPTED: "Reservado: {weekday}, {day}, a las {time}. ¡Hasta entonces, {first_name}!",
        Outcome.OFFER_REFUSED: "De acuerdo, este horario será para otra persona. Usted sigue en la lista de espera.",
        Outcome.OFFER_OVER: "Este horario ya no está libre. Usted sigue en la lista de espera.",
        Outcome.ASKED_WHICH: "¿De qué horario habla? Responda con el número:",
    },
    "en": {
        Outcome.CONFIRMED: "Confirmed: {weekday}, {day}, at {time}. See you then, {first_name}!",
        Outcome.CANCELLED: "All right, the appointment on {weekday}, {day}, at {time} is cancelled. To book another,"
        " just write here.",
        Outcome.LATE: "This question is no longer open. If you need anything, write here and we will reply.",
        Outcome.AFTER_CANCELLATION: "The appointment on {weekday}, {day}, at {time} had been cancelled already. To book"
        " another, write here and the front desk will reply.",
        Outcome.AFTER_MOVE: "This appointment has moved: it is now on {weekday}, {day}, at {time}. {asking}",
        Outcome.OPTED_OUT: "Done, we will send no more messages. To receive them again, write START.",
        Outcome.OPTED_IN: "Done, you will receive the clinic's messages again. To stop them, write STOP.",
        Outcome.OFFER_ACCEPTED: "Booked: {weekday}, {day}, at {time}. See you then, {first_name}!",
        Outcome.OFFER_REFUSED: "All right, this time goes to somebody else. You stay on the waiting list.",
        Outcome.OFFER_OVER: "This time is no longer free. You stay on the waiting list.",
        Outcome.ASKED_WHICH: "Which appointment do you mean? Reply with its number:",
    },
}
# What is already so is said as if it had just been done.
_ALREADY = {"confirm": Outcome.CONFIRMED, "cancel": Outcome.CANCELLED}
_LINE = {
    "pt_BR": "{weekday}, {day}, às {time}",
    "es": "{weekday}, {day}, a las {time}",
    "en": "{weekday}, {day}, at {time}",
}


def answer_to(
    outcome: Outcome, question: Question | None, zone: ZoneInfo, answer: str = "", allowed: Sequence[str] = ()
) -> str:
    """The robot's words for an outcome; empty where it has nothing to say."""
    language = question.language if question is not None and question.language in ANSWERS else DEFAULT_LANGUAGE
    said = ANSWERS[language].get(_ALREADY.get(answer, outcome) if outcome is Outcome.ALREADY else outcome, "")
    if question is None or question.starts_at is None:
        return said if "{" not in said else ""
    return fill(said, _values(question, zone, language) | {"asking": asking(allowed, language)}).strip()


def which(questions: Sequence[Question], zone: ZoneInfo) -> str:
    """The list of visits from which one is chosen by its number."""
    language = questions[0].language if questions[0].language in ANSWERS else DEFAULT_LANGUAGE
    several = len({one.patient_id for one in questions}) > 1
    lines = [ANSWERS[language][Outcome.ASKED_WHICH]]
    for number, one in enumerate(questions, 1):
        line = fill(_LINE[language], _values(one, zone, language))
        whose = [harmless(one.patient_name).split(" ")[0]] if several else []
        lines.append(f"{number}) {', '.join([line, *whose, *filter(None, [harmless(one.professional_name)])])}")
    return "\n".join(lines)


def _values(question: Question, zone: dt.tzinfo, language: str) -> dict[str, str]:
    return values_of(TemplateFacts(question.patient_name, question.starts_at, zone), language)
