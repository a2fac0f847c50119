"""What a page of the settings asks of this computer, which the clinic's database knows nothing of."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from clinicdesk.domain.desks import DeskCode, ServerAddress
from clinicdesk.settings import Settings
from clinicdesk.usecases.checks import Check
from clinicdesk.usecases.clinic import Clinic
from clinicdesk.usecases.desks import Enrolled
from clinicdesk.usecases.moving import Moved, MoveProgress, Readiness

Told = Callable[[MoveProgress], None]


@dataclass(frozen=True)
class MoveDoors:
    """How the clinic of this computer is moved to a server, as a desk of that name: on a lane, but for `moved`."""

    ready: Callable[[], Readiness]
    look: Callable[[ServerAddress], float]
    enrol: Callable[[ServerAddress, DeskCode, str], Enrolled]
    move: Callable[[Enrolled, str, Told, threading.Event], tuple[Moved, Settings]]
    moved: Callable[[Settings], None]


@dataclass(frozen=True)
class Computer:
    """`examine` looks at everything, with somebody signed in; `moving` is None where there is nothing to move."""

    examine: Callable[[Clinic], list[Check]]
    moving: MoveDoors | None = None
