"""What managers do with the pictures of a service: see them, add one, take one away."""

from uuid import UUID

from clinicdesk.domain.pictures import clean_picture
from clinicdesk.errors import InvalidField, NotFound
from clinicdesk.storage import ledger
from clinicdesk.storage import service_images as rows
from clinicdesk.usecases.clinic import Clinic, new_id

MOST = 6


def images(clinic: Clinic, service_id: UUID) -> list[tuple[UUID, bytes]]:
    """The pictures of a service by their ids, in order."""
    with clinic.transaction() as tx:
        return rows.images(tx, clinic.id, service_id)


def add(clinic: Clinic, service_id: UUID, image: bytes, operation_id: UUID) -> UUID:
    """One more picture; its id. Raises InvalidField for what is no picture, too large, or one too many; NotAllowed."""
    clean_picture(image, "images")
    image_id = new_id()
    with clinic.transaction() as tx:
        done = ledger.claim(tx, operation_id, "add_image", image_id)
        if done:
            return done
        if len(rows.images(tx, clinic.id, service_id)) >= MOST:
            raise InvalidField("images", "too_many_pictures", str(MOST))
        rows.add(tx, clinic.id, service_id, image_id, image)
    return image_id


def remove(clinic: Clinic, image_id: UUID, operation_id: UUID) -> None:
    """Take a picture away. Raises NotFound when it is gone already, or NotAllowed."""
    with clinic.transaction() as tx:
        if not ledger.claim(tx, operation_id, "remove_image", image_id) and not rows.remove(tx, image_id):
            raise NotFound("settings", str(image_id))
