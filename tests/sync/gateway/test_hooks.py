"""Providers knock: what is theirs is kept once, and nothing else is."""

import datetime as dt
import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from twilio.request_validator import RequestValidator

from clinicdesk.domain.hooks import LARGEST_BODY
from sync.gateway.app import hooks_app
from sync.gateway.door import Door, opener
from sync.gateway.figures import Figures
from sync.gateway.limits import Buckets
from sync.gateway.serving import serve
from tests.office import Office
from tests.sync.gateway import knocking
from tests.sync.gateway.knocking import SECRET, as_json
from tests.sync.ground import PUBLIC_ADDRESS, Ground, LaidChannel, uncommitted

BODY = as_json({"object": "whatsapp_business_account", "entry": []})


@pytest.fixture
def ground(rolled_back: Office) -> Iterator[Ground]:
    with uncommitted(rolled_back) as laid:
        yield laid


@pytest.fixture
def door(ground: Ground) -> Door:
    return Door(ground.sync, opener(ground.open), Figures())


class Switch:
    """Stands where a door stands, and is each test's own: one gateway serves all of them."""

    door: Door

    def __getattr__(self, name: str) -> object:
        return getattr(self.door, name)


@pytest.fixture(scope="module")
def gateway() -> Iterator[tuple[Switch, httpx.Client]]:
    switch: Any = Switch()
    with serve(hooks_app(switch), port=0) as where, httpx.Client(base_url=f"http://127.0.0.1:{where.port}") as client:
        yield switch, client


@pytest.fixture
def web(gateway: tuple[Switch, httpx.Client], door: Door) -> httpx.Client:
    gateway[0].door = door
    return gateway[1]


@pytest.fixture
def meta(ground: Ground) -> LaidChannel:
    return ground.channel("meta", secrets={"app_secret": SECRET})


def kept(ground: Ground, channel: LaidChannel) -> int:
    return int(ground.count("SELECT count(*) FROM clinicdesk.webhook_receipt WHERE channel_id = %s", channel.id))


# --- whose it is -----------------------------------------------------------------------------------------------------


def test_what_meta_signed_is_kept_word_for_word_and_a_job_is_queued(
    web: httpx.Client, ground: Ground, meta: LaidChannel
) -> None:
    answer = web.post(meta.path, content=BODY, headers=knocking.meta(BODY) | {"Content-Type": "application/json"})
    assert (answer.status_code, answer.content) == (200, b"")
    statement = "SELECT body FROM clinicdesk.webhook_receipt WHERE channel_id = %s"
    assert bytes(ground.count(statement, meta.id)) == BODY
    statement = "SELECT clinic_id FROM clinicdesk.webhook_receipt WHERE channel_id = %s"
    assert ground.count(statement, meta.id) == meta.clinic_id
    queued = "SELECT count(*) FROM queue.procrastinate_jobs j JOIN clinicdesk.webhook_receipt r"
    queued += " ON j.args ->> 'row_id' = r.id::text WHERE j.task_name = 'read_receipt' AND r.channel_id = %s"
    assert ground.count(queued, meta.id) == 1


def test_a_repeat_is_answered_and_kept_once(web: httpx.Client, ground: Ground, meta: LaidChannel) -> None:
    answers = [web.post(meta.path, content=BODY, headers=knocking.meta(BODY)).status_code for _ in range(16)]
    assert answers == [200] * 16
    assert kept(ground, meta) == 1


@pytest.mark.parametrize("key", ["0" * 64, "x", "A" * 64, "%00" * 20, "..%2f..%2fhealth"])
def test_an_address_nobody_has_is_not_there_and_says_nothing_more(web: httpx.Client, key: str) -> None:
    for answer in (web.post(f"/hooks/{key}", content=BODY, headers=knocking.meta(BODY)), web.get(f"/hooks/{key}")):
        assert answer.status_code == 404
        assert answer.content in (b"", b"Not Found")


