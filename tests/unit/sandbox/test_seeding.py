from __future__ import annotations

import re

import pytest

from cube_demper.sandbox.names import slug_of
from cube_demper.sandbox.seeding import DEMO_PLAN, SMALL_PLAN, make_world


def test_the_demo_is_two_stores_of_one_person_that_share_fifty_cards() -> None:
    world = make_world(DEMO_PLAN, 2026)
    first, second = world.stores.values()
    assert (len(first), len(second), len(world.cards)) == (260, 190, 400)
    shared = {x.card_id for x in first.values()} & {x.card_id for x in second.values()}
    assert len(shared) == 50
    account = world.accounts["seller@example.kz"]
    assert account.merchant_uids == list(world.stores)
    assert account.password == "demo-12345"


def test_most_cards_have_rivals_and_a_few_have_none() -> None:
    world = make_world(DEMO_PLAN, 2026)
    rivals = [len(c.listings) - sum(x.merchant.uid in world.stores for x in c.listings)
              for c in world.cards.values()]  # fmt: skip
    assert 0 < rivals.count(0) < 50
    assert max(rivals) == 6


@pytest.mark.parametrize("seed", [1, 2, 2026])
def test_every_product_and_every_title_is_there_once(seed: int) -> None:
    world = make_world(DEMO_PLAN, seed)
    skus = [x.sku for card in world.cards.values() for x in card.listings]
    assert len(skus) == len(set(skus))
    titles = [card.title for card in world.cards.values()]
    assert len(titles) == len(set(titles))
    assert len({store.name for store in world.merchants.values()}) == len(world.merchants)


def test_prices_are_whole_tenge_and_floors_lie_under_ceilings() -> None:
    world = make_world(SMALL_PLAN, 1)
    for card in world.cards.values():
        for listing in card.listings:
            assert all(type(price) is int and price >= 10 for price in listing.prices.values())
            floor, ceiling = getattr(listing, "floor", 1), getattr(listing, "ceiling", 2)
            assert floor < ceiling


def test_the_card_is_the_last_number_of_its_link_and_the_first_of_its_skus() -> None:
    world = make_world(SMALL_PLAN, 1)
    for card in world.cards.values():
        assert re.search(r"/p/[a-z0-9-]+-(\d+)/$", card.link)[1] == card.id  # type: ignore[index]
        assert all(x.sku.partition("_")[0] == card.id for x in card.listings)


def test_the_fingerprint_tells_worlds_apart() -> None:
    prints = {make_world(SMALL_PLAN, 1).fingerprint, make_world(SMALL_PLAN, 2).fingerprint}
    prints.add(make_world(DEMO_PLAN, 1).fingerprint)
    assert len(prints) == 3
    assert make_world(SMALL_PLAN, 1).fingerprint in prints


def test_a_slug_is_latin() -> None:
    assert slug_of("Утюг Тавро ST-22 2400 Вт, синий") == "utjug-tavro-st-22-2400-vt-sinii"
