"""Views of the agenda: kept under eight keys, one's own, in the clinic they were made in."""

from dataclasses import replace

import pytest

from clinicdesk.domain.agenda import Status
from clinicdesk.domain.saved_views import ColumnsBy, Mode, SavedView, Sieve, ViewSettings
from clinicdesk.errors import InvalidField
from clinicdesk.usecases import saved_views
from clinicdesk.usecases.clinic import new_id
from tests.office import Office


def view(position: int, name: str = "Manhã", **settings: object) -> SavedView:
    return SavedView(new_id(), position, name, ViewSettings(**settings))  # type: ignore[arg-type]


def test_a_view_is_there_at_every_desk_of_its_owner_and_at_no_other(office: Office) -> None:
    helena = office.sample.professionals["helena"]
    pending = Sieve(frozenset({None}), frozenset({Status.PENDING}), True)
    kept = view(3, mode=Mode.WEEK, columns_by=ColumnsBy.ROOM, professionals=(helena,), whose=helena, sieve=pending)
    renata = office.desk("renata")
    assert saved_views.keep(renata, kept) == (kept,)
    assert saved_views.views(office.desk("renata", desk="mesa 2")) == (kept,)
    assert saved_views.views(office.desk("otavio")) == ()
    claudia = office.desk("claudia")
    other = claudia.in_clinic(office.sample.clinics["jacaranda"])
    saved_views.keep(claudia, view(1))
    assert saved_views.views(other) == ()
    assert saved_views.keep(other, view(1))[0].position == 1
    assert len(saved_views.views(claudia)) == 1


def test_a_key_keeps_one_view_and_a_view_can_change_its_name_and_key(office: Office) -> None:
    renata = office.desk("renata")
    first, second = view(1), view(2, "Tarde")
    saved_views.keep(renata, first)
    saved_views.keep(renata, second)
    moved = replace(first, position=2, name="  De manhã ")
    assert saved_views.keep(renata, moved) == (replace(moved, name="De manhã"),)
    assert saved_views.keep(renata, moved) == saved_views.views(renata)
    assert saved_views.drop(renata, first.id) == saved_views.drop(renata, first.id) == ()
    assert saved_views.keep(renata, first) == (first,)


def test_a_key_or_a_name_there_is_none_of_is_refused(office: Office) -> None:
    renata = office.desk("renata")
    for wrong in (view(0), view(9), view(1, " "), view(1, "x" * 41)):
        with pytest.raises(InvalidField):
            saved_views.keep(renata, wrong)
    assert saved_views.views(renata) == ()
