"""The line over the goods says what the bot does on the seller's plan."""

from __future__ import annotations

from uuid import uuid4

import pytest

from cube_demper.domain.catalog.list_schemas import StoreChoice
from cube_demper.seller.pages.products.rows import headline


def _store(*, bots: int) -> StoreChoice:
    return StoreChoice(
        id=uuid4(), name="Магазин", is_active=True, needs_reauth=False, is_bot_enabled=True,
        is_suggest_mode=False, bots_on=bots, goods=3, is_read=True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("bots", "can_reprice", "words"),
    [
        (3, True, "Бот ведёт 3 из 3 товаров"),
        (
            3,
            False,
            "3 товара, бот включён у 3 товаров: на вашем тарифе он советует цены, сам не меняет",
        ),
        (0, False, "3 товара, бот пока не включён ни у одного"),
    ],
)
def test_a_plan_without_the_bot_is_not_said_to_have_one(
    bots: int, can_reprice: bool, words: str
) -> None:
    said = headline((_store(bots=bots),), 3, can_reprice=can_reprice)
    assert said.replace("\u00a0", " ") == words
