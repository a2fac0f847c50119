"""The process that sends as a program of its own, over a database of a test: `python -m tests.sync.process.program`.

Its arguments are the folder of the server, the folder of its own files, the database, --with-desk to end with its
input, and --gateway-port N to listen there for providers.
"""

import sys
from pathlib import Path

from clinicdesk.storage.cluster import Cluster
from clinicdesk.usecases.local import Local
from clinicdesk.usecases.sync_account import sign_in_here
from sync.at_work import put_together
from sync.cli import logging_in, told_to_stop


def main(arguments: list[str]) -> int:
    """Work until told to stop; says “ready” as its workers begin."""
    server, folder, database = Path(arguments[0]), Path(arguments[1]), arguments[2]
    port = int(arguments[arguments.index("--gateway-port") + 1]) if "--gateway-port" in arguments else None
    stopping = told_to_stop(with_desk="--with-desk" in arguments)
    with (
        logging_in(folder),
        Cluster.open(server) as cluster,
        sign_in_here(Local(folder, cluster, database)) as account,
        put_together(account, stopping, gateway_port=port) as process,
    ):
        print("ready", flush=True)
        process.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
