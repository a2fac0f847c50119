"""Answers to COMMIT that never come: one visit for each wish, and a desk that knows it."""

from PySide6.QtWidgets import QApplication

from tests.faults.lost_commits import book_over_a_bad_network
from tests.office import Office


def test_every_wish_is_one_visit_whatever_answers_are_lost(office: Office, qapp: QApplication) -> None:
    told = book_over_a_bad_network(office, 24, lose=0.4)
    assert told.lost >= 3, "nothing was tried"
    assert told.agrees, (told.rows, len(told.booked), told.refused)
