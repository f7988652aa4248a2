"""The console's part about orders: what their buyers see in Kaspi.kz, the code of handing over among it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from cube_demper.core.clock import ALMATY
from cube_demper.sandbox import pages
from cube_demper.sandbox.order_deeds import Deed, can_hand_over, lived, stage
from cube_demper.sandbox.order_lives import DAY_MS, Life, of_day, place_now
from cube_demper.sandbox.web import json_response

if TYPE_CHECKING:
    from cube_demper.sandbox.server import Sandbox

_DAYS, _MOST = 5, 100
_NO_CODE = "ещё не отправлен"


@dataclass(frozen=True, slots=True)
class Bought:
    """One order as its buyer sees it. `code_sent` "": the seller has not asked for it yet."""

    store: str
    order: str
    buyer: str
    phone: str
    made: str
    total: int
    status: str
    is_handed_by_seller: bool
    code_sent: str


def order_routes(sandbox: Sandbox) -> list[Route]:
    """Return the routes: the page, the same as JSON, and an order placed now."""

    async def show(_request: Request) -> Response:
        return HTMLResponse(_page(sandbox))

    async def listed(_request: Request) -> Response:
        return json_response([asdict(it) for it in bought(sandbox)])

    async def place(request: Request) -> Response:
        store = str((await request.form()).get("store", ""))
        if store not in sandbox.world.stores:
            raise HTTPException(404, "Нет такого магазина")
        place_now(sandbox.world, store, int(sandbox.now() * 1000))
        return RedirectResponse("/orders", 303)

    return [
        Route("/orders", show),
        Route("/orders.json", listed),
        Route("/orders/place", place, methods=["POST"]),
    ]


def bought(sandbox: Sandbox) -> list[Bought]:
    """Return the orders of the last days that are not over, the newest first."""
    now = int(sandbox.now() * 1000)
    found = sorted(_open(sandbox, now), key=lambda it: it[1].made, reverse=True)
    return [_bought(store, life, deed, now) for store, life, deed in found[:_MOST]]


def _open(sandbox: Sandbox, now: int) -> Iterator[tuple[str, Life, Deed | None]]:
    world = sandbox.world
    for store in world.stores:
        for day in range(now // DAY_MS - _DAYS, now // DAY_MS + 1):
            for life in of_day(world, store, day):
                deed = world.order_deeds.get(life.code)
                if life.made <= now and stage(lived(life, deed), deed, now).state != "ARCHIVE":
                    yield store, lived(life, deed), deed


def _bought(store: str, life: Life, deed: Deed | None, now: int) -> Bought:
    return Bought(
        store=store,
        order=life.code,
        buyer=f"{life.first_name} {life.last_name}",
        phone=f"+7{life.phone}",
        made=f"{datetime.fromtimestamp(life.made / 1000, UTC).astimezone(ALMATY):%d.%m %H:%M}",
        total=life.total,
        status=stage(life, deed, now).status,
        is_handed_by_seller=can_hand_over(life),
        code_sent=deed.code if deed else "",
    )


def _page(sandbox: Sandbox) -> str:
    names = {uid: sandbox.world.merchants[uid].name for uid in sandbox.world.stores}
    rows = [
        (
            it.made,
            it.order,
            _code(it),
            it.buyer,
            it.phone,
            f"{it.total} ₸",
            it.status,
            names[it.store],
        )
        for it in bought(sandbox)
    ]
    head = (
        "Оформлен",
        "Заказ",
        "Код выдачи",
        "Покупатель",
        "Телефон",
        "Сумма",
        "Статус",
        "Магазин",
    )
    buttons = "".join(
        f"<p>{escape(name)} {pages.button('/orders/place', 'Купить сейчас', {'store': uid})}</p>"
        for uid, name in names.items()
    )
    told = (
        "<p class=quiet>Код Kaspi присылает покупателю, когда продавец нажал «Отправить код».</p>"
    )
    return pages.page("Заказы глазами покупателей", [buttons, told, pages.table(head, rows)])


def _code(it: Bought) -> str:
    if not it.is_handed_by_seller:
        return "не нужен"
    return it.code_sent or _NO_CODE
