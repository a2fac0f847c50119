"""The command line as scripts meet it: real processes, real folders, exit statuses, one sentence and no traceback."""

import contextlib
import datetime as dt
import json
import os
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from pypdf import PdfReader

from clinicdesk.storage.cluster import Cluster
from clinicdesk.usecases.demo import open_demo

PASSWORD = "janela 47 aberta"
CSV = (
    "Nome;Celular;CPF;Data de nascimento\n"
    "Conceição Álvares;(11) 98765-4321;529.982.247-25;14/03/1972\n"
    "Sem Telefone;12;;\n"
)


def clinicdesk(*arguments: object, password: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command; `password` is what descriptor 0 holds."""
    shown = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    kept = {name: value for name, value in os.environ.items() if name not in shown}
    return subprocess.run(
        [sys.executable, "-m", "clinicdesk", *map(str, arguments)],
        input="" if password is None else f"{password}\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
        env={**kept, "LANG": "C.UTF-8", **environment},
    )


def refused(done: subprocess.CompletedProcess[str], status: int = 1) -> str:
    """The sentence of a command that could not do what it was asked."""
    assert done.returncode == status, done
    assert "Traceback" not in done.stderr + done.stdout
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.stderr.strip()


@pytest.fixture(scope="module")
def made(run_folder: Path) -> Iterator[Path]:
    """A data folder in which `init` has made a clinic; its server stays up for the module."""
    folder = run_folder / f"cli-{uuid.uuid4().hex[:8]}"
    folder.mkdir(mode=0o711)
    options = ["--organisation", "Bem Viver", "--clinic", "Bem Viver Jardins", "--owner-login", "claudia"]
    with Cluster.open(folder):
        done = clinicdesk(
            "init",
            "--data-dir",
            folder,
            *options,
            "--owner-name",
            "Cláudia Meireles",
            "--password-fd",
            0,
            password=PASSWORD,
        )
        assert done.returncode == 0, done
        assert done.stderr == ""
        key = next(line.strip() for line in done.stdout.splitlines() if line.startswith("    "))
        assert len(key.replace("-", "")) == 32
        yield folder


def test_version_answers() -> None:
    done = clinicdesk("--version")
    assert (done.returncode, done.stdout.split()[0]) == (0, "clinicdesk")


def test_version_imports_nothing_heavy() -> None:
    code = "import sys; from clinicdesk.cli import run; run(['--version']); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"PySide6", "sqlalchemy", "psycopg", "babel", "reportlab", "argparse"} & set(loaded)


def test_help_speaks_the_language_asked() -> None:
    assert "A recepção de uma clínica." in clinicdesk("--help").stdout
    assert "The front desk of a clinic." in clinicdesk("--language", "en", "--help").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["agenda", "print"],
        ["agenda", "print", "--date", "31/02/2026", "--out", "x.pdf"],
        ["demo", "--size", "big"],
        ["demo", "--now", "soon"],
        ["demo", "--patients", "-1"],
        ["import", "undo", "seven", "--data-dir", "/nowhere"],
    ],
)
def test_a_wrong_call_leaves_with_two(arguments: list[str]) -> None:
    refused(clinicdesk(*arguments), status=2)


def test_an_empty_folder_says_what_to_do(data_dir: Path) -> None:
    for command in (["db", "status"], ["agenda", "print", "--date", "2026-11-24", "--out", data_dir / "x.pdf"]):
        assert "clinicdesk init" in refused(clinicdesk(*command, "--data-dir", data_dir))
    assert not data_dir.exists()


def test_doctor_of_an_empty_folder_makes_nothing(data_dir: Path) -> None:
    done = clinicdesk("doctor", "--json", "--data-dir", data_dir)
    assert done.returncode == 0
    assert json.loads(done.stdout)["state"] == "warning"
    assert not data_dir.exists()


def test_no_screen_is_told(data_dir: Path) -> None:
    assert "--screenshots" in refused(clinicdesk("demo", "--data-dir", data_dir))


def test_init_without_anybody_to_ask(data_dir: Path) -> None:
    assert "--organisation" in refused(clinicdesk("init", "--data-dir", data_dir), status=2)


def test_init_refuses_a_weak_password(data_dir: Path) -> None:
    options = ["--organisation", "A", "--owner-login", "ana", "--owner-name", "Ana"]
    done = clinicdesk("init", "--data-dir", data_dir, *options, "--password-fd", 0, password="curta")
    assert "12 caracteres" in refused(done)
    wrong = clinicdesk("init", "--data-dir", data_dir, *options, "--state", "XX", "--password-fd", 0, password=PASSWORD)
    assert "SP" in refused(wrong)


def test_init_leaves_an_existing_clinic_alone(made: Path) -> None:
    options = ["--organisation", "A", "--owner-login", "ana", "--owner-name", "Ana"]
    done = clinicdesk("init", "--data-dir", made, *options, "--password-fd", 0, password=PASSWORD)
    assert str(made) in refused(done)


def test_doctor_of_a_clinic(made: Path) -> None:
    done = clinicdesk("doctor", "--json", "--data-dir", made)
    assert done.returncode == 0, done
    found = json.loads(done.stdout)
    checks = {check["name"]: check for check in found["checks"]}
    assert found["format"] == 1
    assert {check["state"] for check in checks.values()} <= {"ok", "warning"}
    database = checks["database"]["facts"]
    assert database["kind"] == "embedded"
    assert database["data_folder"] == str(made)
    assert database["schema_revision"] == checks["schema"]["facts"]["expected"]
    assert checks["durability"]["facts"]["fsync"] == "on"
    assert checks["owner"]["facts"] == {"active_owners": 1}
    assert checks["isolation"]["advice"] == "one_computer"
    assert checks["metrics"] == {"name": "metrics", "state": "ok", "advice": "", "facts": {"put_right": 0}}
    told = clinicdesk("doctor", "--data-dir", made)
    assert told.returncode == 0
    assert "Banco de dados" in told.stdout


def test_attendances_of_another_system(made: Path, tmp_path: Path) -> None:
    other, described = tmp_path / "hospital.db", tmp_path / "hospital.toml"
    with contextlib.closing(sqlite3.connect(other)) as there:
        there.execute("CREATE TABLE atendimento (id, nome, medico, quando)")
        there.execute("INSERT INTO atendimento VALUES (1, 'Ana', 'Dr. Ninguém', '2035-03-06 09:00')")
        there.commit()
    described.write_text(
        f'[source]\nname = "Hospital"\naddress = "sqlite:///{other}"\ntable = "atendimento"\n'
        '[columns]\nuid = "id"\npatient = "nome"\nprofessional = "medico"\nstarts = "quando"\n',
        "utf-8",
    )
    asked = ["import", "attendances", described, "--dry-run", "--data-dir", made]
    done = clinicdesk(*asked)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Dr. Ninguém" in done.stdout
    assert "recusado: 1" in done.stdout
    described.write_text(described.read_text("utf-8").replace("atendimento", "consulta"), "utf-8")
    assert "consulta" in refused(clinicdesk(*asked))
    assert str(tmp_path / "nada.toml") in refused(clinicdesk("import", "attendances", tmp_path / "nada.toml"))


def test_database_status(made: Path) -> None:
    done = clinicdesk("db", "status", "--data-dir", made, "--language", "en")
    assert done.returncode == 0
    assert "of this release" in done.stdout
    assert clinicdesk("db", "upgrade", "--data-dir", made).returncode == 0


def test_the_day_is_printed_by_the_owner_and_by_name(made: Path, tmp_path: Path) -> None:
    as_owner, by_name = tmp_path / "owner.pdf", tmp_path / "name.pdf"
    asked = ["--data-dir", made, "agenda", "print", "--date", "24/11/2026", "--out"]
    assert clinicdesk(*asked, as_owner).returncode == 0
    assert clinicdesk(*asked, by_name, "--user", "claudia", "--password-fd", 0, password=PASSWORD).returncode == 0
    for file in (as_owner, by_name):
        text = PdfReader(file).pages[0].extract_text()
        assert "Bem Viver Jardins" in text
        assert "Cláudia Meireles" in text


def test_refusals_of_access_are_sentences(made: Path, tmp_path: Path) -> None:
    asked = ["--data-dir", made, "agenda", "print", "--date", "2026-11-24", "--out", tmp_path / "x.pdf"]
    wrong = clinicdesk(*asked, "--user", "claudia", "--password-fd", 0, password="errada")
    unknown = clinicdesk(*asked, "--user", "ninguem", "--password-fd", 0, password="errada")
    assert refused(wrong) == refused(unknown)
    assert "--password-fd" in refused(clinicdesk(*asked, "--user", "claudia"), status=2)
    assert "descritor" in refused(clinicdesk(*asked, "--user", "claudia", "--password-fd", 77), status=2)
    refused(clinicdesk(*asked, "--clinic", "Outra"))


def test_a_file_that_cannot_be_written(made: Path, tmp_path: Path) -> None:
    target = tmp_path / "missing" / "x.pdf"
    done = clinicdesk("--data-dir", made, "agenda", "print", "--date", "2026-11-24", "--out", target)
    assert str(target) in refused(done)


def test_patients_are_imported_and_taken_back(made: Path, tmp_path: Path) -> None:
    file = tmp_path / "pacientes.csv"
    file.write_bytes(CSV.encode("cp1252"))
    asked = ["--data-dir", made, "import", "patients", file, "--password-fd", 0]
    tried = clinicdesk(*asked, "--dry-run", password=PASSWORD)
    assert tried.returncode == 0, tried
    assert "import undo" not in tried.stdout
    done = clinicdesk(*asked, password=PASSWORD)
    assert done.returncode == 0, done
    assert "Sem Telefone" in done.stdout
    number = done.stdout.split()[-1]
    back = clinicdesk("--data-dir", made, "import", "undo", number)
    assert back.returncode == 0, back
    refused(clinicdesk("--data-dir", made, "import", "undo", number))


def test_an_import_names_the_owner_in_the_audit(made: Path, tmp_path: Path) -> None:
    file = tmp_path / "pacientes.csv"
    file.write_bytes(CSV.encode("utf-8"))
    done = clinicdesk("--data-dir", made, "import", "patients", file, "--password-fd", 0, password=PASSWORD)
    assert done.returncode == 0, done
    clinicdesk("--data-dir", made, "import", "undo", done.stdout.split()[-1])
    with Cluster.open(made) as cluster, psycopg.connect(**cluster.admin_conninfo("clinicdesk")) as connection:
        logins = {
            row[0]
            for row in connection.execute("SELECT DISTINCT login FROM clinicdesk.audit WHERE login <> 'postgres'")
        }
    assert "clinicdesk_claudia" in logins


def test_a_file_that_is_not_there(made: Path, tmp_path: Path) -> None:
    done = clinicdesk(
        "--data-dir", made, "import", "patients", tmp_path / "none.csv", "--password-fd", 0, password=PASSWORD
    )
    assert "none.csv" in refused(done)


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    options = ["--organisation", "A", "--owner-login", "ana", "--owner-name", "Ana", "--password-fd", 0]
    assert str(file) in refused(clinicdesk("init", "--data-dir", file, *options, password=PASSWORD))


def test_a_folder_that_is_read_only(read_only: Path) -> None:
    options = ["--organisation", "A", "--owner-login", "ana", "--owner-name", "Ana", "--password-fd", 0]
    done = clinicdesk("init", "--data-dir", read_only, *options, password=PASSWORD)
    assert str(read_only) in refused(done)


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A folder that cannot be written to; root writes anywhere but in the kernel's own."""
    if os.geteuid() != 0:
        tmp_path.chmod(0o500)
        yield tmp_path
        return
    if os.path.ismount("/sys"):
        yield Path("/sys/kernel")
        return
    # A root without /sys: a file system of its own that takes nothing.
    subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(tmp_path)], check=True)
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


