"""`python -m tests.storage.upgrading JSON`: a program that brings a database up, to be killed where a test likes."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

from clinicdesk.storage import dumps, migrate
from clinicdesk.storage.binaries import find_binaries
from clinicdesk.storage.migrate import UpgradeStep, migrations_folder

OWN = Path(__file__).parent.parent / "migrations"
HALT = 4711  # with a number, the advisory lock at which a halting revision waits

_HALTING = '''"""A revision that stops where a test holds it."""

from alembic import op

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None
release = "9.9.9"
oldest_desk = "20261122_0900"


def upgrade() -> None:
    op.execute("SELECT pg_advisory_xact_lock({halt}, {number})")
    op.execute("CREATE TABLE clinicdesk.{table} (id int)")
    op.execute("SELECT pg_advisory_xact_lock({halt}, {number} + 1)")


def downgrade() -> None:
    op.execute("DROP TABLE clinicdesk.{table}")
'''


def revisions(folder: Path, *files: str) -> Path:
    """A folder of this program's revisions and, after them, some of the tests' own."""
    made = folder / "migrations"
    shutil.copytree(migrations_folder(), made, ignore=shutil.ignore_patterns("__pycache__"))
    for name in files:
        shutil.copy(OWN / name, made / "versions" / name)
    return made


def halting(folder: Path) -> Path:
    """Two revisions more, which make the tables `first` and `second` and wait before and after at 1, 2, 3 and 4."""
    made, before = revisions(folder), migrate.expected_revision()
    for number, table in ((1, "first"), (3, "second")):
        revision = f"2099010{number}_0900"
        words = _HALTING.format(revision=revision, before=before, halt=HALT, number=number, table=table)
        (made / "versions" / f"{revision}_{table}.py").write_text(words, encoding="utf-8")
        before = revision
    return made


def bring_up(conninfo: dict[str, str], programs: str, revisions_in: Path, dumps_in: Path) -> str:
    """What a desk or a server does: a real copy first, then every revision."""

    def keep(found: str) -> None:
        dumps.dump(find_binaries(Path(programs)), conninfo, dumps_in, found)

    def told(step: UpgradeStep) -> None:
        sys.stdout.write(f"{step.kind} {step.number}\n")
        sys.stdout.flush()

    return migrate.bring_up(conninfo, keep, told, revisions_in)


if __name__ == "__main__":
    given: dict[str, Any] = json.loads(sys.argv[1])
    sys.stdout.write(
        bring_up(given["conninfo"], given["programs"], Path(given["revisions"]), Path(given["dumps"])) + "\n"
    )
