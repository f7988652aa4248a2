"""What an order left, in the words of its panel: known, an estimate, or what is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cube_demper.domain.economics.shop.sales import Missing, OrderMargin
from cube_demper.domain.messaging.order_talk import OrderTalk
from cube_demper.domain.messaging.queue_schemas import Overview
from cube_demper.seller.pages.orders.around_rows import AroundView, around_view

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
KNOWN = OrderMargin(NOW, revenue=1_200_000, profit=300_000)


def _told(margin: OrderMargin | None) -> AroundView:
    return around_view(margin, None, OrderTalk(), Overview(False, None, []), NOW)


@pytest.mark.parametrize("is_sure", [True, False])
def test_a_profit_says_when_it_is_an_estimate(*, is_sure: bool) -> None:
    told = _told(replace(KNOWN, is_sure=is_sure))
    assert told.profit.replace("\u00a0", " ") == "3 000 ₸ · 25 %"
    assert told.profit_note.startswith("Оценка") is not is_sure
    assert told.profit_tone == ""


def test_a_loss_is_red() -> None:
    assert _told(replace(KNOWN, profit=-100)).profit_tone == "red"


def test_what_is_missing_is_named() -> None:
    told = _told(replace(KNOWN, profit=None, missing=(Missing.COST,)))
    assert (told.profit, told.profit_note) == ("не считаем", "Не указана себестоимость")
    assert told.profit_link == "/economics"
