"""The keyring emptied, changed or gone between two starts of a desk: `python -m tests.faults.lost_keyring`.

A real Secret Service on a bus of its own (`dbus-run-session`, `gnome-keyring-daemon`), in a home of its own. Each look
is a process of its own, as each start of a desk is: it opens the key of the desk's certificate, or says why not.
"""

import datetime as dt
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from clinicdesk import words
from clinicdesk.desk.wording import sentence
from clinicdesk.errors import DeskNotEnrolled
from clinicdesk.keychain import Keychain
from clinicdesk.usecases import desk_files

_PROGRAMS = ("dbus-run-session", "gnome-keyring-daemon")
_ANOTHER = ["keep", "another passphrase of the desk"]


def main(arguments: list[str]) -> int:
    """Take the keyring away in each way; 0 when each start said what it had to."""
    if arguments:
        return _start(Path(arguments[0]), arguments[1:])
    missing = [name for name in _PROGRAMS if shutil.which(name) is None]
    if missing:
        sys.stderr.write(f"This needs {' and '.join(missing)}.\n")
        return 2
    with tempfile.TemporaryDirectory(prefix="clinicdesk-keyring-") as name:
        home = Path(name)
        looks = [
            ("enrolled", _look(home, "enrol"), "keyring"),
            ("started again", _look(home, "open"), "opened"),
            ("another passphrase in the keyring", _look(home, *_ANOTHER), "keyring"),
            ("started with it", _look(home, "open"), "no_key"),
            ("enrolled again", _look(home, "enrol"), "keyring"),
            ("started again", _look(home, "open"), "opened"),
            ("the keyring emptied", _empty(home), ""),
            ("started with it", _look(home, "open"), "no_key"),
            ("enrolled again", _look(home, "enrol"), "keyring"),
            ("no Secret Service at all", _look(home, "open", bus=False), "no_key"),
            ("enrolled without one, kept in a file", _look(home, "enrol", bus=False), "file"),
            ("started without one", _look(home, "open", bus=False), "opened"),
        ]
    for what, found, wanted in looks:
        print(f"{'ok    ' if found.startswith(wanted) else 'NOT OK'} {what}: {found}")
    return 0 if all(found.startswith(wanted) for _what, found, wanted in looks) else 1


def _look(home: Path, *deed: str, bus: bool = True) -> str:
    """One start of a program in this home, with or without a Secret Service; what it says."""
    program = [sys.executable, "-m", "tests.faults.lost_keyring", str(home / "desk"), *deed]
    unlock = "printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1"
    unlocked = f"{unlock}; exec {shlex.join(program)}"
    command = ["dbus-run-session", "--", "sh", "-c", unlocked] if bus else program
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("DBUS_", "XDG_", "DISPLAY"))
    }
    environment |= {"HOME": str(home), "XDG_RUNTIME_DIR": str(home)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else f"ended with {done.returncode}"


def _empty(home: Path) -> str:
    """What somebody does who resets a forgotten keyring."""
    shutil.rmtree(home / ".local/share/keyrings")
    return "its files removed"


def _start(data_dir: Path, deed: list[str]) -> int:
    """What one start does, within the bus."""
    words.use_language("pt_BR")
    data_dir.mkdir(exist_ok=True)
    if deed[0] == "enrol":
        key = desk_files.new_key("Balcão")
        desk_files.keep(data_dir, key, *_signed(key))
        print(Keychain(data_dir).where())
    elif deed[0] == "keep":
        print(Keychain(data_dir).keep_secret(desk_files.KEY_SECRET, deed[1]))
    else:
        try:
            desk_files.passphrase(data_dir)
            print("opened")
        except DeskNotEnrolled as fact:
            print(f"{fact.reason}: “{sentence(fact)}”")
    return 0


def _signed(key: desk_files.NewKey) -> tuple[str, str]:
    """A certificate for the key, and the authority that signed it."""
    own, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority")])
    request = x509.load_pem_x509_csr(key.request.encode())

    def made(subject: x509.Name, public: object) -> str:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(name).public_key(public)  # type: ignore[arg-type]
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now)
        signed = builder.not_valid_after(now + dt.timedelta(days=30)).sign(own, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.PEM).decode()

    return made(request.subject, request.public_key()), made(name, own.public_key())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
