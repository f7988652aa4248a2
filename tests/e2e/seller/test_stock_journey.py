"""Stock and pre-orders from the page through the real worker to Kaspi (the sandbox) and back."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from playwright.async_api import Page, expect
from sqlmodel import col, select
from worker_process import demping_worker

from cube_demper.models.accounts import User
from cube_demper.models.catalog import Product

if TYPE_CHECKING:
    from worker_stage import Stage

pytestmark = pytest.mark.e2e


@pytest.fixture
def speed() -> float:
    """The minute and a half until the cabinet is read again are three seconds."""
    return 30


async def _type(page: Page, label: str, text: str) -> None:
    await page.get_by_role("button", name=label).click()
    await page.keyboard.press("Control+A")
    await page.keyboard.type(text)
    await page.keyboard.press("Enter")


async def _two_points(stage: Stage) -> Product:
    for product in await stage.products():
        rows = product.availabilities or []
        if product.is_on_sale and sum(row["available"] == "yes" for row in rows) > 1:
            return product
    raise AssertionError("no product is sold at two points")


async def test_an_edit_of_the_page_arrives_at_kaspi_and_the_other_points_stay(
    stage: Stage, sign_in: Any
) -> None:
    stage.sandbox.market.freeze_rivals()
    product = await _two_points(stage)
    listing = stage.sandbox.market.listing_of_store(stage.merchant, product.kaspi_sku)
    assert listing is not None
    before, prices = deepcopy(dict(listing.stocks)), dict(listing.prices)
    point = next(code for code, row in before.items() if row["available"])
    async with stage.db.read() as tx:
        user = (await tx.scalars(select(User).where(col(User.id) == stage.user_id))).one()
    page: Page = await sign_in(user, f"/products/{product.id}")

    async with demping_worker(stage):
        await _type(page, f"Остаток, {point}", "37")
        await expect(page.get_by_role("button", name=f"Остаток, {point}")).to_contain_text("37")
        await expect(page.get_by_text("Есть в кабинете Kaspi")).to_be_visible()
        assert listing.stocks[point]["stockCount"] == 37
        await _type(page, "Предзаказ, дней", "4")
        await expect(page.get_by_text("Есть в кабинете Kaspi")).not_to_be_visible()
        await expect(page.get_by_text("Есть в кабинете Kaspi")).to_be_visible()

    after = deepcopy(dict(listing.stocks))
    assert after.keys() == before.keys()
    for code, row in before.items():
        days = 4 if row["available"] else row["preOrder"]
        stock = 37 if code == point else row["stockCount"]
        assert (after[code]["stockCount"], after[code]["preOrder"]) == (stock, days)
        assert after[code]["available"] == row["available"]
    assert dict(listing.prices) == prices
    accepted = [it for it in stage.sandbox.journal.entries if it["kind"] == "accepted"]
    assert [it["sku"] for it in accepted] == [product.kaspi_sku] * 2