def test_a_channel_that_was_removed_is_not_there_any_more(web: httpx.Client, ground: Ground, meta: LaidChannel) -> None:
    assert web.post(meta.path, content=BODY, headers=knocking.meta(BODY)).status_code == 200
    with ground.laying() as admin:
        admin.execute("DELETE FROM clinicdesk.webhook_receipt WHERE channel_id = %s", [meta.id])
        admin.execute("DELETE FROM clinicdesk.message_channel WHERE id = %s", [meta.id])
    for _again in range(2):
        assert web.post(meta.path, content=BODY, headers=knocking.meta(BODY)).status_code == 404


def test_the_secret_of_one_clinic_opens_no_door_of_another(
    web: httpx.Client, ground: Ground, meta: LaidChannel
) -> None:
    other = ground.channel("meta", secrets={"app_secret": "outro segredo"}, clinic="jacaranda")
    assert web.post(other.path, content=BODY, headers=knocking.meta(BODY)).status_code == 403
    assert kept(ground, other) == kept(ground, meta) == 0


# --- what proves it --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    ["", "sha256=", "sha256=" + "0" * 64, "sha1=abc", "é", knocking.meta(BODY + b" ")["X-Hub-Signature-256"],
     knocking.meta(BODY, "errado")["X-Hub-Signature-256"], knocking.meta(BODY)["X-Hub-Signature-256"].upper()],
)  # fmt: skip
def test_without_metas_signature_nothing_is_kept(
    web: httpx.Client, ground: Ground, meta: LaidChannel, header: str
) -> None:
    headers = {"X-Hub-Signature-256": header.encode()} if header else {}
    assert web.post(meta.path, content=BODY, headers=headers).status_code == 403
    assert kept(ground, meta) == 0


def test_a_channel_without_its_secret_believes_nobody(web: httpx.Client, ground: Ground) -> None:
    channel = ground.channel("meta")
    assert web.post(channel.path, content=BODY, headers=knocking.meta(BODY, "")).status_code == 403


