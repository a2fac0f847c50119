"""Every fact has a sentence in every language, with the people and times a person needs in it."""

import ast
import datetime as dt
import itertools
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest

from clinicdesk import errors, words
from clinicdesk.desk import wording, wording_agenda, wording_fields, wording_people, wording_places
from clinicdesk.desk.wording import sentence
from clinicdesk.desk.wording_messages import variables_kept, variables_shown
from clinicdesk.domain.agenda import Channel, Status
from clinicdesk.domain.hours import ClosureKind
from clinicdesk.domain.messages import MessageState
from clinicdesk.domain.slots import WhyNot
from clinicdesk.domain.staff import Capability, Missing, Rights, Role
from clinicdesk.domain.templates import VARIABLES
from clinicdesk.domain.waiting import WaitingState
from tests.builders import ZONE, local

CODE = Path(__file__).parents[2] / "clinicdesk"


@pytest.fixture(autouse=True, params=words.LANGUAGES)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    before = words.language()
    words.use_language(request.param)
    yield request.param
    words.use_language(before)


@pytest.fixture
def portuguese(language: str) -> None:
    words.use_language("pt_BR")


def all_facts() -> list[type[errors.ClinicError]]:
    def below(kind: type[errors.ClinicError]) -> Iterator[type[errors.ClinicError]]:
        yield kind
        for one in kind.__subclasses__():
            yield from below(one)

    return list(below(errors.ClinicError))


@cache
def calls() -> dict[str, list[ast.Call]]:
    """Every call in the code by the name it is called by, read once for all languages."""
    found: dict[str, list[ast.Call]] = {}
    for path in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                found.setdefault(ast.unparse(node.func).split(".")[-1], []).append(node)
    return found


def written(name: str, field: str, position: int) -> set[str]:
    """Every literal that the code gives as `field` of the error `name`."""
    found: set[str] = set()
    for node in calls().get(name, []):
        given = [one.value for one in node.keywords if one.arg == field] or node.args[position : position + 1]
        for value in given:
            found |= {
                one.value for one in ast.walk(value) if isinstance(one, ast.Constant) and isinstance(one.value, str)
            }
    return found


