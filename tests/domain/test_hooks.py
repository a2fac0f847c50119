"""Words ask for an answer only where one can arrive."""

import pytest

from clinicdesk.domain.hooks import WAYS_IN, Receives, can_receive, hook_address, proposed_way_in
from clinicdesk.domain.messages import Provider

PUBLIC = "https://recepcao.example"


@pytest.mark.parametrize("provider", list(Provider))
def test_replies_arrive_where_the_provider_reaches_the_clinic_or_is_asked(provider: Provider) -> None:
    replies = provider not in (Provider.SMTP, Provider.SENDGRID)
    assert can_receive(provider, Receives.WEBHOOK, PUBLIC) is replies
    assert can_receive(provider, Receives.WEBHOOK, "") is False
    assert can_receive(provider, Receives.POLL, "") is (provider is Provider.TWILIO)
    assert can_receive(provider, Receives.NOTHING, PUBLIC) is False


def test_the_best_way_in_is_proposed() -> None:
    assert set(WAYS_IN) == set(Provider)
    assert proposed_way_in(Provider.TWILIO, PUBLIC) is Receives.WEBHOOK
    assert proposed_way_in(Provider.TWILIO, "") is Receives.POLL
    assert proposed_way_in(Provider.META, "") is Receives.NOTHING
    assert proposed_way_in(Provider.SMTP, PUBLIC) is Receives.NOTHING


def test_the_address_for_the_panel() -> None:
    assert hook_address(PUBLIC + "/", "abc") == f"{PUBLIC}/hooks/abc"
    assert hook_address("", "abc") == ""
