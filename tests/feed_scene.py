"""A feed store with goods, its secret address, and whoever asks for the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

import httpx
from accounts_scene import Scene
from records import add_product, add_store, add_user, seller
from sqlalchemy import select
from sqlmodel import col
from web_stage import Site

from cube_demper.domain.accounts.schemas import Actor
from cube_demper.domain.feed import service as feed
from cube_demper.models.catalog import Product
from cube_demper.models.feed import FeedPull, StoreFeed
from cube_demper.models.pricing import PriceHistory
from cube_demper.models.stores import Channel, KaspiStore

ALMATY, ASTANA = "750000000", "710000000"
_NS = "{kaspiShopping}"


def points_of(merchant: str) -> list[dict[str, Any]]:
    cities = {ALMATY: "Алматы", ASTANA: "Астана"}
    return [
        {
            "id": f"{merchant}_PP{number}",
            "name": f"PP{number}",
            "cityId": city,
            "cityName": name,
            "enabled": True,
        }
        for number, (city, name) in enumerate(cities.items(), start=1)
    ]


def stock_of(merchant: str) -> list[dict[str, Any]]:
    return [
        {
            "storeId": f"{merchant}_PP1",
            "available": "yes",
            "stockCount": 3,
            "stockSpecified": True,
            "preOrder": None,
        },
        {
            "storeId": f"{merchant}_PP2",
            "available": "no",
            "stockCount": None,
            "stockSpecified": False,
            "preOrder": 2,
        },
    ]


@dataclass
class FeedScene:
    """One seller, one feed store."""

    site: Site
    actor: Actor
    store: KaspiStore
    path: str

    @property
    def scene(self) -> Scene:
        return self.site.scene

    async def add(self, count: int = 1, **columns: Any) -> list[Product]:
        given: dict[str, Any] = {"availabilities": stock_of(self.store.merchant_id)}
        async with self.scene.db.write() as tx:
            return [await add_product(tx, self.store, **(given | columns)) for _ in range(count)]

    async def pull(self, **headers: str) -> httpx.Response:
        return await self.site.client.get(self.path, headers=headers)

    async def history(self) -> list[PriceHistory]:
        async with self.scene.db.read() as tx:
            query = select(PriceHistory).order_by(col(PriceHistory.created_at))
            return list((await tx.scalars(query)).all())

    async def pulls(self) -> list[FeedPull]:
        async with self.scene.db.read() as tx:
            return list((await tx.scalars(select(FeedPull).order_by(col(FeedPull.at)))).all())

    async def feed(self) -> StoreFeed:
        async with self.scene.db.read() as tx:
            return (await tx.scalars(select(StoreFeed))).one()


async def open_scene(site: Site, **columns: Any) -> FeedScene:
    async with site.scene.db.write() as tx:
        user = await add_user(tx)
        given = {"channel": Channel.FEED, "guid": None, "synced_at": site.scene.clock.now()}
        store = await add_store(tx, user, **(given | columns))
        store.points = points_of(store.merchant_id)
        await tx.flush()
        path = await feed.rotate(
            tx, seller(user), store.id, site.services.secrets, site.scene.clock.now()
        )
    return FeedScene(site, seller(user), store, path)


def prices(xml: bytes) -> dict[str, int | dict[str, int]]:
    """Return the prices of a file by SKU: one, or by city."""
    found: dict[str, int | dict[str, int]] = {}
    for offer in ET.fromstring(xml).iter(f"{_NS}offer"):  # noqa: S314 - our own file
        single = offer.find(f"{_NS}price")
        found[offer.attrib["sku"]] = (
            int(single.text or "")
            if single is not None
            else {it.attrib["cityId"]: int(it.text or "") for it in offer.iter(f"{_NS}cityprice")}
        )
    return found