def test_a_bug_is_a_number_and_a_log(made: Path) -> None:
    code = (
        "import sys, clinicdesk.usecases.schema as schema\n"
        "def broken(local): raise RuntimeError('a name nobody should read')\n"
        "schema.status = broken\n"
        "from clinicdesk.cli import run; sys.exit(run(sys.argv[1:]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "db", "status", "--data-dir", str(made)],
        capture_output=True,
        text=True,
        check=False,
    )
    said = refused(done)
    assert "nobody" not in said
    assert str(made / "logs") in said
    number = next(word.strip(";.") for word in said.split() if len(word.strip(";.")) == 7 and "-" in word)
    assert number in (made / "logs" / "clinicdesk.log").read_text(encoding="utf-8")


ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//tests//EN
BEGIN:VEVENT
UID:one@example.com
DTSTART;TZID=America/Sao_Paulo:{day}T030000
DTEND;TZID=America/Sao_Paulo:{day}T033000
SUMMARY:Ana Prado
END:VEVENT
END:VCALENDAR
"""


def test_an_agenda_needs_a_professional_who_works_here(made: Path, tmp_path: Path) -> None:
    file = tmp_path / "agenda.ics"
    file.write_text(ICS.format(day="20351124"), encoding="utf-8")
    done = clinicdesk("--data-dir", made, "import", "agenda", file, "--professional", "Dra. Ninguém")
    assert "profissional" in refused(done)


@pytest.fixture(scope="module")
def demo(run_folder: Path) -> Iterator[Path]:
    """A data folder that holds a small demo and nothing else."""
    folder = run_folder / f"demo-{uuid.uuid4().hex[:8]}"
    folder.mkdir(mode=0o711)
    with Cluster.open(folder) as cluster:
        open_demo(cluster, folder, patients=300, appointments=600)
        yield folder


def test_the_demo_needs_nothing(demo: Path, tmp_path: Path) -> None:
    several = clinicdesk("--data-dir", demo, "agenda", "print", "--date", "2026-11-24", "--out", tmp_path / "x.pdf")
    assert "--clinic" in refused(several)
    clinic = refused(several).split(": ")[1].split(",")[0].strip()
    asked = ["--data-dir", demo, "--clinic", clinic]
    assert clinicdesk(*asked, "agenda", "print", "--date", "2026-11-24", "--out", tmp_path / "x.pdf").returncode == 0
    file = tmp_path / "agenda.ics"
    file.write_text(ICS.format(day=f"{dt.datetime.now(dt.UTC) + dt.timedelta(days=30):%Y%m%d}"), encoding="utf-8")
    calendar = clinicdesk(*asked, "import", "agenda", file, "--professional", "Helena Prado", "--dry-run")
    assert calendar.returncode == 0, calendar
    assert "Ana Prado" in calendar.stdout
    assert "ensaio" in calendar.stdout
    patients = tmp_path / "pacientes.csv"
    patients.write_text(CSV, encoding="utf-8")
    assert clinicdesk(*asked, "import", "patients", patients, "--dry-run").returncode == 0
