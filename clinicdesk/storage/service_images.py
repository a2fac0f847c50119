"""The pictures of services as rows, read for one service at a time because they are large."""

from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select

from clinicdesk.storage import tables as t

_I = t.service_image


def images(connection: Connection, clinic_id: UUID, service_id: UUID) -> list[tuple[UUID, bytes]]:
    """The pictures of a service, in order."""
    query = (
        select(_I.c.id, _I.c.image)
        .where(_I.c.clinic_id == clinic_id, _I.c.service_id == service_id)
        .order_by(_I.c.position, _I.c.id)
    )
    return [(row[0], bytes(row[1])) for row in connection.execute(query)]


def add(connection: Connection, clinic_id: UUID, service_id: UUID, image_id: UUID, image: bytes) -> None:
    """One more picture, last."""
    last = select(func.coalesce(func.max(_I.c.position) + 1, 0)).where(_I.c.service_id == service_id)
    position = connection.execute(last).scalar_one()
    row = {"id": image_id, "clinic_id": clinic_id, "service_id": service_id, "image": image, "position": position}
    connection.execute(insert(_I), row)


def remove(connection: Connection, image_id: UUID) -> bool:
    """Take a picture away; False when it is not there, or not this person's to take."""
    return connection.execute(delete(_I).where(_I.c.id == image_id)).rowcount == 1
