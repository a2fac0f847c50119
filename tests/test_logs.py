"""Log lines: JSON, rotated, with nothing of a patient in them."""

import contextlib
import datetime as dt
import json
import logging
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from clinicdesk import logs
from clinicdesk.storage.cluster import Cluster


@pytest.fixture
def log_file(tmp_path: Path) -> Iterator[Path]:
    yield logs.start_logging(tmp_path)
    logs.stop_logging()
    structlog.reset_defaults()


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_line_is_json_with_its_facts(log_file: Path) -> None:
    appointment = uuid.uuid4()
    logs.log("clinicdesk.usecases.agenda").info(
        "appointment_moved", appointment_id=appointment, took_ms=12.5, version=3
    )
    (line,) = lines(log_file)
    assert line.pop("at").endswith("Z")
    assert line == {
        "event": "appointment_moved",
        "level": "info",
        "logger": "clinicdesk.usecases.agenda",
        "appointment_id": str(appointment),
        "took_ms": 12.5,
        "version": 3,
    }


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "Marta Nogueira"),
        ("cpf", "529.982.247-25"),
        ("cpf", 52998224725),
        ("phone", "+5511987654321"),
        ("phone", 1130641234),
        ("born_on", dt.date(1980, 2, 1)),
        ("price", Decimal("250.00")),
        ("patient", {"name": "Marta"}),
        ("names", ["Marta"]),
        ("patient_id", "Marta"),
        ("reason", "alergia a dipirona"),
        ("kind", "Marta Nogueira"),
        ("correlation_id", "52998224725"),
        ("note", b"Marta"),
        ("version", "529.982.247-25"),
    ],
)
def test_what_may_be_a_patients_is_dropped_and_named(log_file: Path, key: str, value: object) -> None:
    logs.log("desk").warning("saved", **{key: value})
    (line,) = lines(log_file)
    assert line["dropped"] == [key]
    assert "Marta" not in json.dumps(line)
    assert key not in line


def test_an_event_that_is_a_sentence_is_dropped(log_file: Path) -> None:
    logs.log("desk").info("saved patient Marta Nogueira")
    (line,) = lines(log_file)
    assert line["dropped"] == ["event"]
    assert "Marta" not in json.dumps(line)


@given(text=st.text(min_size=1).filter(lambda text: " " in text.strip() or not text.isascii()))
def test_no_free_text_gets_through_any_key(text: str) -> None:
    for key in ("event", "reason", "kind", "name", "patient_id", "at", "correlation"):
        kept = logs._keep_harmless(None, "info", {key: text})
        assert text not in kept.values()


def test_a_librarys_sentence_is_not_kept(log_file: Path) -> None:
    try:
        raise ValueError("Marta Nogueira")
    except ValueError:
        logging.getLogger("some.library").exception("row %r is odd", "Marta Nogueira")
    (line,) = lines(log_file)
    assert (line["event"], line["logger"], line["error"]) == ("library_message", "some.library", "ValueError")
    assert "Marta" not in json.dumps(line)


def test_a_database_error_keeps_sqlstate_and_constraint(log_file: Path, cluster: Cluster) -> None:
    with psycopg.connect(**cluster.admin_conninfo()) as connection:
        connection.execute("CREATE TEMP TABLE people (cpf text CONSTRAINT one_person_per_cpf UNIQUE)")
        connection.execute("INSERT INTO people VALUES ('52998224725')")
        with pytest.raises(psycopg.errors.UniqueViolation) as caught:
            connection.execute("INSERT INTO people VALUES ('52998224725')")
    number = logs.reference(caught.value)
    (line,) = lines(log_file)
    assert (line["sqlstate"], line["constraint"]) == ("23505", "one_person_per_cpf")
    assert (line["reference"], line["event"]) == (number, "bug")
    assert "52998224725" not in log_file.read_text(encoding="utf-8")


def test_an_error_keeps_its_causes_and_places_without_their_words(log_file: Path) -> None:
    def outer() -> None:
        try:
            int("Marta")
        except ValueError as error:
            raise RuntimeError("about Marta") from error

    try:
        outer()
    except RuntimeError as error:
        logs.log("desk").error("bug", exc_info=error)
    (line,) = lines(log_file)
    assert (line["error"], line["cause"]["error"]) == ("RuntimeError", "ValueError")
    assert re.fullmatch(r"test_logs\.py:\d+ outer", line["trace"][-1])
    assert "Marta" not in json.dumps(line)


def test_a_reference_can_be_read_aloud(log_file: Path) -> None:
    assert re.fullmatch(r"[A-HJ-NP-Z2-9]{3}-[A-HJ-NP-Z2-9]{3}", logs.reference(RuntimeError("x")))
    assert lines(log_file)


def test_lines_of_one_wish_share_an_id(log_file: Path) -> None:
    with logs.correlated() as correlation:
        logs.log("desk").info("moved")
        logging.getLogger("library").warning("odd")
    logs.log("desk").info("idle")
    first, second, third = lines(log_file)
    assert first["correlation"] == second["correlation"] == correlation
    assert "correlation" not in third


def test_files_are_rotated_and_bounded(log_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (handler,) = logs._installed
    monkeypatch.setattr(handler, "maxBytes", 2_000)
    for number in range(400):
        logs.log("desk").info("tick", number=number)
    files = sorted(path.name for path in log_file.parent.iterdir())
    assert files == ["clinicdesk.log", *(f"clinicdesk.log.{number}" for number in range(1, 6))]
    assert all(path.stat().st_size <= 2_000 for path in log_file.parent.iterdir())


def test_a_line_that_cannot_be_written_is_shown_nowhere(log_file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (handler,) = logs._installed
    assert isinstance(handler, logging.StreamHandler)
    written = handler.stream
    with contextlib.suppress(OSError), Path("/dev/full").open("w", encoding="utf-8") as full:
        handler.stream = full
        logs.log("desk").info("moved", name="Ana Conceição")
        logging.getLogger("library").warning("odd %s", "Ana Conceição")
    handler.stream = written
    assert capfd.readouterr() == ("", "")


def test_the_folder_is_closed_to_others(log_file: Path) -> None:
    assert log_file.parent.stat().st_mode & 0o077 == 0
    assert log_file.stat().st_mode & 0o077 == 0


def test_logging_can_be_imported_before_anything_heavy() -> None:
    code = "import sys, clinicdesk.logs, clinicdesk.settings; sys.exit('structlog' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[1])