def samples() -> Iterator[errors.ClinicError]:
    moment = local(14, 30)
    yield errors.ClinicError()
    yield errors.Unforeseen("4F2A", "/dados/logs")
    yield errors.ServerAway()
    yield errors.DaysNotKept(dt.date(2035, 3, 6), dt.date(2035, 3, 7))
    yield from (errors.ClinicUnreachable(), errors.Unforeseen("K7Q-2MX", "/logs"))
    yield errors.HostNotFound("servidor.local")
    yield from (errors.NobodyAnswers("servidor.local", 5432), errors.NoClinicServer("servidor.local", 80))
    yield from (errors.EnrolmentRefused(reason) for reason in wording_places.ENROLMENT_REASONS)
    yield errors.ClockOff(moment, moment)
    yield from (
        errors.ServerNotTrusted(reason, host) for reason in wording_places.TRUST_REASONS for host in ("", "s.local")
    )
    yield errors.ServerNotTrusted("other_name", "192.168.0.9", "servidor.local, 192.168.0.10")
    yield from (errors.DeskNotEnrolled(reason) for reason in wording_places.DESK_REASONS)
    yield from (errors.SignInRefused(), errors.SignInRefused(8), errors.SignInRefused(0, 1))
    yield from (
        errors.AccountLocked(),
        errors.ServerBusy(),
        errors.DiskFull(),
        errors.LastOwner(),
        errors.ConsentOver(),
        errors.NoSenderYet(),
    )
    yield from (errors.KeyUnavailable(), errors.UnwritableFile("/x.pdf"), errors.NoScreen())
    yield from (errors.NotAllowed(action) for action in ("", *wording.ACTIONS))
    yield from (errors.PasswordToChoose("Nova"), errors.CodeOver(), errors.RecoveryRefused(), errors.SessionEnded())
    yield from (errors.SchemaOlder("", "b"), errors.SchemaNewer("a", "b"), errors.ServerUnsafe("fsync", "off"))
    yield from (errors.SchemaOlder("a", "b", on_server=True), errors.SchemaNewer("a", "b", "0.3", "0.2"))
    yield from (errors.SchemaBeingUpdated(), errors.NoRoomForUpdate("/d", 9**9, 9**8), errors.CopyNotMade("/l"))
    yield from (errors.MoveRefused(reason, "x") for reason in wording_places.MOVE_REASONS)
    yield from (errors.MoveCancelled(), errors.MoveUndecided())
    yield from (errors.ClinicMoved("servidor.local"), errors.ClinicMoved("servidor.local", sure=False))
    yield errors.ClockApart(moment, moment)
    yield from (errors.SettingsNotKept("/x", full) for full in (True, False))
    yield from (errors.DataFolderUnusable("/x", reason) for reason in wording_places.FOLDER_REASONS)
    yield from (errors.ServerNotStarting(log, reason) for reason in wording_places.SERVER_REASONS for log in ("", "/l"))
    yield from (errors.BinariesMissing("/x"), errors.BinariesMissing("/x", "15.2"))
    yield from (errors.NoClinicHere(""), errors.NoClinicHere("/x"), errors.ClinicAlreadyHere("/x"))
    yield errors.WhichClinic(("Ipê", "Jardins"))
    yield from (errors.NotFound(kind) for kind in wording.KINDS)
    yield from (
        errors.ChangedElsewhere("appointment", uuid4(), 1, 2, by, at)
        for by, at in (("", None), ("Renata", None), ("Renata", moment), ("Renata", dt.datetime.now(dt.UTC)))
    )
    yield from (errors.InvalidField(field, "missing") for field in wording_fields.FIELDS)
    yield from (errors.InvalidField("phone", reason) for reason in wording_fields.PROBLEMS)
    yield errors.InvalidField("cpf", "missing_digits", "1")
    yield from (
        errors.InvalidField("price", "out_of_range", "5-720"),
        errors.InvalidField("logo", "picture_too_large", "512"),
        errors.InvalidField("logo", "too_many_pixels", "24"),
    )
    yield errors.InvalidField("images", "too_many_pictures", "6")
    yield from (errors.StillUsed(kind, uuid4(), count) for kind in wording.STILL_USED for count in (1, 300))
    yield from (errors.InvalidField("cpf", "check_digits"), errors.InvalidField("name", "too_long", "200"))
    yield from (errors.InvalidForm(), errors.InvalidForm((errors.InvalidField("phone", "extra_digits"),)))
    for kind, name, holder, until, free, away in itertools.product(
        ("professional", "room", "equipment"), ("", "Dr. A"), ("", "B"), (None, moment), (None, moment), (False, True)
    ):
        yield errors.SlotTaken(kind, name, holder, until, free, away)
    for kind, holder, minutes in itertools.product(("professional", "room", "equipment"), ("", "Renata"), (1, 5)):
        yield errors.SlotTaken(kind, "Sala 2", holder, held_for_minutes=minutes)
    yield from (errors.WaitingEntryTaken("Ana", state, by) for state in WaitingState for by in ("", "Renata"))
    yield from (errors.SlotClosed(kind, label) for kind in ClosureKind for label in ("", "Almoço"))
    yield errors.SlotClosed("closed", "", moment)
    yield from (errors.OutsidePolicy(rule, limit) for rule in wording_agenda.POLICY_RULES for limit in (0, 1, 90))
    yield from (errors.StatusRefused(one, other) for one in Status for other in Status)
    taken = errors.SlotTaken("room", "Sala 1", "Ana", moment)
    for refusals in ((taken,), (taken, errors.SlotClosed("holiday"), errors.InvalidField("ends_at", "zero_length"))):
        yield errors.SeriesConflicts(tuple((local(9).date(), one) for one in refusals))
    yield errors.SeriesConflicts(((local(9).date(), errors.InvalidField("ends_at", "across_midnight")),))
    yield from (errors.PassUnknown(), errors.PassUnknown("Jacarandá"), errors.NotWaiting("pending"))
    yield from (errors.TooEarly(one, moment) for one in (Status.NO_SHOW, Status.COMPLETED))
    yield from (errors.OfferOver(state) for state in wording_agenda.OFFER_OVER)
    yield from (errors.OfferRefused(one, name) for one in wording_agenda.OFFER_REFUSED for name in ("", "Ana"))
    yield from (errors.MessageMoved(state, "retry") for state in MessageState)
    yield from (errors.NotOffered(what) for what in wording_agenda.NOT_OFFERED)
    yield from (errors.PatientAlreadyRegistered(uuid4(), name) for name in ("", "Ana"))
    yield from (errors.UnreadableFile("x.csv", reason, line) for reason in wording.FILE_REASONS for line in (None, 3))
    yield from (errors.SourceWrong(reason, "atendimento") for reason in wording.SOURCE_REASONS)
    yield from (errors.MergeRefused(reason) for reason in wording.MERGE_REASONS)
    yield from (errors.AnotherSpeaks(), errors.AnotherSpeaks("Renata"), errors.MessageMoved("sent", "planned"))
    yield from (errors.WindowClosed(), errors.WindowClosed(moment))
    yield from (errors.WeakPassword(rule) for rule in wording.PASSWORD_RULES)


