"""`/api/categories`: Kaspi's tariff categories, a level or a search at a time, for the picker."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from cube_demper import bootstrap
from cube_demper.api.session import Seller
from cube_demper.core.money import NBSP
from cube_demper.domain.economics import service as economics
from cube_demper.domain.rates.figures import number_text
from cube_demper.domain.rates.picking import Choice

_BETWEEN = " > "


def category_routes() -> APIRouter:
    """Return the route."""
    router = APIRouter()

    @router.get("/api/categories")
    async def categories(
        seller: Seller,
        under: Annotated[str, Query(max_length=1000)] = "",
        q: Annotated[str, Query(max_length=1000)] = "",
    ) -> dict[str, Any]:
        path = tuple(it.strip() for it in under.split(">") if it.strip())
        services = bootstrap.web()
        async with services.db.read() as tx:
            now = services.clock.now()
            found = await economics.list_categories(tx, seller, now, under=path, search=q)
        return {
            "rows": [_row(it) for it in found.rows],
            "isNear": found.is_near,
            "isCut": found.is_cut,
        }

    return router


def _row(choice: Choice) -> dict[str, Any]:
    """Return one category; `note` is its commission, from the least to the greatest of its parts."""
    ends = dict.fromkeys(number_text(it) for it in (*choice.percents[:1], *choice.percents[-1:]))
    return {
        "value": _BETWEEN.join(choice.path),
        "name": choice.path[-1],
        "above": _BETWEEN.join(choice.path[:-1]),
        "note": f"{'–'.join(ends)}{NBSP}%" if ends else "",
        "parts": choice.parts,
        "canBeTaken": choice.can_be_taken,
    }
