"""Tags end to end: made, changed, taken away and brought back; put on patients and taken off."""

import pytest

from clinicdesk.domain.tags import AddTag, SaveTag, Tag, TagPatient
from clinicdesk.errors import ChangedElsewhere, InvalidField, NotAllowed, NotFound
from clinicdesk.usecases import tags
from clinicdesk.usecases.clinic import Clinic, new_id
from tests.office import Office


@pytest.fixture
def desk(rolled_back: Office) -> Clinic:
    return rolled_back.desk("renata")


def add(desk: Clinic, name: str, hue: int = 200) -> Tag:
    return tags.add(desk, AddTag(new_id(), name, hue))


def test_a_tag_is_made_once_changed_and_taken_away(desk: Clinic) -> None:
    command = AddTag(new_id(), "  Gestante ", 310)
    tag = tags.add(desk, command)
    assert tags.add(desk, command) == tag == Tag(tag.id, "Gestante", 310, 1)
    saved = tags.save(desk, SaveTag(new_id(), tag.id, 1, "Gestante 2º tri", 155))
    assert tags.tags(desk) == [saved]
    with pytest.raises(ChangedElsewhere):
        tags.save(desk, SaveTag(new_id(), tag.id, 1, "x", 155))
    with pytest.raises(NotFound):
        tags.save(desk, SaveTag(new_id(), new_id(), 1, "x", 155))
    tags.remove(desk, tag.id, saved.version)
    assert tags.tags(desk) == []


@pytest.mark.parametrize(("name", "hue"), [("", 200), ("x" * 41, 200), ("Perigo", 25), ("Azul", 360)])
def test_what_is_no_tag_is_said(name: str, hue: int, desk: Clinic) -> None:
    with pytest.raises(InvalidField):
        add(desk, name, hue)


def test_a_name_is_one_tags_alone(desk: Clinic) -> None:
    add(desk, "Pacote")
    with pytest.raises(InvalidField, match="taken"):
        add(desk, "Pacote")


def test_tags_are_put_on_and_taken_off_and_undone(desk: Clinic, rolled_back: Office) -> None:
    ana, bento = rolled_back.sample.patients["ana"], rolled_back.sample.patients["bento"]
    one, other = add(desk, "Convênio"), add(desk, "Atleta")
    both = TagPatient(ana, (one.id, other.id))
    assert tags.change(desk, both) == tags.change(desk, both) == (other, one)
    swap = TagPatient(bento, (one.id,), (other.id,))
    assert tags.change(desk, swap) == (one,)
    assert tags.change(desk, swap.back) == (other,)
    assert tags.counts(desk) == {one.id: 1, other.id: 2}
    removed = tags.remove(desk, other.id, other.version)
    assert (tags.of_patient(desk, ana), tags.of_patient(desk, bento)) == ((one,), ())
    assert tags.restore(desk, removed).name == "Atleta"
    assert [tag.name for tag in tags.of_patient(desk, bento)] == ["Atleta"]


def test_what_is_not_there_is_said(desk: Clinic, rolled_back: Office) -> None:
    tag = add(desk, "Convênio")
    with pytest.raises(NotFound, match="tag"):
        tags.change(desk, TagPatient(rolled_back.sample.patients["ana"], (new_id(),)))
    with pytest.raises(NotFound, match="patient"):
        tags.change(desk, TagPatient(new_id(), (tag.id,)))


def test_a_professional_uses_tags_and_makes_none(office: Office) -> None:
    tag = add(office.desk("renata"), "Convênio")
    helena = office.desk("helena")
    assert tags.change(helena, TagPatient(office.sample.patients["ana"], (tag.id,))) == (tag,)
    with pytest.raises(NotAllowed):
        add(helena, "Outra")
    with pytest.raises(NotAllowed):
        tags.save(helena, SaveTag(new_id(), tag.id, 1, "Outra", 155))
    with pytest.raises(NotAllowed):
        tags.remove(helena, tag.id, 1)
