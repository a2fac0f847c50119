"""Who watches over sync sees numbers and ids, and nothing of anybody."""

from collections.abc import Iterator

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from clinicdesk.usecases import upkeep
from clinicdesk.usecases.clinic import new_id
from sync.gateway.figures import Figures
from sync.gateway.serving import NotOnLoopback, PortTaken, serve
from sync.gateway.standing import Gateway
from sync.gateway.watch import watch_app
from tests.office import Office
from tests.sync.gateway import knocking
from tests.sync.ground import Ground, uncommitted


@pytest.fixture
def ground(rolled_back: Office) -> Iterator[Ground]:
    with uncommitted(rolled_back) as laid:
        yield laid


@pytest.fixture
def gateway(ground: Ground) -> Iterator[Gateway]:
    made = Gateway(ground.sync, ground.open, port=0)
    assert made.stand() == 1
    assert made.stand() == 0
    yield made
    made.close()


def at(gateway: Gateway, path: str) -> httpx.Response:
    assert gateway.watch is not None
    return httpx.get(f"http://127.0.0.1:{gateway.watch.port}{path}")


def metrics(gateway: Gateway) -> dict[tuple[str, tuple[str, ...]], float]:
    """Every sample by its name and the values of its labels."""
    families = text_string_to_metric_families(at(gateway, "/metrics").text)
    return {(one.name, tuple(one.labels.values())): one.value for family in families for one in family.samples}


def test_a_delivery_is_seen_in_the_numbers_and_nobodys_name(ground: Ground, gateway: Gateway) -> None:
    channel = ground.channel("meta", secrets={"app_secret": knocking.SECRET})
    assert gateway.hooks is not None
    where = f"http://127.0.0.1:{gateway.hooks.port}"
    for headers in (knocking.meta(b"{}"), knocking.meta(b"{}"), {}):
        httpx.post(where + channel.path, content=b"{}", headers=headers)
    found, key = metrics(gateway), str(channel.id)
    assert found["clinicdesk_webhooks_total", (key, "no")] == found["clinicdesk_webhooks_total", (key, "yes")] == 1
    assert found["clinicdesk_webhooks_refused_total", (key, "signature")] == 1
    assert found["clinicdesk_webhook_seconds_count", ()] == 3
    assert found["clinicdesk_receipts_unread", ()] == found["clinicdesk_jobs", ("receipts", "due")] == 1
    assert found["clinicdesk_database_up", ()] == 1
    told = at(gateway, "/metrics").text + at(gateway, "/health").text + at(gateway, "/schedule").text
    assert not any(word in told for word in ("Cláudia", "Ana", "Ipê", channel.hook_key, "postgres", "password"))


def test_health_says_whether_anybody_is_at_work(ground: Ground, gateway: Gateway) -> None:
    answer = at(gateway, "/health")
    assert (answer.status_code, answer.json()["ok"], answer.json()["database"]) == (503, False, True)
    process = new_id()
    upkeep.begin_process(ground.sync, process, "servidor", "0.1.0")
    upkeep.beat(ground.sync, process, {"requeue_messages": {"at": "2035-03-06T12:00:00+00:00", "done": 0}})
    answer = at(gateway, "/health")
    assert (answer.status_code, answer.json()["ok"]) == (200, True)
    (told,) = at(gateway, "/schedule").json()["processes"]
    assert (told["id"], told["alive"]) == (str(process), True)
    assert told["status"]["requeue_messages"]["done"] == 0


def test_without_the_database_the_pages_say_so_and_a_provider_is_asked_to_come_again(
    ground: Ground, gateway: Gateway
) -> None:
    channel = ground.channel("meta", secrets={"app_secret": knocking.SECRET})
    ground.sync._line.lost = True
    assert gateway.hooks is not None
    where = f"http://127.0.0.1:{gateway.hooks.port}{channel.path}"
    assert httpx.post(where, content=b"{}", headers=knocking.meta(b"{}")).status_code == 503
    assert httpx.get(where).status_code == 503
    assert at(gateway, "/health").status_code == at(gateway, "/schedule").status_code == 503
    assert metrics(gateway)["clinicdesk_database_up", ()] == 0
    ground.sync._line.lost = False
    assert httpx.post(where, content=b"{}", headers=knocking.meta(b"{}")).status_code == 200


def test_what_is_forwarded_to_patients_providers_shows_none_of_it(gateway: Gateway) -> None:
    assert gateway.hooks is not None
    for path in ("/health", "/metrics", "/schedule", "/", "/docs"):
        assert httpx.get(f"http://127.0.0.1:{gateway.hooks.port}{path}").status_code == 404


def test_a_second_process_of_this_computer_waits_for_the_port(ground: Ground) -> None:
    app = watch_app(ground.sync, Figures())
    with serve(app, port=0) as where:
        with pytest.raises(PortTaken), serve(app, port=where.port):
            pass
        second = Gateway(ground.sync, ground.open, port=where.port)
        assert second.stand() == 0
    assert second.stand() == 1
    second.close()
    with pytest.raises(NotOnLoopback), serve(app, host="0.0.0.0", port=0):
        pass
