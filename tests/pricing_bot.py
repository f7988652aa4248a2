"""The worker's transactions over one product, with no Kaspi between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from records import NOON, add_product, add_store, add_user, seller
from sqlmodel import col, select, update

from cube_demper.core.ids import new_id
from cube_demper.db.session import Database, WriteTx
from cube_demper.domain.accounts.schemas import SYSTEM, Actor
from cube_demper.domain.market.schemas import Market, Offer
from cube_demper.domain.pricing import checking, recording, sending
from cube_demper.domain.pricing.terms import store_terms
from cube_demper.domain.pricing.turns import Turn
from cube_demper.domain.pricing.work import Outcome
from cube_demper.domain.stores import service as stores
from cube_demper.domain.stores.schemas import ReadyStore
from cube_demper.models.catalog import Product
from cube_demper.models.operations import Notification
from cube_demper.models.rivalry import PriceWar
from cube_demper.models.stores import KaspiStore

ALMATY, US, RIVAL = "750000000", "MINE", "R1"
POINTS = [{"id": "1_PP1", "name": "PP1", "cityId": ALMATY, "cityName": "Алматы", "enabled": True}]
STOCK = [
    {
        "storeId": "1_PP1",
        "available": "yes",
        "stockCount": None,
        "stockSpecified": False,
        "preOrder": None,
    }
]


@dataclass
class Bot:
    """The worker's transactions with no Kaspi between them."""

    db: Database
    actor: Actor
    store: ReadyStore
    product_id: UUID

    async def look(
        self, at: datetime, own: int, *rivals: tuple[str, int], sends: bool = True
    ) -> None:
        """Check the product on this market, and send what was decided, if Kaspi takes any changes."""
        offers = sorted([(US, own), *rivals], key=lambda it: it[1])
        market = Market(
            "77",
            ALMATY,
            tuple(Offer(merchant, f"Магазин {merchant}", price) for merchant, price in offers),
            len(offers),
            at,
        )
        claim = checking.Claim(new_id(), None, at, timedelta(minutes=1), 10, Turn())
        by_id = {self.store.id: self.store}
        terms = store_terms(self.store, min_price_tenge=10, max_fall_percent=30)
        async with self.db.write() as tx:
            (card,) = await checking.claim(tx, by_id, claim, at)
        (due,) = card.products
        (city,) = due.product.cities
        judged = checking.judge(due, city, market, store=self.store, terms=terms, now=at)
        async with self.db.write() as tx:
            outcome = Outcome(due, (judged,), at)
            assert await recording.record(tx, [outcome], by_id, claim.id, at) == 1
        if sends:
            await self.send(at)

    async def send(self, at: datetime) -> None:
        """Send what waits; Kaspi accepts."""
        terms = store_terms(self.store, min_price_tenge=10, max_fall_percent=30)
        async with self.db.write() as tx:
            batch = await sending.take_batch(tx, [self.product_id], self.store, terms, at)
        async with self.db.write() as tx:
            await sending.accepted(tx, batch.sends, self.store, at)

    async def war(self, at: datetime, *, falls: int = 5) -> datetime:
        """Chase the rival from 12 000 ₸ down, a fall each three minutes; return the last moment."""
        price = 1_200_000
        for number in range(falls):
            at = at + timedelta(minutes=3)
            await self.look(at, price, (RIVAL, price - 10_000 - number * 100))
            price -= 10_000 + number * 100 + 100
        return at

    def on(self, product_id: UUID) -> Bot:
        """Return the same bot on another product of the store."""
        return replace(self, product_id=product_id)

    async def look_away(self) -> None:
        """Let this product wait, so that the next claim takes another one."""
        async with self.db.write() as tx:
            later = NOON + timedelta(days=30)
            await tx.execute(
                update(Product)
                .where(col(Product.id) == self.product_id)
                .values(next_check_at=later)
            )

    async def wars(self) -> list[PriceWar]:
        async with self.db.read() as tx:
            return list(
                (await tx.scalars(select(PriceWar).order_by(col(PriceWar.called_at)))).all()
            )

    async def news(self) -> list[Notification]:
        async with self.db.read() as tx:
            return list((await tx.scalars(select(Notification))).all())


async def make_bot(db: Database, **settings: Any) -> Bot:
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user, merchant_id=US, points=POINTS, bot=settings)
        product = await make_product(tx, store, "77")
    async with db.read() as tx:
        (ready,) = await stores.ready_stores(tx, SYSTEM, NOON)
    return Bot(db, seller(user), ready, product.id)


async def make_product(tx: WriteTx, store: KaspiStore, card: str) -> Product:
    return await add_product(
        tx,
        store,
        name=f"Чайник {card}",
        external_kaspi_id=card,
        price=1_200_000,
        min_price=400_000,
        max_price=1_300_000,
        availabilities=STOCK,
        supply_read_at=NOON,
    )
