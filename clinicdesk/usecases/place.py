"""Where the clinic's data are: on this computer, or on a clinic server that this desk joined."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from clinicdesk.domain.desks import DeskCertificate, ServerAddress
from clinicdesk.settings import Settings
from clinicdesk.storage.server_link import server_conninfo
from clinicdesk.usecases import desk_files
from clinicdesk.usecases.local import Local, moved_to, open_folder


@dataclass(frozen=True)
class Place:
    """An opened place. `address` is how a person reaches the clinic's database, without user and password.

    On this computer there is `local`, at a server `server` and the desk's own `certificate`.
    """

    data_dir: Path
    address: Mapping[str, str] = field(repr=False)
    local: Local | None = None
    server: ServerAddress | None = None
    certificate: DeskCertificate | None = None

    @property
    def is_server(self) -> bool:
        """Whether the data are on a clinic server."""
        return self.server is not None

    def close(self) -> None:
        """Let go of it: on this computer the last one out stops the server, a clinic server never notices."""
        if self.local is not None:
            self.local.close()

    def __enter__(self) -> "Place":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


def server_of(settings: Settings) -> ServerAddress | None:
    """The clinic server that this desk joined; None when the data are on this computer."""
    if not settings.server_host:
        return None
    return ServerAddress(settings.server_host, settings.server_port, settings.server_database)


def joined(settings: Settings, address: ServerAddress | None, desk_name: str = "") -> Settings:
    """The settings of a desk that joined the server at `address`; None brings it back to this computer."""
    place = address or ServerAddress("")
    return dataclasses.replace(
        settings,
        server_host=place.host,
        server_port=place.port,
        server_database=place.database,
        desk_name=desk_name or settings.desk_name,
    )


def open_place(data_dir: Path, settings: Settings, *, must_exist: bool = True) -> Place:
    """Open the place that the settings name; a server is asked nothing yet, so one that is gone is no obstacle here.

    Raises DeskNotEnrolled for a server; DataFolderUnusable, BinariesMissing, ServerNotStarting or (`must_exist`)
    NoClinicHere or ClinicMoved on this computer.
    """
    server = server_of(settings)
    if server is None:
        if must_exist and (moved := moved_to(data_dir)):
            raise moved
        local = open_folder(data_dir, settings.postgres_binaries, must_exist=must_exist)
        return Place(data_dir, local.address, local=local)
    files = desk_files.files_of(data_dir)
    passphrase = desk_files.passphrase(data_dir)
    address = server_conninfo(server, str(files.authority), str(files.certificate), str(files.key), passphrase)
    return Place(data_dir, address, server=server, certificate=desk_files.certificate_of(data_dir))
