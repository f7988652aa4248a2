"""What soon changes, as the card says it; read apart, so that the table does not wait for it."""

from __future__ import annotations

from dataclasses import dataclass, field

import reflex as rx

from cube_demper import bootstrap
from cube_demper.core.russian import day_words
from cube_demper.domain.accounts.schemas import Role
from cube_demper.domain.economics.shop import service as shop
from cube_demper.domain.economics.shop.foresight import Foresight
from cube_demper.seller.pages.economics.address import query_of
from cube_demper.seller.pages.products.words import of_goods
from cube_demper.seller.profit_hint.words import whole
from cube_demper.ui import session
from cube_demper.ui.guards import guarded


@dataclass
class FigureChangeRow:
    """A figure now and from its day."""

    name: str = ""
    since: str = ""
    now: str = ""
    later: str = ""


@dataclass
class FallenRow:
    """A product that begins to make a loss."""

    name: str = ""
    profit: str = ""
    link: str = ""


@dataclass
class Coming:
    """The card; no title: nothing changes soon."""

    title: str = ""
    effect: str = ""
    note: str = ""
    figures: list[FigureChangeRow] = field(default_factory=list)
    fallen: list[FallenRow] = field(default_factory=list)


class ComingState(rx.State):
    """The card."""

    coming: Coming = Coming()

    @guarded(Role.USER)
    async def load_coming(self) -> None:
        """Look a month ahead."""
        services = bootstrap.web()
        asked = query_of(self.router.url)
        async with services.db.read() as tx:
            now = services.clock.now()
            found = await shop.foresee(tx, session.current_actor(), asked.store_id, now)
        self.coming = Coming() if found is None else coming_of(found)


def coming_of(found: Foresight) -> Coming:
    """Put what comes into words."""
    lost = f"Ещё у {of_goods(found.lost_sight)} прибыль не посчитать: нет ставок на этот день."
    return Coming(
        title=f"С {day_words(found.on)} изменятся ставки",
        effect=shop.told_in_words(found),
        note=lost if found.lost_sight else "",
        figures=[
            FigureChangeRow(
                it.name, f"с {day_words(it.on)}", it.now or "—", it.later or "ещё не известно"
            )
            for it in found.figures
        ],
        fallen=[
            FallenRow(name, whole(profit), f"/calculators/unit?product={id_}")
            for id_, name, profit in found.fallen
        ],
    )
