"""The first run as it is pictured: every question, filled in and gone wrong, over answers that nobody made real."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from clinicdesk.desk.application import Application
from clinicdesk.desk.first_run.done_step import Takers
from clinicdesk.desk.first_run.import_row import Told
from clinicdesk.desk.first_run.page import Doors, FirstRunPage
from clinicdesk.desk.widgets.overlay import Overlay
from clinicdesk.domain.desks import ServerAddress
from clinicdesk.domain.first_run import Answers, Place
from clinicdesk.errors import (
    BinariesMissing,
    ClinicError,
    DataFolderUnusable,
    EnrolmentRefused,
    HostNotFound,
    NobodyAnswers,
    NoClinicServer,
    ServerNotTrusted,
)
from clinicdesk.usecases.first_run import Ground
from clinicdesk.words import _

_HOST = "servidor.local"
_CODE = "K7M4-Q2XT-9WPD-3HRA"
_AT_THE_SERVER: dict[str, ClinicError] = {
    "not-found": HostNotFound(_HOST),
    "nobody": NobodyAnswers(_HOST, 5432),
    "another": NoClinicServer(_HOST, 5432),
    "open": ServerNotTrusted("no_encryption", _HOST),
}
_HERE: dict[str, ClinicError] = {
    "read-only": DataFolderUnusable("/var/lib/clinicdesk", "read_only"),
    "full": DataFolderUnusable("/var/lib/clinicdesk", "full"),
    "programs": BinariesMissing("/opt/postgresql/bin", "15.2"),
}


@dataclass
class _World:
    """What the questions are answered with."""

    here: ClinicError | None = None
    server: ClinicError | None = None

    def look_here(self) -> Ground:
        if self.here is not None:
            raise self.here
        return Ground(Path("/var/lib/clinicdesk"), 212 * 1024**3, "18.6")

    def look_for_server(self, _address: ServerAddress) -> float:
        if self.server is not None:
            raise self.server
        return 4.0


def first_run_scenes(application: Application, settle: Callable[[], None]) -> Iterator[str]:
    """Walk the questions in the application's window; the name of each picture when it is to be taken."""
    world = _World()
    doors = Doors(world.look_here, world.look_for_server, lambda _answers: None, lambda _key, _answers: None)
    page = FirstRunPage(application.background, application.shortcuts, doors, Answers())
    application.window.show_first_run(page)
    page.take_focus()
    for part in (_places(page, world, settle), _clinic(page), _owner(page), _key(page), _rest(page, settle)):
        for name in part:
            yield f"first-run-{name}"
    application.window.end_first_run(page)


def _places(page: FirstRunPage, world: _World, settle: Callable[[], None]) -> Iterator[str]:
    yield "place"
    for name, world.here in _HERE.items():
        page.place.here.look()
        yield f"here-{name}"
    world.here = None
    page.place.here.look()
    cards, panel = page.place.cards, page.server
    cards.choose(Place.SERVER)
    cards.take_focus()
    yield "server"
    panel.code.set_letters(_CODE[:12])
    panel.code.typed.emit()
    for name, world.server in _AT_THE_SERVER.items():
        panel.address.setText(f"{_HOST} ")
        panel.address.textEdited.emit("")
        panel.address.editingFinished.emit()
        yield f"server-{name}"
    world.server = None
    panel.address.setText(_HOST)
    panel.address.editingFinished.emit()
    panel.code.set_letters(_CODE)
    panel.code.typed.emit()
    panel.desk_name.setText(_("Front desk 1"))
    settle()
    yield "server-answers"
    page.say(EnrolmentRefused("used"))
    yield "server-refused"
    page.clinic.edited.emit()
    cards.choose(Place.DEMO)
    cards.take_focus()
    yield "demo"
    cards.choose(Place.HERE)
    page.go_on()


def _clinic(page: FirstRunPage) -> Iterator[str]:
    yield "clinic"
    page.clinic.cnpj.setText("11.222.333/0001-80")
    page.go_on()
    yield "clinic-wrong"
    page.clinic.name.setText(_("Clínica Bem Viver"))
    page.clinic.cnpj.setText("11.222.333/0001-81")
    page.clinic.city.setText("São Paulo")
    page.go_on()


def _owner(page: FirstRunPage) -> Iterator[str]:
    step = page.owner
    step.name.setText(_("Dra. Helena Prado"))
    step.name.textEdited.emit(step.name.text())
    yield "owner"
    step.choosing.first.setText("jardim 27")
    page.go_on()
    yield "owner-wrong"
    for line in (step.choosing.first, step.choosing.second):
        line.setText("jardim-de-inverno-27")
    page.go_on()


def _key(page: FirstRunPage) -> Iterator[str]:
    step = page.key
    yield "key"
    step.have_it.click()
    letters = step.key.replace("-", "")
    step.boxes.set_letters(letters[:8] + "".join("1" if one == "0" else "0" for one in letters[8:12]))
    step.boxes.typed.emit()
    yield "key-wrong"
    step.boxes.set_letters(letters)
    step.boxes.typed.emit()
    yield "key-right"
    page.go_on()


def _rest(page: FirstRunPage, settle: Callable[[], None]) -> Iterator[str]:
    page.team.specialty.setText(_("Dermatology"))
    page.team.council.set_value("CRM")
    page.team.number.setText("148230")
    yield "team"
    page.go_on()
    yield "services"
    page.show_help()
    yield "help"
    for overlay in page.window().findChildren(Overlay):
        if overlay.isVisible():
            overlay.dismiss()
    page.made(_("Clínica Bem Viver"), Takers(_take, _take, _("Dra. Helena Prado")))
    yield "done"
    assert page.done is not None
    page.done.patients.read(Path("pacientes.csv"))
    settle()
    yield "done-import"


def _take(_path: Path, _dry_run: bool) -> Told:
    from clinicdesk.desk.wording_imports import patient_counts, patient_line
    from clinicdesk.domain.patient_import import Columns
    from clinicdesk.errors import InvalidField
    from clinicdesk.usecases.patient_import import ImportLine, ImportReport, Outcome

    taken = [ImportLine(line, Outcome.TAKEN, "") for line in range(2, 130)]
    wrong = ImportLine(130, Outcome.REFUSED, "Bento Lima", problems=(InvalidField("phone", "not_a_phone"),))
    report = ImportReport((*taken, wrong), Columns((), {}), "utf-8", ";")
    return Told(patient_counts(report), [patient_line(wrong)], True)
