"""What a line of another system's patient list means: which column is what, and the form it becomes, or why it cannot.

A value that cannot be accepted does not cost the patient: it is told, and kept in the note under its own heading,
except for a CPF, which is never kept in the open.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from clinicdesk.domain.patients import (
    PatientForm,
    check_birth_date,
    clean_cpf,
    clean_email,
    clean_name,
    clean_phone,
    fold,
)
from clinicdesk.errors import InvalidField


class Field(StrEnum):
    """What a column holds."""

    NAME = "full_name"
    SURNAME = "surname"
    SOCIAL_NAME = "social_name"
    PHONE = "phone"
    EMAIL = "email"
    BIRTH_DATE = "birth_date"
    CPF = "cpf"
    ADDRESS = "address"
    SOURCE = "source"
    NOTE = "note"
    NAMED_NOTE = "named_note"  # kept in the note with its heading before it


# Headings as other systems write them, folded and without punctuation. The first phone column that has one counts.
_HEADINGS: dict[Field, str] = {
    Field.NAME: "nome,nome completo,paciente,nome do paciente,nome paciente,cliente,nome do cliente,nome cliente,"
    "razao social,name,full name,nome civil",
    Field.SURNAME: "sobrenome,ultimo nome,last name",
    Field.SOCIAL_NAME: "nome social,apelido,como prefere ser chamado",
    Field.PHONE: "celular,telefone celular,tel celular,fone celular,whatsapp,whats,zap,celular 1,telefone,telefone 1,"
    "fone,tel,fone 1,tel 1,contato,telefone principal,telefones,numero de telefone,mobile,phone,celular 2,telefone 2,"
    "fone 2,tel 2,telefone residencial,tel residencial,fone residencial,telefone fixo,residencial,telefone comercial,"
    "comercial,ddd telefone,telefone contato,telefone para contato",
    Field.EMAIL: "email,e mail,correio eletronico,endereco de email,endereco eletronico,email 1",
    Field.BIRTH_DATE: "data de nascimento,nascimento,data nascimento,dt nascimento,dt nasc,data nasc,data de nasc,"
    "dtnascimento,datanascimento,aniversario,birth date,birthdate,nasc",
    Field.CPF: "cpf,cpf cnpj,cpf do paciente,numero do cpf,cpf paciente,n cpf,nr cpf,cpf cliente",
    Field.ADDRESS: "endereco,logradouro,rua,endereco completo,numero,n,complemento,bairro,cidade,municipio,"
    "uf,estado,cep",
    Field.SOURCE: "origem,como conheceu,como nos conheceu,canal,indicacao,indicado por",
    Field.NOTE: "observacao,observacoes,obs,anotacoes,anotacao,comentarios,notas",
    Field.NAMED_NOTE: "responsavel,nome do responsavel,convenio,plano,plano de saude,carteirinha,profissao,mae,"
    "nome da mae,prontuario,codigo,rg,sexo,genero",
}
_FIELD_OF = {heading: field for field, headings in _HEADINGS.items() for heading in headings.split(",")}
# What systems write where they have nothing.
_NOTHING = frozenset(
    [
        "",
        "-",
        "--",
        "null",
        "none",
        "n/a",
        "na",
        "não informado",
        "não informada",
        "nao informado",
        "nao informada",
        "sem",
        "0",
        "x",
    ]
)
_LONGEST_NOTHING = max(map(len, _NOTHING))
_DATE = re.compile(r"(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})(?:[ T].*)?")
_LONGEST_NOTE = 2000


@dataclass(frozen=True)
class Columns:
    """Which cells of a line hold what, in order of preference; `headings` as they were written."""

    headings: tuple[str, ...]
    places: Mapping[Field, tuple[int, ...]]

    @property
    def ignored(self) -> tuple[str, ...]:
        """The headings nobody here knows."""
        used = {place for places in self.places.values() for place in places}
        return tuple(heading for place, heading in enumerate(self.headings) if place not in used and heading.strip())

    @property
    def understood(self) -> bool:
        """Whether there is a name, without which nothing can be imported."""
        return Field.NAME in self.places


@dataclass(frozen=True, slots=True)
class CleanLine:
    """A line as a form, with the fields that could not be accepted."""

    form: PatientForm  # checked: phone in E.164, CPF as digits or None
    problems: tuple[InvalidField, ...] = ()


def decide_columns(headings: Sequence[str]) -> Columns:
    """Which heading is which field, whatever their order; unknown ones are ignored."""
    ranks = {heading: rank for rank, heading in enumerate(_FIELD_OF)}
    found: dict[Field, list[tuple[int, int]]] = {}
    for place, heading in enumerate(headings):
        plain = _plain(heading)
        if plain in _FIELD_OF:
            # An address is read from left to right, of phones the likeliest mobile comes first.
            rank = place if _FIELD_OF[plain] is Field.ADDRESS else ranks[plain]
            found.setdefault(_FIELD_OF[plain], []).append((rank, place))
    places = {field: tuple(place for _rank, place in sorted(ranked)) for field, ranked in found.items()}
    return Columns(tuple(headings), places)


def clean_line(columns: Columns, cells: Sequence[str], today: dt.date, area: str = "11") -> CleanLine:
    """A line as a form. Raises InvalidField when it is not a patient: no acceptable name, cells missing or too many."""
    _check_shape(columns, cells)
    line = _Line(columns, cells)
    name = clean_name(" ".join((line.text(Field.NAME), line.text(Field.SURNAME))))
    problems: list[InvalidField] = []

    def accepted(field: Field, clean: Callable[[str], str]) -> str:
        try:
            return clean(line.text(field))
        except InvalidField as problem:
            problems.append(problem)
            if field is not Field.CPF:
                line.keep_in_note(columns.places[field][0])
            return ""

    born: dt.date | None = None
    try:
        born = check_birth_date(parse_date(line.text(Field.BIRTH_DATE), today), today)
    except InvalidField as problem:
        problems.append(problem)
        line.keep_in_note(columns.places[Field.BIRTH_DATE][0])
    form = PatientForm(
        full_name=name,
        social_name=accepted(Field.SOCIAL_NAME, lambda text: clean_name(text, "social_name") if text else ""),
        phone=_phone(line, problems, area),
        email=accepted(Field.EMAIL, clean_email),
        birth_date=born,
        cpf=accepted(Field.CPF, _cpf) or None,
        address=", ".join(filter(None, (line.cell(place) for place in columns.places.get(Field.ADDRESS, ())))),
        source=line.text(Field.SOURCE),
        note=line.note()[:_LONGEST_NOTE],
    )
    if problems and len(cells) < len(columns.headings):
        raise InvalidField("line", "too_few_cells", str(len(cells)))  # cut off in the middle, most likely
    return CleanLine(form, tuple(problems))


class _Line:
    """The cells of one line by field, and what goes into its note."""

    def __init__(self, columns: Columns, cells: Sequence[str]) -> None:
        self._columns, self._cells = columns, cells
        self._kept: list[str] = []

    def cell(self, place: int) -> str:
        text = self._cells[place].strip() if place < len(self._cells) else ""
        return "" if len(text) <= _LONGEST_NOTHING and text.lower() in _NOTHING else text

    def text(self, field: Field) -> str:
        return next(filter(None, (self.cell(place) for place in self._columns.places.get(field, ()))), "")

    def all(self, field: Field) -> list[tuple[int, str]]:
        return [(place, self.cell(place)) for place in self._columns.places.get(field, ()) if self.cell(place)]

    def keep_in_note(self, place: int) -> None:
        self._kept.append(f"{self._columns.headings[place].strip()}: {self.cell(place)}")

    def note(self) -> str:
        for place, _text in self.all(Field.NAMED_NOTE):
            self.keep_in_note(place)
        return "\n".join(filter(None, [self.text(Field.NOTE), *self._kept]))


def _phone(line: _Line, problems: list[InvalidField], area: str) -> str:
    """The first number that is one; the others are kept in the note."""
    found, wrong = "", None
    for place, written in line.all(Field.PHONE):
        for part in re.split(r"[/;,|]|\be\b|\bou\b", written):
            if set(re.sub(r"\D", "", part)) <= {"0"}:
                continue
            try:
                phone = clean_phone(part, area)
            except InvalidField as problem:
                wrong = wrong or problem
                line.keep_in_note(place)
                break
            if found and phone != found:
                line.keep_in_note(place)
            found = found or phone
    if wrong and not found:
        problems.append(wrong)
    return found


def _cpf(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    if digits and set(digits) == {"0"}:
        return ""
    # Spreadsheets take a CPF for a number and drop the zeros at its head.
    return clean_cpf(digits.zfill(11) if 9 <= len(digits) <= 11 else text)


def parse_date(text: str, today: dt.date) -> dt.date | None:
    """A date as people here write it, day first, or year first; two digits of a year never mean the future."""
    if not text or set(re.sub(r"\D", "", text)) == {"0"}:
        return None
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise InvalidField("birth_date", "not_a_date", text[:40])
    first, month, last = (int(part) for part in match.groups())
    day, year = (last, first) if len(match[1]) == 4 else (first, last)
    if len(match[3]) <= 2 and len(match[1]) <= 2:
        year += 2000 if 2000 + year <= today.year else 1900
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise InvalidField("birth_date", "not_a_date", text[:40]) from None


def _check_shape(columns: Columns, cells: Sequence[str]) -> None:
    wanted = len(columns.headings)
    if any(cell.strip() for cell in cells[wanted:]):
        raise InvalidField("line", "too_many_cells", str(len(cells)))
    # Spreadsheets leave out empty cells at the end of a line; a lone cell is a line that was cut.
    if len(cells) <= columns.places[Field.NAME][0] or (len(cells) == 1 and wanted > 2):
        raise InvalidField("line", "too_few_cells", str(len(cells)))
    if any("\ufffd" in cell or "\0" in cell for cell in cells):
        raise InvalidField("line", "unreadable_characters")


def _plain(heading: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", fold(heading)).split())


# --- the same person -------------------------------------------------------------------------------------------------


class Same(StrEnum):
    """By what a line was recognised as somebody who is there already."""

    CPF = "cpf"
    PHONE_AND_NAME = "phone_and_name"
    NAME_AND_BIRTH = "name_and_birth"


_PARTICLES = frozenset({"de", "da", "do", "das", "dos", "e"})


def similar_names(one: str, other: str) -> bool:
    """Whether two folded names may be one person's: the same first name, the shorter's last in the longer."""
    mine = [word for word in one.split() if word not in _PARTICLES]
    theirs = [word for word in other.split() if word not in _PARTICLES]
    if not mine or not theirs or mine[0] != theirs[0]:
        return False
    shorter, longer = sorted((mine, theirs), key=len)
    return set(shorter) <= set(longer) or (len(shorter) > 1 and shorter[-1] == longer[-1])
