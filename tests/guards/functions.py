"""Every function pins its search path and is called by those it is granted to."""

from collections.abc import Iterator

from tests.guards.guard import Guard
from tests.guards.suites import CATALOGUE
from tests.storage.test_catalogue import CALLERS, DEFINERS, OTHERS


def guards() -> Iterator[Guard]:
    """All of them."""
    for name in (*DEFINERS, *OTHERS):
        test = f"{CATALOGUE}::test_a_function_pins_its_path_and_its_callers[{name}]"
        yield Guard(f"{name} pins its search path", f"ALTER FUNCTION clinicdesk.{name} RESET search_path", test)
        yield Guard(f"{name} is not everybody's", f"GRANT EXECUTE ON FUNCTION clinicdesk.{name} TO PUBLIC", test)
        if name not in CALLERS:
            grant = f"GRANT EXECUTE ON FUNCTION clinicdesk.{name} TO cd_reception"
            yield Guard(f"{name} is not reception's", grant, test)
