"""The present desk on the schema of a release to come: its own tests, run over databases that are one step ahead."""

import os
import subprocess
import sys

from tests.conftest import RUN_FOLDER

WORK = [
    "tests/usecases/test_agenda.py",
    "tests/usecases/test_patients.py",
    "tests/usecases/test_preferences.py",
    "tests/storage/test_changes.py",
]


def test_a_desk_one_release_behind_books_moves_searches_saves_and_watches() -> None:
    # A run of its own, with its own server: nothing of this one is one step ahead.
    environment = {name: value for name, value in os.environ.items() if name != RUN_FOLDER}
    options = ["-q", "-n", "0", "--next-schema", "--careless-server", "--tb=short"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *WORK], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]
