"""Deliveries by the hundred against a gateway that is a program of its own."""

import contextlib
import http.client
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import local

import psutil

from tests.sync.gateway import knocking
from tests.sync.gateway.knocking import SECRET, as_json
from tests.sync.ground import Ground, LaidChannel

_THREADS = 16


@dataclass(frozen=True)
class Delivery:
    """What is posted, and where."""

    path: str
    body: bytes = field(repr=False)
    headers: dict[str, str] = field(default_factory=dict)


class Standing:
    """A gateway that runs; whoever posts keeps a connection for each thread."""

    def __init__(self, port: int, pid: int) -> None:
        self.port, self._process, self._own = port, psutil.Process(pid), local()
        self._lines: list[http.client.HTTPConnection] = []

    def post(self, one: Delivery) -> int:
        """The status of the answer."""
        if getattr(self._own, "line", None) is None:
            self._own.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
            self._lines.append(self._own.line)
        line: http.client.HTTPConnection = self._own.line
        try:
            line.request("POST", one.path, one.body, one.headers)
            answer = line.getresponse()
            answer.read()
        except (http.client.HTTPException, OSError):
            line.close()
            self._own.line = None
            raise
        return answer.status

    def post_all(self, deliveries: Sequence[Delivery], threads: int = _THREADS) -> Counter[int]:
        """How often each status was answered."""
        with ThreadPoolExecutor(threads) as pool:
            return Counter(pool.map(self.post, deliveries))

    def at_a_rate(self, deliveries: Sequence[Delivery], per_second: float) -> tuple[list[float], Counter[int]]:
        """Milliseconds from when each was due until its answer, however long it had to wait to be posted."""
        begun = time.perf_counter() + 0.2

        def one(place: int) -> tuple[float, int]:
            due = begun + place / per_second
            time.sleep(max(0.0, due - time.perf_counter()))
            status = self.post(deliveries[place])
            return (time.perf_counter() - due) * 1000, status

        with ThreadPoolExecutor(_THREADS) as pool:
            found = list(pool.map(one, range(len(deliveries))))
        return [each for each, _status in found], Counter(status for _each, status in found)

    def hang_up(self) -> None:
        """Close every connection."""
        for line in self._lines:
            line.close()

    @property
    def megabytes(self) -> float:
        """The memory it holds now."""
        return float(self._process.memory_info().rss) / 1e6


@contextlib.contextmanager
def standing(ground: Ground) -> Iterator[Standing]:
    """A gateway over the ground while the block lasts."""
    told = {"conninfo": ground.office.conninfo("sync"), "key": ground.private_key.hex()}
    command = [sys.executable, "-m", "tests.sync.gateway.program"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdin is not None and program.stdout is not None
        program.stdin.write(json.dumps(told) + "\n")
        program.stdin.flush()
        opened = Standing(int(program.stdout.readline()), program.pid)
        yield opened
        opened.hang_up()
        program.stdin.close()
        assert program.wait(15) == 0


def signed(channel: LaidChannel, body: bytes) -> Delivery:
    """As Meta posts it."""
    return Delivery(channel.path, body, knocking.meta(body) | {"Content-Type": "application/json"})


# --- what nobody sends -----------------------------------------------------------------------------------------------


def channels(ground: Ground) -> dict[str, LaidChannel]:
    """One of each provider that knocks."""
    return {
        "meta": ground.channel("meta", secrets={"app_secret": SECRET}),
        "twilio": ground.channel("twilio", secrets={"auth_token": SECRET}),
        "zapi": ground.channel("zapi", instance_id="3C01"),
        "botconversa": ground.channel("botconversa", secrets={"relay_secret": SECRET}),
        "sendgrid": ground.channel("sendgrid", "email", webhook_key=knocking.EVENT_PUBLIC_KEY),
    }


def fuzzed(laid: dict[str, LaidChannel], count: int, seed: int = 1) -> list[Delivery]:
    """Bodies as no provider sends them: damaged, unsigned, signed by another or for nothing, too deep, to nobody."""
    choice = random.Random(seed)
    return [_fuzzed(choice, laid) for _each in range(count)]


def _fuzzed(choice: random.Random, laid: dict[str, LaidChannel]) -> Delivery:
    name = choice.choice(list(laid))
    body = _damaged(choice, _body(choice, name))
    now = int(time.time())
    wrong: list[dict[str, str]] = [
        {},
        knocking.meta(body, "errado"),
        knocking.meta(body + b"x"),
        knocking.relay(body, now, "errado"),
        knocking.relay(body, now - 400),
        knocking.sendgrid(body + b"x", now),
        {"X-ClinicDesk-Token": "errado"},
        {"X-Twilio-Signature": "AAAA", "Content-Type": "application/x-www-form-urlencoded"},
        {"X-Hub-Signature-256": "".join(chr(choice.randrange(33, 255)) for _each in range(20))},
    ]
    path = laid[name].path if choice.random() < 0.9 else f"/hooks/{choice.getrandbits(256):064x}"
    if name == "meta" and choice.random() < 0.2:
        body = choice.choice([b"[" * choice.randrange(21, 5_000), b"\xff" + body, body[:-1] or b"x", b'{"a":' * 30])
        return Delivery(path, body, knocking.meta(body))
    return Delivery(path, body, choice.choice(wrong))


def _body(choice: random.Random, name: str) -> bytes:
    if name == "twilio":
        return b"MessageSid=SM%d&From=whatsapp%%3A%%2B5531&Body=1" % choice.getrandbits(30)
    words = "".join(chr(choice.randrange(32, 0x2FFF)) for _each in range(choice.randrange(0, 80)))
    told = {"instanceId": "3C0X", "phone": "5531", "text": {"message": words}, "event_id": str(choice.getrandbits(64))}
    return as_json([told] if name == "sendgrid" else told)


def _damaged(choice: random.Random, body: bytes) -> bytes:
    damaged = bytearray(body)
    for _each in range(choice.randrange(0, 6)):
        if damaged:
            damaged[choice.randrange(len(damaged))] = choice.randrange(256)
    if choice.random() < 0.2:
        damaged = damaged[: choice.randrange(len(damaged) + 1)]
    if choice.random() < 0.02:
        damaged += bytes(choice.randrange(256) for _each in range(choice.randrange(50_000)))
    return bytes(damaged)
