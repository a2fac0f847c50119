"""The set-up run again: over what somebody changed, over another release, and over a PostgreSQL that is not ours."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.server.figures import Figures
from tests.server.lan import Lan
from tests.server.root import DATABASE, SERVER, ServerRoot

_CHECK = ["/srv/clinicdesk/packaging/server/setup", "--check", "--language", "en"]
_REVISION = "/srv/clinicdesk/tests/migrations/20991001_0900_expand.py"


def run(folder: str = "/var/tmp/clinicdesk-repairs") -> int:
    """Spoil, check and repair; 0 when each was said and put right."""
    figures = Figures()
    with Lan("repairs") as lan:
        space = lan.join("server", SERVER)
        with ServerRoot.at(Path(folder)) as root:
            _not_ours(figures, root, space)
        with ServerRoot.at(Path(folder)) as root:
            root.set_up(space)
            root.start(space)
            figures.check("a server that was just set up is well", root.run(_CHECK, check=False).returncode == 0)
            for what, path, spoil in _SPOILT:
                _spoilt_and_repaired(figures, root, space, what, path, spoil)
            _other_release(figures, root)
    print("all of it held" if figures.good else "NOT all of it held")
    return 0 if figures.good else 1


def _append(path: Path) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write("host all all all trust\n")


_SPOILT: tuple[tuple[str, str, Callable[[Path], object]], ...] = (
    ("a row added to pg_hba.conf", "etc/clinicdesk/pg_hba.conf", _append),
    ("PostgreSQL's settings removed", "etc/postgresql/17/main/conf.d/clinicdesk.conf", Path.unlink),
    ("the program damaged", "opt/clinicdesk/program/clinicdesk/words.py", _append),
    ("the log's folder opened", "var/log/clinicdesk", lambda path: path.chmod(0o777)),
    ("the unit's file removed", "etc/systemd/system/clinicdesk-server.service", Path.unlink),
)


def _spoilt_and_repaired(
    figures: Figures, root: ServerRoot, space: str, what: str, path: str, spoil: Callable[[Path], object]
) -> None:
    spoil(root.folder / path)
    seen = root.run(_CHECK, check=False)
    figures.check(f"{what}: said", seen.returncode == 1 and "differ; run the set-up" in seen.stdout)
    root.set_up(space, "--language", "en")
    well = root.run(_CHECK, check=False)
    figures.check(f"{what}: put right", "nothing was changed" not in root.output and well.returncode == 0)


def _other_release(figures: Figures, root: ServerRoot) -> None:
    """The database of an older release is copied by the server's own pg_dump and brought along."""
    program = root.folder / "opt/clinicdesk/program/migrations/versions"
    (program / Path(_REVISION).name).write_bytes((root.folder / _REVISION[1:]).read_bytes())
    done = root.run(["clinicdesk-server", "--language", "en", "upgrade"])
    copies = list((root.folder / "var/backups/clinicdesk").glob(f"{DATABASE}-*.dump"))
    figures.check("another release: copied, then brought along", "A copy of the database" in done.stdout)
    figures.check("the copy is whole and closed", len(copies) == 1 and copies[0].stat().st_mode & 0o777 == 0o600)
    again = root.run(["clinicdesk-server", "--language", "en", "upgrade"])
    figures.check("and only once", again.stdout.strip() == "The database is of this release.")


def _not_ours(figures: Figures, root: ServerRoot, space: str) -> None:
    """A PostgreSQL with somebody's data and no checksums stays as it is."""
    root.enter(space)
    root.run(["pg_ctlcluster", "17", "main", "start"])
    root.psql("CREATE DATABASE theirs", "postgres")
    root.psql("CREATE TABLE kept AS SELECT 47 AS x", "theirs")
    root.run(["pg_ctlcluster", "17", "main", "stop"])
    data = root.folder / "var/lib/postgresql/17/main"
    before = _digest(data)
    refused = root.set_up(space, "--address", SERVER, "--language", "en", check=False)
    figures.check("somebody else's data: refused in words", refused.returncode == 1 and "holds data" in root.output)
    figures.check("and not a byte of it changed", _digest(data) == before)


def _digest(folder: Path) -> str:
    command = f"find {folder} -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum"
    return subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True).stdout
