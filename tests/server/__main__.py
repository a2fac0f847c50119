"""`python -m tests.server journey`: from a clean Debian to two desks at work, with figures; 1 when something failed.

`python -m tests.server move [PATIENTS VISITS]` brings a clinic from one computer to such a server, and signs in there.
`python -m tests.server trust`: certificates that lie, ran out or are missing, and somebody in between.
`python -m tests.server guesses [HOW MANY]`: ten thousand wrong passwords from an enrolled desk.
`python -m tests.server repairs`: the set-up run again, over what somebody changed and over another release.
`python -m tests.server sending`: the process that sends, beside the server.
`python -m tests.server tls`: what encryption costs the day at a desk.
`python -m tests.server root DIR` sets a server up in that folder and keeps it running until Enter.

It needs root; `tests/server/__init__.py` tells what else.
"""

import sys
import time
from pathlib import Path

from clinicdesk import words
from tests.server import SERVER, Lan, ServerRoot, guesses, journey, move, repairs, sending, tls_cost, trust


def make_root(folder: str) -> int:
    """Set a server up and keep it running."""
    began = time.monotonic()
    with Lan("root") as lan, ServerRoot.at(Path(folder)) as root:
        space = lan.join("server", SERVER)
        root.set_up(space)
        print(root.output)
        with root.running(space):
            print(root.run(["clinicdesk-server", "check"], check=False).stdout)
            print(f"set up and at work after {time.monotonic() - began:.1f} s; namespace {space}")
            sys.stdin.readline()
    return 0


COMMANDS = {
    "root": make_root,
    "journey": journey.run,
    "move": move.run,
    "trust": trust.run,
    "repairs": repairs.run,
    "sending": sending.run,
    "tls": tls_cost.run,
    "guesses": guesses.run,
}


def main(arguments: list[str]) -> int:
    """Do what is named; 0 when all went as it should."""
    words.use_language("en")
    if not arguments or arguments[0] not in COMMANDS:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    return COMMANDS[arguments[0]](*arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
