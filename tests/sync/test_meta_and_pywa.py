"""Meta's interface as an independent client speaks it: pywa posts the same, the fake takes it, the codes are known."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pywa import WhatsApp, errors
from pywa.types import Button as PywaButton
from pywa.types.templates import BodyText, QuickReplyButton, TemplateLanguage

from clinicdesk.domain.messages import Provider
from clinicdesk.domain.provider_codes import META
from sync.carrier import Carrier, Verdict
from tests.sync.carrying import ANSWERS, ATTEMPT, TEMPLATE, WHATSAPP, carrying, parcel
from tests.sync.fakes.meta import FakeMeta, graph_error
from tests.sync.fakes.server import Fault


@pytest.fixture
def meta() -> Iterator[FakeMeta]:
    with FakeMeta.open() as fake:
        yield fake


@pytest.fixture
def carrier(meta: FakeMeta) -> Iterator[Carrier]:
    with carrying(WHATSAPP, Provider.META, meta.address, meta.settings, meta.secrets) as made:
        yield made


@pytest.fixture
def pywa(meta: FakeMeta) -> Iterator[WhatsApp]:
    with httpx.Client() as session:
        client = WhatsApp(phone_id=meta.phone_number_id, token=meta.token, session=session, server=None)
        session.base_url = httpx.URL(f"{meta.address}/v26.0")
        yield client


def posted(meta: FakeMeta) -> list[dict[str, Any]]:
    """What was posted. Meta takes an index as a number or a text, and the names of components in any case."""
    messages = [sent.message for sent in meta.sent]
    for message in messages:
        for component in message.get("template", {}).get("components", []):
            component |= {
                name: str(component[name]).lower() for name in ("type", "sub_type", "index") if name in component
            }
    return messages


def test_a_text_is_posted_as_pywa_posts_it(meta: FakeMeta, carrier: Carrier, pywa: WhatsApp) -> None:
    carrier.send(parcel(WHATSAPP, "Até amanhã!", quoted_id="wamid.IN1"))
    pywa.send_message("5531987654321", "Até amanhã!", reply_to_message_id="wamid.IN1", tracker=str(ATTEMPT))
    ours, theirs = posted(meta)
    assert ours == theirs


def test_buttons_in_the_window_are_posted_as_pywa_posts_them(meta: FakeMeta, carrier: Carrier, pywa: WhatsApp) -> None:
    carrier.send(parcel(WHATSAPP, "Confirma?", buttons=ANSWERS))
    buttons = [PywaButton(each.label, each.payload) for each in ANSWERS]
    pywa.send_message("5531987654321", "Confirma?", buttons=buttons, tracker=str(ATTEMPT))
    ours, theirs = posted(meta)
    assert ours == theirs


def test_a_template_is_posted_as_pywa_posts_it(meta: FakeMeta, carrier: Carrier, pywa: WhatsApp) -> None:
    carrier.send(parcel(WHATSAPP, in_window=False, template=TEMPLATE, buttons=ANSWERS))
    params = [BodyText("{{1}} {{2}}", "a", "b").params(*TEMPLATE.values)]
    params += [QuickReplyButton.params(callback_data=each.payload, index=i) for i, each in enumerate(ANSWERS)]
    pywa.send_template("5531987654321", TEMPLATE.name, TemplateLanguage.PORTUGUESE_BR, params, tracker=str(ATTEMPT))
    ours, theirs = posted(meta)
    assert ours == theirs


def test_files_travel_as_pywa_brings_them(meta: FakeMeta, carrier: Carrier, pywa: WhatsApp) -> None:
    uploaded = pywa.upload_media(b"\x89PNG\r\n", mime_type="image/png", filename="mapa.png")
    assert carrier.fetch(uploaded.id).content == b"\x89PNG\r\n"


# By pywa's names: what each class of refusals has to lead to. Whatever stands in no class is not sent by us.
CLASSES = {
    errors.ThrottlingError: {Verdict.RETRY, Verdict.PAUSE_CHANNEL},
    errors.AuthorizationError: {Verdict.PAUSE_CHANNEL},
    errors.IntegrityError: {Verdict.PAUSE_CHANNEL},
    errors.SendMessageError: set(Verdict) - {Verdict.UNKNOWN},
}
NOT_OURS = {133016, 131044, 131064}  # registering a number, calls


def test_every_code_that_pywa_knows_of_sending_has_a_meaning() -> None:
    for group, verdicts in CLASSES.items():
        for kind in group.__subclasses__():
            for code in kind.__error_codes__ or ():
                if code in NOT_OURS and code not in META:
                    continue
                assert code in META, (code, kind.__name__)
                assert META[code][0] in verdicts, (code, kind.__name__)


@pytest.mark.parametrize("code", sorted(META))
def test_no_code_is_made_up(code: int) -> None:
    named = errors.WhatsAppError._get_exception(code)
    graphs_own = {1, 2, 100, 132018, 133010}  # of Graph at large, and two that pywa has no name for
    assert named is not errors.WhatsAppError or code in graphs_own


def test_the_fakes_refusals_are_read_by_pywa(meta: FakeMeta, pywa: WhatsApp) -> None:
    meta.strict_window = True
    with pytest.raises(errors.ReEngagementMessage):
        pywa.send_message("5531987654321", "Olá")
    meta.fail_next(Fault(graph_error(400, 131056, "Pair rate limit hit")))
    with pytest.raises(errors.TooManyMessages):
        pywa.send_message("5531987654321", "Olá")
    meta.token = "another"
    with pytest.raises(errors.ExpiredAccessToken):
        pywa.send_message("5531987654321", "Olá")
