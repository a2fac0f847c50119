"""The demo's desks as rows, with who was there last."""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from clinicdesk.domain.demo.desks import DESKS
from clinicdesk.storage import tables as t
from clinicdesk.storage.bulk import insert_rows


def load_desks(connection: Connection, moment: dt.datetime, ids: Mapping[str, UUID]) -> None:
    """Write the desks and the last session at each; `ids` are the people's, by login."""
    keys = [uuid7() for _each in DESKS]
    insert_rows(
        connection,
        t.desk,
        [
            {
                "id": key,
                "name": one.name,
                "serial": str(number),
                "expires_at": moment + one.ends_in,
                "enrolled_at": moment - one.joined,
                "enrolled_by": ids.get(one.let_in_by),
                "revoked_at": moment - one.shut_out if one.shut_out else None,
                "revoked_by": ids["claudia"] if one.shut_out else None,
            }
            for number, (key, one) in enumerate(zip(keys, DESKS, strict=True), start=1)
        ],
    )
    insert_rows(
        connection,
        t.desk_session,
        [
            {
                "id": uuid7(),
                "person_id": ids[one.last],
                "desk_id": key,
                "desk_name": one.name,
                "started_at": moment - one.seen - dt.timedelta(hours=2),
                "last_seen_at": moment - one.seen,
                "ended_at": moment - one.seen,
            }
            for key, one in zip(keys, DESKS, strict=True)
        ],
    )
