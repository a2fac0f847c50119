"""A sign-in, from the password to the clinic's name, beside its parts."""

import statistics

from clinicdesk.keychain import WrappedUnder, unwrap_keys
from clinicdesk.storage.engine import open_engine
from clinicdesk.usecases import staff
from tests.benchmarks.figures import Figure, milliseconds, percentile
from tests.benchmarks.ground import RECEPTION, Ground

_TIMES, _MOST = 20, 600.0


def sign_in(ground: Ground) -> Figure:
    """Twenty sign-ins of one person; connecting and stretching the password are measured apart."""
    address, password = ground.demo.address, ground.password(RECEPTION)
    conninfo = ground.conninfo(RECEPTION)
    first = staff.sign_in(address, RECEPTION, password, "bench")
    first.clinic.close()

    def whole() -> None:
        staff.sign_in(address, RECEPTION, password, "bench").clinic.close()

    def connect() -> None:
        open_engine(conninfo, "bench")[0].dispose()

    def stretch() -> None:
        unwrap_keys([first.proof], WrappedUnder.PASSWORD, password)

    times = [(milliseconds(whole), milliseconds(connect), milliseconds(stretch)) for _each in range(_TIMES)]
    parts = [statistics.median(one) for one in zip(*times, strict=True)]
    return Figure(
        "sign-in, from the password to the clinic",
        f"≤ {_MOST:g} ms",
        parts[0] <= _MOST,
        parts[0],
        percentile([one[0] for one in times], 0.95),
        found=f"connecting and checking the server {parts[1]:.0f} ms, stretching the password {parts[2]:.0f} ms",
    )
