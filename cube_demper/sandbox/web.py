"""What the shop and the cabinet share: a request's way through log, faults and limits to its handler."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from cube_demper.core.clock import Clock
from cube_demper.sandbox.faults import Fault, FaultKind, Faults
from cube_demper.sandbox.journal import Journal
from cube_demper.sandbox.limits import Limits
from cube_demper.sandbox.market import Market
from cube_demper.sandbox.sessions import Sessions

_HTML_BLOCK = (
    "<!DOCTYPE html><html><head><title>Kaspi.kz</title></head>"
    "<body><h1>Доступ ограничен</h1><p>Попробуйте позже.</p></body></html>"
)
_JUST_BEFORE = {FaultKind.HANG, FaultKind.RESET, FaultKind.STATUS, FaultKind.HTML}


@dataclass(slots=True)
class Call:
    """One request while it is served. `note` goes to the log."""

    request: Request
    route: str
    ip: str
    now: float
    body: Any = None
    has_bad_body: bool = False
    store: str | None = None
    card: str | None = None
    fault: Fault | None = None
    note: dict[str, Any] = field(default_factory=dict)


Handler = Callable[[Call], Response]


def json_response(value: Any, status: int = 200) -> Response:
    """Answer with JSON."""
    return Response(orjson.dumps(value), status, media_type="application/json")


def html_response(status: int) -> Response:
    """Answer with the page that Kaspi's protection shows."""
    return Response(_HTML_BLOCK, status, media_type="text/html; charset=utf-8")


def bad_request(text: str) -> Response:
    """Answer 400."""
    return json_response({"error": "Bad Request", "message": text}, 400)


@dataclass(frozen=True, slots=True)
class Backstage:
    """What the hosts of the sandbox have in common."""

    clock: Clock
    journal: Journal
    faults: Faults
    market: Market
    limits: Limits
    sessions: Sessions


class Host:
    """A host of Kaspi: its routes, each logged and open to faults."""

    name = "host"

    def __init__(self, backstage: Backstage) -> None:
        """Share clock, log, faults and market with the other hosts."""
        self.clock = backstage.clock
        self.journal = backstage.journal
        self.faults = backstage.faults
        self.market = backstage.market

    def now(self) -> float:
        """Return the sandbox's time in seconds."""
        return self.clock.now().timestamp()

    def identify(self, call: Call) -> None:
        """Find out the store and the card that a request is about."""

    def guard(self, call: Call) -> Response | None:
        """Refuse a request before its handler sees it."""
        raise NotImplementedError

    def route(self, path: str, name: str, handler: Handler, *methods: str) -> Route:
        """Make a Starlette route out of a handler."""

        async def endpoint(request: Request) -> Response:
            return await self._serve(request, name, handler)

        return Route(path, endpoint, methods=list(methods))

    async def _serve(self, request: Request, name: str, handler: Handler) -> Response:
        client = request.client.host if request.client else "?"
        call = Call(request, name, client, self.now())
        if request.method in ("POST", "PUT"):
            await _read_json(call)
        self.identify(call)
        call.fault = self.faults.take(name, call.store, call.ip, call.card, call.now)
        response = await self._answer(call, handler)
        self.journal.write(
            "request",
            call.now,
            host=self.name,
            route=name,
            ip=call.ip,
            status=response.status_code if response else 0,
            store=call.store,
            card=call.card,
            **({"fault": call.fault.kind} if call.fault else {}),
            **call.note,
        )
        return response or Response(status_code=500)

    async def _answer(self, call: Call, handler: Handler) -> Response | None:
        """Return the answer; None when the client gets none because of a fault."""
        if call.fault and call.fault.kind in _JUST_BEFORE:
            return await _spoil_before(call, call.fault)
        response = self.guard(call) or handler(call)
        return await self._spoil_after(call, response) if call.fault else response

    async def _spoil_after(self, call: Call, response: Response) -> Response | None:
        fault = call.fault
        assert fault is not None  # noqa: S101 - the caller has looked
        match fault.kind:
            case FaultKind.HANG_AFTER | FaultKind.RESET_AFTER:
                await _break_off(call, is_reset=fault.kind is FaultKind.RESET_AFTER)
                return None
            case FaultKind.STATUS_AFTER:
                return html_response(fault.status)
            case FaultKind.SLOW:
                await self.clock.sleep(fault.delay)
            case FaultKind.TRUNCATED if response.status_code == 200:
                return _with_body(response, bytes(response.body)[: len(response.body) // 2])
            case FaultKind.NULLS if response.status_code == 200:
                return json_response(_nulls(orjson.loads(response.body), fault.fields))
            case FaultKind.EMPTY if response.status_code == 200:
                return json_response(_emptied(orjson.loads(response.body)))
        return response


async def _read_json(call: Call) -> None:
    try:
        call.body = orjson.loads(await call.request.body())
    except (orjson.JSONDecodeError, ClientDisconnect):
        call.has_bad_body = True


async def _spoil_before(call: Call, fault: Fault) -> Response | None:
    if fault.kind is FaultKind.HTML:
        return html_response(200)
    if fault.kind is FaultKind.STATUS:
        response = html_response(fault.status)
        if fault.retry_after is not None:
            response.headers["Retry-After"] = str(fault.retry_after)
        return response
    await _break_off(call, is_reset=fault.kind is FaultKind.RESET)
    return None


async def _break_off(call: Call, *, is_reset: bool) -> None:
    """Leave the client without an answer: reset the connection, or wait until it goes away."""
    if is_reset:
        call.request.state.abort()
        return
    message = await call.request.receive()
    while message["type"] != "http.disconnect":
        message = await call.request.receive()


def _with_body(response: Response, body: bytes) -> Response:
    return Response(body, response.status_code, media_type=response.media_type)


def _nulls(value: Any, fields: tuple[str, ...]) -> Any:
    """Put null in place of the leaves, or of the named fields whatever they hold."""
    if isinstance(value, list):
        return [_nulls(item, fields) for item in value]
    if not isinstance(value, dict):
        return value if fields else None
    return {key: None if key in fields else _nulls(item, fields) for key, item in value.items()}


def _emptied(value: Any) -> Any:
    if isinstance(value, list):
        return []
    kept = {list: [], int: 0}
    return {key: kept.get(type(item), item) for key, item in value.items()}
