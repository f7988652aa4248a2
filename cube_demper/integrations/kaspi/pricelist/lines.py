"""One line of an uploaded list, and how its cells are read. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from cube_demper.core.errors import InvalidInput
from cube_demper.core.money import parse_tenge
from cube_demper.domain.feed.schemas import FeedOffer, FeedPoint

MOST_OFFERS = 100_000
"""Chosen: over any cabinet seen (60,000); a sheet of 200,000 lines is a mistake or an attack."""
MOST_STOCK, MOST_PREORDER = 1_000_000, 30
_YES, _NO = {"yes", "да", "true", "+"}, {"no", "нет", "false", "-", "", "0"}
_POINT = re.compile(r"PP\d{1,4}", re.IGNORECASE)


class BadCell(ValueError):
    """A cell that cannot be read; the text says why."""


@dataclass(slots=True)
class Line:
    """A line as it stands in the file; `problem`: a cell of it could not be read."""

    number: int
    sku: str = ""
    model: str = ""
    brand: str = ""
    price: int | None = None
    city_prices: dict[str, int] = field(default_factory=dict)
    points: list[FeedPoint] = field(default_factory=list)
    problem: str = ""

    def offer(self) -> FeedOffer:
        """Return it as a product."""
        return FeedOffer(
            sku=self.sku,
            model=self.model,
            brand=self.brand or None,
            points=tuple(self.points),
            price=None if self.city_prices else self.price,
            city_prices=self.city_prices,
        )


def read_price(text: str) -> int:
    """Read whole tenge («12 990», «12990.0») into tiyn. Raises BadCell."""
    clean = text.strip()
    if re.fullmatch(r"\d+[.,]0+", clean):
        clean = re.split("[.,]", clean)[0]
    try:
        price = parse_tenge(clean)
    except InvalidInput:
        raise BadCell(f"Цена «{text[:30]}» — не целое число тенге.") from None
    if price <= 0:
        raise BadCell("Цена должна быть больше нуля.")
    return price


def read_point(code: str, cell: str, pre_order: int | None = None) -> FeedPoint:
    """Read a cell of a point: yes, no or how many there are. Raises BadCell."""
    word = cell.strip().lower()
    if word in _YES:
        return FeedPoint(code, is_available=True, pre_order=pre_order)
    if word in _NO:
        return FeedPoint(code, is_available=False)
    stock = read_count(word, most=MOST_STOCK, what=f"Наличие в {code}")
    return FeedPoint(code, is_available=stock > 0, stock=stock, pre_order=pre_order)


def read_count(text: str, *, most: int, what: str) -> int:
    """Read a whole number; Kaspi's own export writes «2.0». Raises BadCell."""
    found = re.fullmatch(r"(\d{1,9})(?:[.,]0+)?", text.strip())
    if found is None or int(found[1]) > most:
        raise BadCell(f"{what}: «{text[:30]}» — не число от 0 до {most}.")
    return int(found[1])


def is_point(code: str) -> bool:
    """Tell whether this names a point: «PP1»."""
    return bool(_POINT.fullmatch(code.strip()))
