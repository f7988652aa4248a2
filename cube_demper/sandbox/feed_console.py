"""The console's part about price lists: what a seller does in the cabinet's page of automatic loading."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from cube_demper.sandbox import pages
from cube_demper.sandbox.web import json_response
from cube_demper.sandbox.world import StoreListing

if TYPE_CHECKING:
    from cube_demper.sandbox.server import Sandbox

_HEAD = '<?xml version="1.0" encoding="utf-8"?><kaspi_catalog date="string" xmlns="kaspiShopping">'


def feed_routes(sandbox: Sandbox) -> list[Route]:
    """Return the routes: the page, JSON, and each store's present list as a file."""

    async def show(_request: Request) -> Response:
        names = {uid: sandbox.world.merchants[uid].name for uid in sandbox.world.stores}
        return HTMLResponse(pages.feeds(names, list(sandbox.feeds.of_store.values())))

    async def subscribe(request: Request) -> Response:
        given, is_form = await _given(request)
        store = _store(sandbox, given)
        url = str(given.get("url", "")).strip()
        made = sandbox.feeds.subscribe(store, url, sandbox.now())
        return RedirectResponse("/feeds", 303) if is_form else json_response(asdict(made))

    async def pull(request: Request) -> Response:
        given, is_form = await _given(request)
        found = sandbox.feeds.of_store.get(_store(sandbox, given))
        if found is None:
            raise HTTPException(404, "Адрес прайс-листа не задан")
        await sandbox.feeds.pull(found, sandbox.now())
        return RedirectResponse("/feeds", 303) if is_form else json_response(asdict(found))

    async def export(request: Request) -> Response:
        store = request.path_params["store"]
        if store not in sandbox.world.stores:
            raise HTTPException(404, "Такого магазина нет")
        return Response(export_list(sandbox, store), media_type="application/xml")

    return [
        Route("/feeds", show),
        Route("/feeds", subscribe, methods=["POST"]),
        Route("/feeds/pull", pull, methods=["POST"]),
        Route("/feeds/{store}.xml", export),
    ]


def export_list(sandbox: Sandbox, store: str) -> bytes:
    """Return a store's goods as the price list that its seller would upload."""
    goods = [it for it in sandbox.market.goods(store) if it.is_on_sale]
    name = escape(sandbox.world.merchants[store].name)
    offers = "".join(map(_offer, goods))
    company = f"<company>{name}</company><merchantid>{store}</merchantid>"
    return f"{_HEAD}{company}<offers>{offers}</offers></kaspi_catalog>".encode()


def _offer(listing: StoreListing) -> str:
    points = "".join(
        f'<availability available="{"yes" if stock["available"] else "no"}" storeId="{code}"'
        + (f' preOrder="{stock["preOrder"]}"' if stock["preOrder"] else "")
        + (f' stockCount="{stock["stockCount"]}.0"' if stock["stockSpecified"] else "")
        + "/>"
        for code, stock in listing.stocks.items()
    )
    cities = {point.city.id for point in listing.merchant.points}
    prices = "".join(
        f'<cityprice cityId="{city}">{price}</cityprice>'
        for city, price in listing.prices.items()
        if city in cities
    )
    return (
        f"<offer sku={quoteattr(listing.sku)}><model>{escape(listing.model)}</model>"
        f"<brand>{escape(listing.brand or '')}</brand><availabilities>{points}</availabilities>"
        f"<cityprices>{prices}</cityprices></offer>"
    )


def _store(sandbox: Sandbox, given: dict[str, object]) -> str:
    store = str(given.get("store", ""))
    if store not in sandbox.world.stores:
        raise HTTPException(404, "Такого магазина нет")
    return store


async def _given(request: Request) -> tuple[dict[str, object], bool]:
    if request.headers.get("content-type", "").startswith("application/json"):
        body = orjson.loads(await request.body())
        return (body if isinstance(body, dict) else {}), False
    return dict(await request.form()), True
