"""What constraints and unique indexes refuse."""

from collections.abc import Iterator

from tests.guards.guard import Guard, dropped
from tests.guards.suites import CONSTRAINTS, OVERLAP
from tests.storage.test_constraints import BROKEN, CHECKS, FOREIGN_KEYS, UNIQUE

_OVERBOOKED = "test_overbooking_exempts_the_professional_and_no_room"


def guards() -> Iterator[Guard]:
    """All of them."""
    for name in BROKEN:
        yield Guard(f"check {name}", dropped(CHECKS[name].name, name), f"{CONSTRAINTS}::test_a_check_refuses[{name}]")
    for name, (table, _constraint) in FOREIGN_KEYS.items():
        test = f"{CONSTRAINTS}::test_a_foreign_key_refuses[{name}]"
        yield Guard(f"foreign key {name}", dropped(table.name, name), test)
    for name, table in UNIQUE.items():
        yield Guard(f"key {name}", dropped(table.name, name), f"{CONSTRAINTS}::test_a_key_refuses_a_second_row[{name}]")
    index = "DROP INDEX clinicdesk.patient_cpf_index"
    yield Guard("unique index patient_cpf_index", index, f"{CONSTRAINTS}::test_a_cpf_belongs_to_one_patient")
    exclusion = dropped("resource_hold", "resource_hold_no_overlap")
    yield Guard("exclusion resource_hold_no_overlap", exclusion, f"{OVERLAP}::test_one_of_many_gets_the_slot")
    exempt = (
        exclusion + "; ALTER TABLE clinicdesk.resource_hold ADD CONSTRAINT resource_hold_no_overlap"
        " EXCLUDE USING gist (resource_id WITH =, during WITH &&)"
    )
    yield Guard("the exclusion lets an overbooked professional pass", exempt, f"{OVERLAP}::{_OVERBOOKED}")
