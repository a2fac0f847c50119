"""`clinicdesk-server` on the command line: told wrongly, not set up, under the wrong account, in three languages."""

import json
from pathlib import Path

import pytest

from clinicdesk.cli import server
from clinicdesk.usecases.systemd import tell_systemd
from clinicdesk.words import LANGUAGES

COMMANDS = ("run", "check", "code", "renew", "unlock", "upgrade", "prepare", "certify")


def test_without_a_server_it_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = tmp_path / "server.json"
    for content in (None, "{", "[]"):
        if content is not None:
            missing.write_text(content)
        assert server.run(["--config", str(missing), "--language", "pt_BR", "check"]) == 2
        told = capsys.readouterr()
        assert told.out == "" and str(missing) in told.err and "servidor da clínica" in told.err


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_has_its_help(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    for name in COMMANDS:
        with pytest.raises(SystemExit) as left:
            server.run(["--language", language, name, "--help"])
        assert left.value.code == 0
        assert len(capsys.readouterr().out) > 80


def test_a_wrong_call_leaves_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([], ["nothing"], ["check", "--what"], ["unlock"]):
        with pytest.raises(SystemExit) as left:
            server.run(["--language", "en", *arguments])
        assert left.value.code == 2
    capsys.readouterr()


def test_another_account_is_told_which(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "server.json"
    config.write_text(json.dumps({"names": ["servidor"], "language": "en"}))
    monkeypatch.setattr(server, "UNIT", "nobody-of-that-name")
    assert server.run(["--config", str(config), "check"]) == 2
    assert "the account nobody-of-that-name" in capsys.readouterr().err


def test_what_systemd_asks_for_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(path))
        monkeypatch.setenv("NOTIFY_SOCKET", str(path))
        tell_systemd("READY=1")
        assert listening.recv(64) == b"READY=1"
    monkeypatch.delenv("NOTIFY_SOCKET")
    tell_systemd("READY=1")