def test_a_new_secret_counts_at_once(
    web: httpx.Client, ground: Ground, meta: LaidChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert web.post(meta.path, content=BODY, headers=knocking.meta(BODY)).status_code == 200
    ground.change_secret(meta, "app_secret", "segredo novo")
    later = time.monotonic() + 2
    monkeypatch.setattr("sync.gateway.door.time.monotonic", lambda: later)
    second = BODY + b" "
    assert web.post(meta.path, content=second, headers=knocking.meta(second, "segredo novo")).status_code == 200
    assert web.post(meta.path, content=BODY, headers=knocking.meta(BODY)).status_code == 403


def test_twilio_signs_with_the_address_that_patients_providers_see(web: httpx.Client, ground: Ground) -> None:
    channel = ground.channel("twilio", secrets={"auth_token": SECRET})
    fields = {"MessageSid": "SM1", "From": "whatsapp:+5531987654321", "Body": "1️⃣ é & = +", "Empty": ""}
    url = PUBLIC_ADDRESS + channel.path
    sign = RequestValidator(SECRET).compute_signature

    def post(signature: str, **query: str) -> int:
        headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
        return int(web.post(channel.path, content=urlencode(fields), headers=headers, params=query).status_code)

    assert post(sign(url, fields)) == 200
    assert post(sign(f"{url}?unit=ipe", fields), unit="ipe") == 200
    assert post(sign(url.replace(".example", ".example:443"), fields)) == 200
    assert post(sign(url.replace("https", "http"), fields)) == 403
    assert post(sign(f"{web.base_url}{channel.path}", fields)) == 403
    assert post(sign(url, fields | {"Body": "0"})) == 403
    assert post("") == 403


def test_sendgrid_signs_time_and_body(web: httpx.Client, ground: Ground) -> None:
    channel = ground.channel("sendgrid", "email", webhook_key=knocking.EVENT_PUBLIC_KEY)
    body, now = as_json([{"event": "delivered", "sg_event_id": "1"}]), int(time.time())
    assert web.post(channel.path, content=body, headers=knocking.sendgrid(body, now)).status_code == 200
    assert web.post(channel.path, content=body + b" ", headers=knocking.sendgrid(body, now)).status_code == 403
    assert web.post(channel.path, content=body, headers=knocking.sendgrid(body, now - 301)).status_code == 403
    assert web.post(channel.path, content=body).status_code == 403


def test_zapi_has_no_signature_and_its_instance_has_to_be_the_clinics(web: httpx.Client, ground: Ground) -> None:
    channel = ground.channel("zapi", secrets={"hook_token": SECRET}, instance_id="3C01")
    ours, theirs = as_json({"instanceId": "3C01", "phone": "55"}), as_json({"instanceId": "3C02", "phone": "55"})
    token = {"Z-Api-Token": SECRET}
    assert web.post(channel.path, content=ours, headers=token).status_code == 200
    assert web.post(channel.path, content=theirs, headers=token).status_code == 403
    assert web.post(channel.path, content=ours).status_code == 403
    assert web.post(channel.path, content=b"[]", headers=token).status_code == 403
    assert web.post(channel.path, content=b"{", headers=token).status_code == 400


def test_a_relay_signs_and_botconversa_itself_shows_a_token(web: httpx.Client, ground: Ground) -> None:
    channel = ground.channel("botconversa", secrets={"relay_secret": SECRET})
    relayed = as_json({"event_id": "e1", "phone": "5531987654321", "text": "1"})
    direct = as_json({"phone": "5531987654321", "text": "1"})
    now, token = int(time.time()), {"X-ClinicDesk-Token": SECRET}

    def post(body: bytes, headers: dict[str, str]) -> int:
        return int(web.post(channel.path, content=body, headers=headers).status_code)

    assert post(relayed, knocking.relay(relayed, now)) == 200
    assert post(relayed, knocking.relay(relayed, now - 301)) == 403
    assert post(relayed, knocking.relay(relayed, now + 301)) == 403
    assert post(relayed, knocking.relay(relayed, now, "errado")) == 403
    assert post(relayed, knocking.relay(relayed, now) | {"X-ClinicDesk-Timestamp": str(now + 1)}) == 403
    assert post(direct, token) == 200
    assert post(direct, {"X-ClinicDesk-Token": "errado"}) == 403
    assert post(direct, {}) == 403
    assert post(relayed, token) == 403  # a relay that does not sign


def test_the_same_words_an_hour_later_are_said_again(web: httpx.Client, ground: Ground, door: Door) -> None:
    """What Botconversa sends has no id: two alike are one within a minute, and two after it."""
    channel = ground.channel("botconversa", secrets={"relay_secret": SECRET})
    body, token = as_json({"phone": "5531987654321", "text": "1"}), {"X-ClinicDesk-Token": SECRET}
    moment = dt.datetime(2035, 3, 6, 12, 0, 10, tzinfo=dt.UTC)
    for seconds, expected in ((0, 1), (20, 1), (3600, 2)):
        door.now = lambda seconds=seconds: moment + dt.timedelta(seconds=seconds)  # type: ignore[misc]
        assert web.post(channel.path, content=body, headers=token).status_code == 200
        assert kept(ground, channel) == expected


# --- Meta's panel ----------------------------------------------------------------------------------------------------


def test_metas_panel_hears_its_challenge(web: httpx.Client, ground: Ground, meta: LaidChannel) -> None:
    def ask(channel: LaidChannel, token: str) -> tuple[int, str]:
        query = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "1158201444"}
        answer = web.get(channel.path, params=query)
        return answer.status_code, answer.text

    assert ask(meta, meta.hook_key) == (200, "1158201444")
    assert ask(meta, "errado") == (404, "")
    own = ground.channel("meta", secrets={"verify_token": "palavra"})
    assert ask(own, "palavra") == (200, "1158201444")
    assert ask(own, own.hook_key) == (404, "")
    assert ask(ground.channel("twilio"), "") == (404, "")


# --- limits ----------------------------------------------------------------------------------------------------------


