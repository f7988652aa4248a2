"""A sheet of batches: what is understood, and what is refused in which words."""

from __future__ import annotations

from datetime import date

import pytest

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.economics.costs.sheet import Field, read_head, read_row

HEAD = read_head(["SKU", "Дата закупки", "Кол-во", "Цена закупки, ₸", "Примечание"])


def test_a_row_is_read() -> None:
    row = read_row(2, ["A-1", "27.11.2026", "10", "12 990,50", "накладная 7"], HEAD)
    assert (row.bought_on, row.quantity, row.unit_cost) == (date(2026, 11, 27), 10, 1_299_050)
    assert (row.sku, row.note, row.trouble) == ("A-1", "накладная 7", "")


@pytest.mark.parametrize("day", ["2026-11-27", "27.11.26", "2026-11-27 00:00:00", "27/11/2026"])
def test_days_of_excel_and_of_people_are_read(day: str) -> None:
    assert read_row(2, ["A", day, "1", "5"], HEAD).bought_on == date(2026, 11, 27)


@pytest.mark.parametrize(
    ("cells", "trouble"),
    [
        (["", "27.11.2026", "1", "5"], "нет артикула"),
        (["A", "вчера", "1", "5"], "дата"),
        (["A", "31.02.2026", "1", "5"], "дата"),
        (["A", "2026-13-01", "1", "5"], "дата"),
        (["A", "27.11.2026", "0", "5"], "количество"),
        (["A", "27.11.2026", "1.5", "5"], "количество"),
        (["A", "27.11.2026", "", "5"], "количество"),
        (["A", "27.11.2026", "1", "-5"], "не меньше нуля"),
        (["A", "27.11.2026", "1", "5,555"], "цена закупки"),
        (["A", "27.11.2026", "1", "1e30"], "число"),
        (["A", "27.11.2026", "1", "пять"], "число"),
        (["A", "27.11.2026", "1"], "нет цены закупки"),
    ],
)
def test_what_cannot_be_read_is_told(cells: list[str], trouble: str) -> None:
    assert trouble in read_row(2, cells, HEAD).trouble


def test_a_blank_cost_is_not_a_free_batch_but_a_zero_is() -> None:
    assert read_row(2, ["A", "27.11.2026", "1", ""], HEAD).trouble
    assert not read_row(2, ["A", "27.11.2026", "1", "0"], HEAD).trouble


def test_a_head_without_what_is_needed_says_what() -> None:
    with pytest.raises(InvalidInput, match="«Количество», «Цена закупки»"):
        read_head(["Артикул", "Дата", "Сумма"])
    with pytest.raises(InvalidInput, match="дважды"):
        read_head(["Артикул", "Дата", "Количество", "Цена закупки", "Себестоимость"])
    assert HEAD[Field.COST] == 3
