"""A clinic's server for real: a Debian root, PostgreSQL 17 over TLS, the unit, and desks in namespaces of their own.

It needs root, and debootstrap or a fresh Debian 13 root named by CLINICDESK_DEBIAN_ROOT. None of it is part of pytest.

    from tests.server import Lan, ServerRoot

    with Lan("faults") as lan, ServerRoot.at(Path("/var/tmp/faults-root")) as root:
        lan.join("server", SERVER)                     # a namespace with an address, plugged into the clinic's switch
        root.set_up(lan.namespace("server"))           # packaging/server/setup; `root.output` is what it said
        with root.running(lan.namespace("server")):    # PostgreSQL and the unit at work
            desk = lan.join("desk1", "10.77.0.11")
            code = root.code()                         # of sixteen letters, as clinicdesk-server code prints it
            with entered(desk):                        # this thread's connections come from the desk
                ...                                    # the desk's own code, against SERVER, database DATABASE
            lan.unplug("desk1"); lan.plug("desk1")

What comes from the network is fetched once, into /var/tmp/clinicdesk-root, and laid under each root by an overlay.
`python -m tests.server root DIR` makes a root and keeps it running until Enter.
"""

from tests.server.lan import Lan, entered, run_in
from tests.server.root import DATABASE, SERVER, ServerRoot

__all__ = ["DATABASE", "SERVER", "Lan", "ServerRoot", "entered", "run_in"]