def test_more_than_three_megabytes_are_not_read(web: httpx.Client, ground: Ground, meta: LaidChannel) -> None:
    large = b"[" + b" " * LARGEST_BODY + b"]"
    assert web.post(meta.path, content=large, headers=knocking.meta(large)).status_code == 413

    def without_a_length() -> Iterator[bytes]:
        for start in range(0, len(large), 65536):
            yield large[start : start + 65536]

    assert web.post(meta.path, content=without_a_length(), headers=knocking.meta(large)).status_code == 413
    just = b"[" + b" " * (LARGEST_BODY - 2) + b"]"
    assert web.post(meta.path, content=just, headers=knocking.meta(just)).status_code == 200
    assert kept(ground, meta) == 1


@pytest.mark.parametrize(
    "head",
    [
        "Host: [",
        "Host: \xff",
        "Host: x:99999999",
        "Host: x\r\nX-Hub-Signature-256: \xff\xfe",
        "Host: x\r\nA: " + "b" * 9_000,
    ],
)
def test_heads_that_nobody_sends_break_nothing(web: httpx.Client, meta: LaidChannel, head: str) -> None:
    with socket.create_connection(("127.0.0.1", web.base_url.port or 0), timeout=10) as line:
        request = f"POST {meta.path}?%ff=[ HTTP/1.1\r\n{head}\r\nContent-Length: 2\r\n\r\n{{}}"
        line.sendall(request.encode("latin-1"))
        assert line.recv(4096).split(b" ")[1] in (b"400", b"403")


def test_whoever_sends_too_slowly_is_not_waited_for(
    web: httpx.Client, meta: LaidChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.gateway.app.SECONDS_TO_READ", 0.2)
    with socket.create_connection(("127.0.0.1", web.base_url.port or 0), timeout=10) as line:
        line.sendall(f"POST {meta.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{{".encode())
        answer = line.recv(4096)
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert b"connection: close" in answer.lower()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[" * 20 + b"]" * 20, 200),
        (b"[" * 21 + b"]" * 21, 400),
        (b'{"a":' * 100_000, 400),
        (as_json({"text": "[" * 40}), 200),
        (as_json({"text": '"[' * 40}), 200),
        (b"", 400),
        (b"\xff\xfe", 400),
        (b"NaN", 400),
        (b"hello", 400),
    ],
    ids=str,
)
def test_signed_bodies_are_json_and_not_deeper_than_twenty(
    web: httpx.Client, meta: LaidChannel, body: bytes, status: int
) -> None:
    assert web.post(meta.path, content=body, headers=knocking.meta(body)).status_code == status


def test_whoever_comes_too_often_is_asked_to_come_again(web: httpx.Client, door: Door, meta: LaidChannel) -> None:
    door.deliveries = Buckets(per_second=0, burst=3)
    answers = [web.post(meta.path, content=BODY, headers=knocking.meta(BODY)) for _ in range(5)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
    assert answers[-1].headers["Retry-After"] == "5"


def test_whoever_guesses_addresses_soon_asks_nobody(web: httpx.Client, door: Door) -> None:
    door.guesses = Buckets(per_second=0, burst=2)
    asked: list[str] = []
    load = door._load
    door._load = lambda key: asked.append(key) or load(key)  # type: ignore[func-returns-value,method-assign]
    answers = [web.post(f"/hooks/{n:064x}", content=b"{}").status_code for n in range(20)]
    assert answers == [404, 404] + [429] * 18  # a provider among them is not told that its address is gone
    assert web.get(f"/hooks/{21:064x}").status_code == 404
    assert len(asked) == 2


def test_a_bucket_fills_again_and_forgets_the_oldest_names() -> None:
    moment = [0.0]
    buckets = Buckets(per_second=2, burst=2, clock=lambda: moment[0])
    assert [buckets.take("a") for _ in range(3)] == [True, True, False]
    moment[0] = 0.5
    assert [buckets.take("a"), buckets.take("a")] == [True, False]
    for number in range(5_000):
        buckets.take(str(number))
    assert len(buckets._levels) == 2_000
