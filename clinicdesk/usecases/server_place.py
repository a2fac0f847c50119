"""Where a clinic's server keeps what its unit works with, read from one file that the set-up writes."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CONFIG = Path("/etc/clinicdesk/server.json")
DESK_CONNECTIONS = 8  # what one desk may hold at once, with its feeds
SPARE_CONNECTIONS = 40  # the unit, what sends, copies, whoever repairs


@dataclass(frozen=True)
class ServerPlace:
    """The server's names, its database, and the folders of its unit."""

    names: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    database: str = "clinicdesk"
    port: int = 5432
    desks: int = 10
    language: str = "pt_BR"
    socket: str = "/var/run/postgresql"
    settings: Path = Path("/etc/clinicdesk")
    home: Path = Path("/var/lib/clinicdesk-server")
    log_folder: Path = Path("/var/log/clinicdesk")
    backups: Path = Path("/var/backups/clinicdesk")
    programs: Path = Path("/usr/lib/postgresql/17/bin")

    @property
    def authority(self) -> Path:
        """The folder of the key that signs; the unit's account alone enters it."""
        return self.home / "authority"

    @property
    def tls(self) -> Path:
        """The folder of what PostgreSQL reads: certificates and the list of revoked ones."""
        return self.home / "tls"

    @property
    def authority_certificate(self) -> Path:
        """What every desk pins."""
        return self.tls / "ca.crt"

    @property
    def server_certificate(self) -> Path:
        """What the server shows."""
        return self.tls / "server.crt"

    @property
    def revoked(self) -> Path:
        """The desks that may not come in any more."""
        return self.tls / "revoked.crl"

    @property
    def public_key(self) -> Path:
        """The public half of the server's key; the other half is PostgreSQL's alone."""
        return self.settings / "server.pub"

    @property
    def position_file(self) -> Path:
        """How far the log was read."""
        return self.home / "log-position.json"

    @property
    def beat_file(self) -> Path:
        """When the unit was last at work."""
        return self.home / "last-beat"

    @property
    def conninfo(self) -> dict[str, str]:
        """How the unit reaches the database."""
        return {"host": self.socket, "port": str(self.port), "dbname": self.database, "user": "cd_guard"}

    @property
    def admin(self) -> dict[str, str]:
        """How the account of PostgreSQL itself reaches the server."""
        return {"host": self.socket, "port": str(self.port), "dbname": "postgres", "user": "postgres"}

    @property
    def connections(self) -> int:
        """How many connections the server has to allow."""
        return self.desks * DESK_CONNECTIONS + SPARE_CONNECTIONS


def load_place(path: Path = CONFIG) -> ServerPlace:
    """What the set-up wrote. Raises OSError where there is none, ValueError where it makes no sense."""
    stored: Any = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(stored, dict):
        raise ValueError(path)
    usual = ServerPlace()
    return ServerPlace(
        names=tuple(str(one) for one in stored.get("names", ())),
        addresses=tuple(str(one) for one in stored.get("addresses", ())),
        database=str(stored.get("database", usual.database)),
        port=int(stored.get("port", usual.port)),
        desks=int(stored.get("desks", usual.desks)),
        language=str(stored.get("language", usual.language)),
        settings=path.parent,
    )
