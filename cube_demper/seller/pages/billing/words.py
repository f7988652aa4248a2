"""Words of the page that more than one of its parts uses."""

from __future__ import annotations

from typing import Final

GOODS: Final = ("товар", "товара", "товаров")
OF_GOODS: Final = ("товара", "товаров", "товаров")
