"""This machine's settings: kept whole, read with forgiveness, upgraded from every version there was."""

import dataclasses
import json
import os
from pathlib import Path

import pytest

from clinicdesk import settings
from clinicdesk.settings import RememberedPerson, Settings, default_data_dir, load, save

CHANGED = Settings(
    language="es",
    theme="dark",
    density="compact",
    text_scale=125,
    high_contrast=True,
    reduced_motion=True,
    single_letter_keys=False,
    postgres_binaries=Path("/usr/lib/postgresql/17/bin"),
    idle_lock_minutes=12,
    desk_name="Recepção 2",
    server_host="servidor.local",
    server_port=5433,
    server_database="ipe",
    last_people=(
        RememberedPerson("marta.nogueira", "Marta Nogueira", "reception", 265, "2026-11-24T13:18:00+00:00"),
        RememberedPerson("ana", "Ana Lima", "owner"),
    ),
    window_geometry="AdnQywAD",
    call_screen="HDMI-2",
    call_sound=True,
)

# A file as each version wrote it, and what it means today.
SAMPLES: dict[int, tuple[dict[str, object], Settings]] = {
    1: (
        {
            "version": 1,
            "language": "es",
            "theme": "dark",
            "density": "compact",
            "text_scale": 125,
            "high_contrast": True,
            "reduced_motion": True,
            "single_letter_keys": False,
            "postgres_binaries": "/usr/lib/postgresql/17/bin",
            "idle_lock_minutes": 12,
            "desk_name": "Recepção 2",
            "server_host": "servidor.local",
            "server_port": 5433,
            "server_database": "ipe",
            "last_people": [
                {
                    "login": "marta.nogueira",
                    "name": "Marta Nogueira",
                    "role": "reception",
                    "hue": 265,
                    "last_used": "2026-11-24T13:18:00+00:00",
                },
                {"login": "ana", "name": "Ana Lima", "role": "owner", "hue": 200},
            ],
            "window_geometry": "AdnQywAD",
            "call_screen": "HDMI-2",
            "call_sound": True,
        },
        CHANGED,
    ),
}


def write(folder: Path, stored: object) -> None:
    (folder / settings.FILE_NAME).write_text(json.dumps(stored), encoding="utf-8")


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    save(tmp_path / "new" / "folder", CHANGED)
    assert load(tmp_path / "new" / "folder") == CHANGED


def test_the_sample_differs_from_the_default_in_every_field() -> None:
    for field in dataclasses.fields(Settings):
        assert getattr(CHANGED, field.name) != getattr(Settings(), field.name), field.name


def test_a_first_start_needs_no_file(tmp_path: Path) -> None:
    assert load(tmp_path) == Settings()


def test_every_version_has_an_upgrade_and_a_sample() -> None:
    assert set(settings.UPGRADES) == set(range(1, settings.VERSION))
    assert set(SAMPLES) == set(range(1, settings.VERSION + 1))


@pytest.mark.parametrize("version", SAMPLES)
def test_a_file_of_every_version_is_understood(tmp_path: Path, version: int) -> None:
    stored, meaning = SAMPLES[version]
    write(tmp_path, stored)
    assert load(tmp_path) == meaning


def test_upgrades_run_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "VERSION", 3)
    monkeypatch.setitem(settings.UPGRADES, 1, lambda stored: {"computer": stored["name"]})
    monkeypatch.setitem(settings.UPGRADES, 2, lambda stored: {"desk_name": stored["computer"].upper()})
    write(tmp_path, {"version": 1, "name": "front"})
    assert load(tmp_path).desk_name == "FRONT"


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"dark"', "\x00\xff", '{"theme": "dark"}'])
def test_a_damaged_file_gives_the_defaults(tmp_path: Path, text: str) -> None:
    (tmp_path / settings.FILE_NAME).write_text(text, encoding="latin-1")
    assert load(tmp_path) == Settings()


@pytest.mark.parametrize(
    ("name", "nonsense", "meaning"),
    [
        ("theme", "purple", "system"),
        ("language", "tlh", "pt_BR"),
        ("idle_lock_minutes", 0, 1),
        ("idle_lock_minutes", 600, 15),
        ("idle_lock_minutes", True, 5),
        ("single_letter_keys", "yes", True),
        ("text_scale", 400, 100),
        ("density", "dense", "comfortable"),
        ("last_people", "ana", ()),
        ("last_people", [1], ()),
        ("postgres_binaries", 7, None),
        ("desk_name", None, ""),
    ],
)
def test_one_senseless_value_costs_only_itself(tmp_path: Path, name: str, nonsense: object, meaning: object) -> None:
    write(tmp_path, {**SAMPLES[settings.VERSION][0], name: nonsense})
    assert load(tmp_path) == dataclasses.replace(CHANGED, **{name: meaning})


def test_a_newer_file_is_read_and_kept_aside(tmp_path: Path) -> None:
    newer = {**SAMPLES[settings.VERSION][0], "version": 99, "hologram": True}
    write(tmp_path, newer)
    assert load(tmp_path) == CHANGED
    save(tmp_path, Settings())
    assert load(tmp_path) == Settings()
    assert json.loads((tmp_path / "settings.version-99.json").read_text(encoding="utf-8")) == newer


def test_a_failed_save_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path, CHANGED)

    def no_room(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(OSError, match="No space"):
        save(tmp_path, Settings())
    assert load(tmp_path) == CHANGED
    assert [path.name for path in tmp_path.iterdir()] == [settings.FILE_NAME]


def test_the_latest_person_comes_first() -> None:
    remembered = Settings()
    for name in ("a", "b", "c", "d", "e", "f", "g", "b"):
        remembered = remembered.with_person(RememberedPerson(name, name.upper(), "reception"))
    assert [person.login for person in remembered.last_people] == ["b", "g", "f", "e", "d", "c", "a"]


def test_a_person_can_be_forgotten() -> None:
    assert [one.login for one in CHANGED.without_person("ana").last_people] == ["marta.nogueira"]
    assert CHANGED.without_person("nobody") == CHANGED


@pytest.mark.parametrize(
    "one",
    [
        {"login": "ana", "name": "Ana", "role": "owner", "colour": 3},
        {"login": "ana", "name": "Ana"},
        {"login": "ana", "name": "Ana", "role": "owner", "last_used": 7},
    ],
)
def test_a_person_that_makes_no_sense_is_forgotten(tmp_path: Path, one: dict[str, object]) -> None:
    write(tmp_path, {"version": settings.VERSION, "last_people": [one, {"login": "b", "name": "B", "role": "owner"}]})
    assert load(tmp_path).last_people == (RememberedPerson("b", "B", "owner"),)


def test_the_environment_names_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(settings.DATA_DIR_VARIABLE, str(tmp_path))
    assert default_data_dir() == tmp_path


def test_root_has_a_folder_the_server_can_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(settings.DATA_DIR_VARIABLE, raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert default_data_dir() == Path("/var/lib/clinicdesk")


def test_a_person_has_a_folder_of_their_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(settings.DATA_DIR_VARIABLE, raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_data_dir() == tmp_path / "clinicdesk"