def test_every_fact_is_worded() -> None:
    assert {type(one) for one in samples()} == set(all_facts())
    for error in samples():
        said = sentence(error, ZONE)
        assert said.endswith(
            (".", "init", "upgrade", "clinicdesk", "DIR", "PASTA", "CARPETA", "--undo", "server code")
        ), said
        assert said[0].isupper() or said[0].isdigit() or said[0] in "/x", said
        assert not re.search(r"[{}]|None", said), said


def test_every_reason_the_code_gives_is_worded() -> None:
    reasons = set(wording_fields.PROBLEMS) | set(wording_fields.COUNTED) | set(wording_fields.OF_A_NUMBER)
    assert written("InvalidField", "reason", 1) <= reasons
    assert written("Record", "broken", 2) <= reasons
    assert written("InvalidField", "field", 0) <= set(wording_fields.FIELDS)
    assert written("DataFolderUnusable", "reason", 1) <= set(wording_places.FOLDER_REASONS)
    assert written("ServerNotStarting", "reason", 1) <= set(wording_places.SERVER_REASONS)
    assert written("ServerNotTrusted", "reason", 0) <= set(wording_places.TRUST_REASONS)
    assert written("DeskNotEnrolled", "reason", 0) <= set(wording_places.DESK_REASONS)
    assert written("EnrolmentRefused", "reason", 0) <= set(wording_places.ENROLMENT_REASONS)
    assert written("NotFound", "kind", 0) <= set(wording.KINDS)
    assert written("NotAllowed", "action", 0) <= set(wording.ACTIONS)
    assert written("WeakPassword", "rule", 0) <= set(wording.PASSWORD_RULES)
    assert written("OutsidePolicy", "rule", 0) <= set(wording_agenda.POLICY_RULES)
    assert written("NotOffered", "what", 0) <= set(wording_agenda.NOT_OFFERED)
    assert written("MergeRefused", "reason", 0) <= set(wording.MERGE_REASONS)
    assert written("UnreadableFile", "reason", 1) <= set(wording.FILE_REASONS)
    assert written("SourceWrong", "reason", 0) <= set(wording.SOURCE_REASONS)


@pytest.mark.usefixtures("portuguese")
def test_a_conflict_names_the_holder_and_the_next_free_time() -> None:
    error = errors.SlotTaken("professional", "Dr. André", "Ronaldo Pádua", local(14, 30), local(14, 30))
    assert sentence(error, ZONE) == "Ronaldo Pádua fica com o Dr. André até 14:30. Livre às 14:30."
    elsewhere = errors.SlotTaken("professional", "Dra. Helena Prado", until=local(10), elsewhere=True)
    assert sentence(elsewhere, ZONE) == "A Dra. Helena Prado atende em outra unidade até 10:00. Escolha outro horário."
    machine = errors.SlotTaken("equipment")
    assert sentence(machine, ZONE) == "O equipamento não está livre nesse horário. Escolha outro horário."


