"""Plots and lines of unit economics: a missing cost is missing everywhere, never a zero."""

from __future__ import annotations

from typing import Any

from cube_demper.domain.calculations.unit_papers import MISSING, unit_paper
from cube_demper.domain.calculators.reading import check_case
from cube_demper.domain.economics.study import Study, study
from cube_demper.domain.economics.tariffs import Tariffs
from cube_demper.domain.economics.unit_case import UnitCase
from cube_demper.domain.rates import shipped
from cube_demper.seller.calculations.paper import as_text, as_xlsx
from cube_demper.seller.pages.calculator_unit.figure import (
    sensitivity,
    sensitivity_words,
    waterfall,
    waterfall_words,
)
from cube_demper.seller.pages.calculator_unit.rows import sides

TARIFFS = Tariffs(shipped.load())
SALE: dict[str, Any] = {
    "price": "20000",
    "cost": "12000",
    "category": ["Телефоны и гаджеты", "Смартфоны"],
    "regime": "ip_simplified",
    "on": "2026-11-27",
    "weight_kg": "0.5",
}
WITHOUT = {name: it for name, it in SALE.items() if name != "cost"}


def studied(asked: dict[str, Any]) -> Study:
    return study(check_case(UnitCase, asked), TARIFFS)


def test_bars_lead_from_the_price_to_the_profit() -> None:
    (bars,) = waterfall(studied(SALE)).data
    assert list(bars.y) == ["Цена", "Комиссия Kaspi", "Доставка", "Налог", "Закупка", "Прибыль"]
    assert bars.x[0] - sum(bars.x[1:-1]) == bars.x[-1] == 3425.16


def test_without_a_cost_there_is_no_profit_to_see() -> None:
    found = studied(WITHOUT)
    (bars,) = waterfall(found).data
    assert not {"Прибыль", "Закупка"} & set(bars.y)
    assert "не указана" in waterfall_words(found)
    assert sensitivity(found).data == ()
    assert sensitivity_words(found) == ""
    by_name = {it.name: it.cells for it in sides([studied(SALE), found])}
    for name in ("Закупка", "Прибыль", "Маржа", "Цена без убытка"):
        assert by_name[name][1] == MISSING


def test_paper_is_text_and_a_sheet() -> None:
    paper = unit_paper("=Смартфон", [SALE, WITHOUT], [studied(SALE), studied(WITHOUT)])
    text = as_text(paper)
    assert "Прибыль — 3\u00a0425,16\u00a0₸ — нет закупки" in text
    assert "почти точно" in text
    assert as_xlsx(paper).startswith(b"PK")
