"""The gateway: providers knock at /hooks, and get their answer once what they brought is on disk."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from clinicdesk.domain.hooks import LARGEST_BODY
from clinicdesk.errors import ClinicError
from sync.gateway.door import AWAY, TOO_MANY, UNKNOWN, Door
from sync.gateway.signatures import Knock

SECONDS_TO_READ = 5.0
THREADS = 32  # they wait for the disk together, over one connection
TOO_LARGE, TOO_SLOW, GONE = 413, 408, 400

_Result = TypeVar("_Result")


class _Refused(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def hooks_app(door: Door) -> Starlette:
    """The application over one door. Nothing else is here: what stands before it forwards everything."""
    hooks = _Hooks(door)
    return Starlette(routes=[Route("/hooks/{hook_key}", hooks.answer, methods=["GET", "POST"])], lifespan=hooks.open)


class _Hooks:
    def __init__(self, door: Door) -> None:
        self._door = door
        self._pool: ThreadPoolExecutor | None = None

    @contextlib.asynccontextmanager
    async def open(self, _app: Starlette) -> AsyncIterator[None]:
        """The threads that wait for the database, as long as the gateway stands."""
        with ThreadPoolExecutor(THREADS, thread_name_prefix="gateway") as self._pool:
            yield

    async def answer(self, request: Request) -> Response:
        """GET: the challenge of a provider's panel. POST: a delivery."""
        begun = time.perf_counter()
        hook_key: str = request.path_params["hook_key"]
        if not self._door.admits(hook_key):
            return Response(status_code=TOO_MANY, headers={"Retry-After": "5"})
        if request.method != "POST":
            return await self._challenge(hook_key, request)
        try:
            body = await _body(request)
        except _Refused as refused:
            # Whatever else was coming is not waited for.
            return Response(status_code=refused.status, headers={"Connection": "close"})
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in request.headers.raw}
        knock = Knock(body, headers, request.scope["query_string"].decode("latin-1"))
        status = await self._in_thread(lambda: self._door.deliver(hook_key, knock))
        self._door.figures.answered(time.perf_counter() - begun)
        return Response(status_code=status)

    async def _challenge(self, hook_key: str, request: Request) -> Response:
        query = dict(request.query_params)
        try:
            said = await self._in_thread(lambda: self._door.challenge(hook_key, query))
        except ClinicError:
            return Response(status_code=AWAY)
        return Response(status_code=UNKNOWN) if said is None else PlainTextResponse(said[:1000])

    async def _in_thread(self, work: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)


async def _body(request: Request) -> bytes:
    """All of the body. Raises _Refused for one that is too large, too slow or cut off."""
    told = request.headers.get("content-length", "")
    if told.isascii() and told.isdigit() and int(told[:12]) > LARGEST_BODY:
        raise _Refused(TOO_LARGE)
    try:
        async with asyncio.timeout(SECONDS_TO_READ):
            return await _read(request)
    except TimeoutError:
        raise _Refused(TOO_SLOW) from None
    except ClientDisconnect:
        raise _Refused(GONE) from None


async def _read(request: Request) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_BODY:
            raise _Refused(TOO_LARGE)
    return bytes(body)
