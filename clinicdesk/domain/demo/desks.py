"""The desks of the demo clinic: it is on one computer, and shows what the list of a clinic server looks like."""

import datetime as dt
from typing import NamedTuple


class DemoDesk(NamedTuple):
    """A desk by the logins of its people. Times are before the demo's moment."""

    name: str
    joined: dt.timedelta
    let_in_by: str  # empty: with a code from the server
    seen: dt.timedelta
    last: str  # who was there
    ends_in: dt.timedelta
    shut_out: dt.timedelta | None = None


_DAY = dt.timedelta(days=1)
DESKS = (
    DemoDesk("Recepção 1", 180 * _DAY, "", dt.timedelta(seconds=20), "renata", 185 * _DAY),
    DemoDesk("Recepção 2", 178 * _DAY, "claudia", dt.timedelta(hours=16, minutes=37), "paula", 187 * _DAY),
    DemoDesk("Consultório 1", 171 * _DAY, "claudia", dt.timedelta(minutes=24), "helena", 194 * _DAY),
    DemoDesk("Consultório 2", 171 * _DAY, "claudia", 12 * _DAY, "caio", 18 * _DAY),
    DemoDesk("Notebook da gerência", 150 * _DAY, "claudia", 23 * _DAY, "paula", 215 * _DAY, 22 * _DAY),
)
