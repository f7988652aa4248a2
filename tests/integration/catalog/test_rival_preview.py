"""What rules leave of the rivals, told before they are saved."""

from __future__ import annotations

from typing import Any

import pytest
from records import NOON, add_product, add_store, add_user, seller

from cube_demper.db.session import Database
from cube_demper.domain.catalog.rival_preview import RulesPreview, preview_store
from cube_demper.domain.pricing.rival_filters import RivalFilters
from cube_demper.models.pricing import MarketSnapshot
from cube_demper.seller.pages.product.inherited import preview_words

HOME = "750000000"


@pytest.mark.parametrize(
    ("filters", "left", "emptied"),
    [
        ({}, 2, 0),
        ({"min_reviews": 10}, 1, 0),
        ({"min_rating": 4.9}, 0, 1),
        ({"only_merchants": ["NOBODY"]}, 0, 1),
    ],
)
async def test_rules_that_leave_nobody_say_what_the_bot_will_do(
    db: Database, filters: dict[str, Any], left: int, emptied: int
) -> None:
    rivals = [("R1", 5), ("R2", 50)]
    offers: list[dict[str, Any]] = [
        {"merchant_id": id_, "name": id_, "price": 900_000, "reviews": reviews, "rating": 4.0}
        for id_, reviews in rivals
    ]
    async with db.write() as tx:
        user = await add_user(tx)
        store = await add_store(tx, user)
        card = (await add_product(tx, store, last_check_time=NOON)).external_kaspi_id
        assert card
        tx.add(MarketSnapshot(card=card, city_id=HOME, seen_at=NOON, total=2, offers=offers))
    async with db.read() as tx:
        found = await preview_store(
            tx,
            seller(user),
            store.id,
            filters=RivalFilters.from_json(filters),
            delivery_filter=None,
            excluded=[],
        )
    assert found == RulesPreview(rivals=2, left=left, goods=1, emptied=emptied)
    assert ("поднимет цену до макс. цены" in preview_words(found)) == bool(emptied)
