"""The console: pages for people and JSON for tests. It is no part of what Kaspi has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from cube_demper.sandbox import pages
from cube_demper.sandbox.faults import FaultKind
from cube_demper.sandbox.feed_console import feed_routes
from cube_demper.sandbox.order_console import order_routes
from cube_demper.sandbox.tiptoppay.console import terminal_routes
from cube_demper.sandbox.waha.phone import phone_routes
from cube_demper.sandbox.web import json_response

if TYPE_CHECKING:
    from cube_demper.sandbox.server import Sandbox

_RECENT = 30
_FAULT_NUMBERS = ("count", "status", "retry_after")
_FAULT_TEXTS = ("store", "ip", "card")


class Console:
    """Shows the sandbox and lets people and tests disturb it."""

    def __init__(self, sandbox: Sandbox) -> None:
        """Serve this sandbox's console."""
        self._sandbox = sandbox
        self.app = Starlette(
            routes=[
                Route("/", self.home),
                Route("/health", self.health),
                Route("/state", self.state),
                Route("/log", self.log),
                Route("/audit", self.audit),
                Route("/mail", self.mail),
                Route("/mail/{number:int}", self.letter),
                Route("/letters", self.letters),
                Route("/sessions", self.sign_in, methods=["POST"]),
                Route("/tokens", self.make_token, methods=["POST"]),
                Route("/sessions/expire", self.sign_out, methods=["POST"]),
                Route("/faults", self.add_fault, methods=["POST"]),
                Route("/faults/clear", self.clear_faults, methods=["POST"]),
                Route("/limits/lift", self.lift, methods=["POST"]),
                Route("/rivals", self.set_rival, methods=["POST"]),
                Route("/rivals/freeze", self.freeze, methods=["POST"]),
                Route("/cards/{card}", self.card),
                *feed_routes(sandbox),
                *order_routes(sandbox),
                *phone_routes(sandbox.waha),
                *terminal_routes(sandbox.tiptoppay),
            ]
        )

    async def home(self, _request: Request) -> Response:
        """Show the page of the console."""
        return HTMLResponse(pages.home(self._summary()))

    async def health(self, _request: Request) -> Response:
        """Tell that the sandbox serves."""
        return json_response({"status": "ok"})

    async def state(self, _request: Request) -> Response:
        """Give the page's content as JSON."""
        return json_response(self._summary())

    async def log(self, request: Request) -> Response:
        """Give the log as JSON lines: `?after=NUMBER&kind=accepted`."""
        self._sandbox.market.settle()
        after = _number(request.query_params.get("after")) or 0
        entries = list(
            self._sandbox.journal.since(after, kind=request.query_params.get("kind") or None)
        )

        def lines() -> Iterator[bytes]:
            for entry in entries:
                yield orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE)

        return StreamingResponse(lines(), media_type="application/x-ndjson")

    async def audit(self, _request: Request) -> Response:
        """Give the audit of the log as JSON."""
        return json_response(asdict(self._sandbox.audit()))

    async def mail(self, _request: Request) -> Response:
        """Show the mailbox."""
        return HTMLResponse(pages.mailbox(self._sandbox.mailbox.letters))

    async def letter(self, request: Request) -> Response:
        """Show one letter."""
        number = request.path_params["number"]
        found = [letter for letter in self._sandbox.mailbox.letters if letter.number == number]
        if not found:
            raise HTTPException(404, "Такого письма нет")
        return HTMLResponse(pages.letter(found[0]))

    async def letters(self, request: Request) -> Response:
        """Give the letters as JSON: `?to=ADDRESS`."""
        to, mailbox = request.query_params.get("to"), self._sandbox.mailbox
        found = mailbox.to(to) if to else mailbox.letters
        return json_response([letter.dump() for letter in found])

    async def sign_in(self, request: Request) -> Response:
        """Issue a session of an account; give its cookies as Playwright lists them."""
        given = await _given(request)
        email = str(given.get("email", ""))
        if email not in self._sandbox.world.accounts:
            raise HTTPException(404, "Нет такого кабинета")
        cookies = self._sandbox.cookies(email)
        return _back(request) if _is_form(request) else json_response(cookies)

    async def sign_out(self, request: Request) -> Response:
        """End all sessions of an account."""
        given = await _given(request)
        ended = self._sandbox.sessions.expire(str(given.get("email", "")))
        return _back(request) if _is_form(request) else json_response({"ended": ended})

    async def make_token(self, request: Request) -> Response:
        """Make a store's token of the orders API anew, as its head does in the cabinet: `store`."""
        store = str((await _given(request)).get("store", ""))
        if store not in self._sandbox.world.stores:
            raise HTTPException(404, "Нет такого магазина")
        token = self._sandbox.make_token(store)
        return _back(request) if _is_form(request) else json_response({"token": token})

    async def add_fault(self, request: Request) -> Response:
        """Put a fault in force: `kind`, `route`, and what `Fault` has, `seconds` for a duration."""
        given = await _given(request)
        try:
            kind = FaultKind(str(given.get("kind")))
        except ValueError:
            raise HTTPException(400, "Неизвестный сбой") from None
        numbers = {name: _number(given.get(name)) for name in (*_FAULT_NUMBERS, "seconds", "delay")}
        more: dict[str, Any] = {name: value for name, value in numbers.items() if value is not None}
        more |= {name: str(given[name]) for name in _FAULT_TEXTS if given.get(name)}
        if fields := given.get("fields"):
            more["fields"] = tuple(fields.split(",") if isinstance(fields, str) else fields)
        fault = self._sandbox.fault(kind, str(given.get("route") or "*"), **more)
        return _back(request) if _is_form(request) else json_response(asdict(fault))

    async def clear_faults(self, request: Request) -> Response:
        """Put everything in order."""
        self._sandbox.faults.clear()
        return _back(request) if _is_form(request) else json_response({})

    async def lift(self, request: Request) -> Response:
        """End the bans of an address or a store."""
        given = await _given(request)
        self._sandbox.limits.lift(str(given.get("key", "")))
        return _back(request) if _is_form(request) else json_response({})

    async def set_rival(self, request: Request) -> Response:
        """Put a rival on a card at a price: `card`, `merchant`, `price`, `city`."""
        given = await _given(request)
        card, price = str(given.get("card", "")), _number(given.get("price"))
        if card not in self._sandbox.world.cards or price is None:
            raise HTTPException(400, "Нужны card, merchant и price")
        rivals = {rival.merchant.uid for rival in self._sandbox.market.rivals_on(card)}
        merchant = str(given.get("merchant", ""))
        if merchant not in rivals:
            raise HTTPException(404, "Такого конкурента на карточке нет")
        city = str(given["city"]) if given.get("city") else None
        self._sandbox.market.set_rival(card, merchant, price, city_id=city)
        return json_response({})

    async def freeze(self, request: Request) -> Response:
        """Stop all rivals (`is_frozen` true) or let them go on."""
        given = await _given(request)
        is_frozen = str(given.get("is_frozen", True)).lower() in ("true", "1")
        self._sandbox.market.freeze_rivals(is_frozen=is_frozen)
        return _back(request) if _is_form(request) else json_response({"is_frozen": is_frozen})

    async def card(self, request: Request) -> Response:
        """Give everybody's prices on a card as JSON."""
        card = self._sandbox.world.cards.get(request.path_params["card"])
        if card is None:
            raise HTTPException(404, "Такой карточки нет")
        self._sandbox.market.advance(card)
        offers = [
            {
                "merchant": listing.merchant.uid,
                "name": listing.merchant.name,
                "sku": listing.sku,
                "prices": {city: listing.price_in(city) for city in listing.prices},
            }
            for listing in card.listings
        ]
        return json_response({"id": card.id, "title": card.title, "offers": offers})

    def _summary(self) -> dict[str, Any]:
        sandbox, now = self._sandbox, self._sandbox.now()
        sandbox.market.settle()
        stores = [
            {
                "uid": uid,
                "name": sandbox.world.merchants[uid].name,
                "goods": len(goods),
                "on_sale": sum(good.is_on_sale for good in goods.values()),
                "token": sandbox.world.tokens.get(uid, ""),
                "changes_in_window": sandbox.limits.changes_used(uid, now),
            }
            for uid, goods in sandbox.world.stores.items()
        ]
        kinds = ("accepted", "settled", "ban")
        recent = [entry for entry in sandbox.journal.entries if entry["kind"] in kinds]
        return {
            "now": sandbox.clock.now().isoformat(timespec="seconds"),
            "seed": sandbox.world.seed,
            "cards": len(sandbox.world.cards),
            "are_rivals_frozen": sandbox.market.is_frozen,
            "stores": stores,
            "accounts": [asdict(account) for account in sandbox.world.accounts.values()],
            "sessions": [asdict(session) for session in sandbox.sessions.by_sid.values()],
            "bans": [asdict(ban) for ban in sandbox.limits.bans],
            "active_bans": [asdict(ban) for ban in sandbox.limits.active(now)],
            "faults": [asdict(fault) for fault in sandbox.faults.faults],
            "waiting": len(sandbox.market.changes),
            "proxies": sandbox.proxies,
            "recent": recent[-_RECENT:][::-1],
            "letters": len(sandbox.mailbox.letters),
        }


def _is_form(request: Request) -> bool:
    return not request.headers.get("content-type", "").startswith("application/json")


async def _given(request: Request) -> dict[str, Any]:
    if _is_form(request):
        return dict(await request.form())
    try:
        body = orjson.loads(await request.body())
    except orjson.JSONDecodeError:
        raise HTTPException(400, "Нужен JSON") from None
    return body if isinstance(body, dict) else {}


def _number(value: object) -> int | None:
    try:
        return int(str(value))
    except ValueError:
        return None


def _back(request: Request) -> Response:
    return RedirectResponse(request.headers.get("referer") or "/", 303)
