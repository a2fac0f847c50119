"""What the demo clinic adds to its register, as rows."""

from sqlalchemy import Connection

from clinicdesk.domain.demo.register import DemoRegister
from clinicdesk.domain.segments import write_definition
from clinicdesk.storage import tables as t
from clinicdesk.storage.bulk import insert_rows


def load_fields(connection: Connection, register: DemoRegister) -> None:
    """Write fields, tags and segments, and which patient has which tag. Needs the patients to be there."""
    insert_rows(
        connection,
        t.custom_field,
        [
            {
                "id": one.id,
                "entity": one.entity,
                "name": one.name,
                "kind": one.kind,
                "choices": list(one.choices),
                "position": one.position,
            }
            for one in register.fields
        ],
    )
    insert_rows(connection, t.tag, [{"id": one.id, "name": one.name, "hue": one.hue} for one in register.tags])
    pairs = [{"patient_id": patient, "tag_id": tag} for patient, tag in register.tagged]
    insert_rows(connection, t.patient_tag, pairs)
    kept = [(one, one.definition) for one in register.segments if one.definition]
    rows = [{"id": one.id, "name": one.name, "definition": write_definition(found)} for one, found in kept]
    insert_rows(connection, t.segment, rows)