@pytest.mark.usefixtures("portuguese")
def test_a_field_says_what_is_missing() -> None:
    one = errors.InvalidField("cpf", "missing_digits", "1")
    assert wording.field_problem(one) == "Falta 1 dígito"
    assert sentence(one) == "CPF: falta 1 dígito."
    assert sentence(errors.InvalidField("cpf", "check_digits")) == "CPF: o CPF não confere."
    both = errors.InvalidForm((errors.InvalidField("full_name", "missing"), one))
    assert sentence(both) == "Nome: preencha este campo. CPF: falta 1 dígito."


def test_every_term_has_a_word() -> None:
    assert all(wording.status_word(one) for one in Status)
    assert all(wording.channel_phrase(one) for one in Channel)
    assert all(wording.role_word(one) for one in Role)
    narrow = Rights(Role.OWNER, frozenset(Capability))
    assert len({wording_people.why_not(narrow, one) for one in Capability}) == len(Capability)
    assert all(wording_people.capability_word(one) and wording_people.capability_detail(one) for one in Capability)
    assert {one for _group, listed in wording_people.GROUPS for one in listed} == set(Capability)
    assert Rights(Role.RECEPTION).missing(Capability.CHANGE_SETTINGS) is Missing.ROLE
    assert all(wording.closure_word(one) for one in ClosureKind)
    assert all(wording.why_not_sentence(one).endswith(".") for one in WhyNot)
    assert all(wording.why_not_words(one) for one in WhyNot)
    assert wording.closure_word("break", "Almoço") == "Almoço"


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (dt.time(13, 15), "à uma e quinze da tarde"),
        (dt.time(10, 45), "às dez e quarenta e cinco da manhã"),
        (dt.time(12), "ao meio-dia"),
        (dt.time(12, 30), "ao meio-dia e meia"),
        (dt.time(0), "à meia-noite"),
        (dt.time(14, 30), "às duas e meia da tarde"),
        (dt.time(19, 5), "às sete e cinco da noite"),
        (dt.time(1, 21), "à uma e vinte e um da madrugada"),
    ],
)
@pytest.mark.usefixtures("portuguese")
def test_times_are_said_as_people_say_them(time: dt.time, said: str) -> None:
    assert wording.spoken_time(time) == said


@pytest.mark.usefixtures("portuguese")
def test_a_moment_is_said_with_its_day() -> None:
    assert wording.spoken_moment(local(13, 15), ZONE) == "terça-feira, 24 de novembro, à uma e quinze da tarde"


def test_other_languages_say_times_too(language: str) -> None:
    said = {
        "pt_BR": ("às oito e meia da manhã", "à uma da tarde"),
        "es": ("a las ocho y media de la mañana", "a la una de la tarde"),
        "en": ("at eight thirty in the morning", "at one o'clock in the afternoon"),
    }[language]
    assert (wording.spoken_time(dt.time(8, 30)), wording.spoken_time(dt.time(13))) == said
    every = [dt.time(hour, minute) for hour in range(24) for minute in range(60)]
    assert len({wording.spoken_time(one) for one in every}) == len(every)


def test_a_variable_is_written_in_the_reader_s_words_and_kept_in_the_program_s(language: str) -> None:
    kept = " ".join("{" + one + "}" for one in VARIABLES)
    shown = variables_shown(kept)
    assert variables_kept(shown) == variables_kept(shown.upper()) == variables_kept(kept) == kept
    assert variables_kept("{serviço} {{1}}") == "{serviço} {{1}}"
    assert language != "pt_BR" or variables_shown("{first_name} {phone}") == "{primeiro nome} {telefone da clínica}"
