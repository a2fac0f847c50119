"""The steps of a message are the same here and in the database."""

import pytest

from clinicdesk.domain.messages import CARRIERS, MESSAGE_STEPS, ChannelKind, Event, MessageKind, MessageState, Provider
from tests.office import Office, value


@pytest.mark.parametrize("present", list(MessageState))
def test_the_steps_in_sql_are_those_of_the_domain(present: MessageState, rolled_back: Office) -> None:
    admin = rolled_back.admin()
    allowed = {
        wanted
        for wanted in MessageState
        if value(admin, "SELECT clinicdesk.message_step_allowed(%s, %s)", [present, wanted])
    }
    assert allowed == MESSAGE_STEPS[present]


def test_every_provider_carries_something_and_every_event_is_a_kind() -> None:
    assert set(CARRIERS) == set(ChannelKind)
    assert {one for carriers in CARRIERS.values() for one in carriers} == set(Provider)
    assert {one.value for one in Event} < {one.value for one in MessageKind}
