"""The README opens with the two commands, and every command it names exists."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_it_opens_with_a_picture_and_two_commands() -> None:
    assert README.startswith("![")
    assert "./run demo" in README
    assert "./run tests" in README


def test_the_shell_can_read_the_scripts() -> None:
    for script in ("run", ".ci/run"):
        assert (ROOT / script).stat().st_mode & 0o111
        assert subprocess.run(["sh", "-n", str(ROOT / script)], check=False).returncode == 0


def test_every_command_it_names_has_its_help() -> None:
    named = set(re.findall(r"^\| `clinicdesk ([a-z ]+[a-z])", README, re.MULTILINE)) | {"db upgrade"}
    assert {"init", "demo", "doctor", "import undo", "agenda print"} <= named
    for command in sorted(named):
        done = subprocess.run(
            [sys.executable, "-m", "clinicdesk", *command.split(), "--help"],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        assert done.returncode == 0, (command, done.stderr)
