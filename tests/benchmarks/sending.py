"""From a commit to the provider: how late an immediate message is, and how many a process hands over in a second.

The provider is on this computer and the processes are programs of their own; nothing of the big clinic is used.
"""

import time

from tests.benchmarks.figures import Figure, percentile
from tests.benchmarks.ground import Ground
from tests.faults.senders import clinic_that_sends
from tests.sync.fakes.server import late

SINGLE, MANY, SLOW = 60, 500, 250
# So slow that a process waits for the provider and not for a core that others keep busy: what two of them gain shows
# whether they keep each other waiting in the database.
_SLOW_SECONDS = 0.3


def promptness(_ground: Ground) -> Figure:
    """One message at a time, to a process that has nothing else to do."""
    with clinic_that_sends() as (clinic, meta, channel, senders):
        senders.start()
        clinic.say(channel, "warm")
        meta.wait_for(1, 30)
        late = []
        for turn in range(SINGLE):
            clinic.say(channel)
            committed = time.monotonic()
            meta.wait_for(turn + 2)
            late.append((meta.requests[-1].at - committed) * 1000)
        return Figure(
            work="an immediate message, from its commit to the first POST",
            must="p95 ≤ 500 ms",
            met=percentile(late, 0.95) <= 500,
            p50=percentile(late, 0.5),
            p95=percentile(late, 0.95),
        )


def rate(_ground: Ground) -> Figure:
    """A backlog of messages, to a provider that answers at once and to one that takes its time."""
    at_once, by_two = _rate(1, MANY, 0.0), _rate(2, MANY, 0.0)
    one, two = _rate(1, SLOW, _SLOW_SECONDS), _rate(2, SLOW, _SLOW_SECONDS)
    return Figure(
        work="deliveries of one process to a provider on loopback",
        must="≥ 50/s, two processes ≥ 1.5 ×",
        met=at_once >= 50 and two >= 1.5 * one,
        ratio=two / one,
        found=f"{at_once:.0f}/s, by two {by_two:.0f}/s; "
        f"answered after {_SLOW_SECONDS * 1000:.0f} ms {one:.0f}/s, by two {two:.0f}/s",
    )


def _rate(processes: int, messages: int, answers_after: float) -> float:
    with clinic_that_sends() as (clinic, meta, channel, senders):
        if answers_after:
            meta.fail_always(lambda _request: late(answers_after))
        for _one in range(processes):
            senders.start()
        clinic.say(channel, "warm")
        meta.wait_for(1, 30)
        clinic.remind_many(messages)
        taken = meta.wait_for(messages + 1, 120)
        assert len({each.attempt for each in taken}) == messages + 1
        times = sorted(each.at for each in meta.requests[1:])
        return (len(times) - 1) / (times[-1] - times[0])
