"""Which offers are not rivals, as the column `rival_filters` keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeGuard

from cube_demper.domain.pricing.codec import as_object


@dataclass(frozen=True, slots=True)
class RivalFilters:
    """Which offers are not rivals, from `rival_filters`; every key is optional."""

    min_rating: float | None = None
    min_reviews: int | None = None
    ignore_preorder: bool | None = None
    only_merchants: frozenset[str] = frozenset()
    """When not empty, nobody else is a rival."""
    excluded_merchants: frozenset[str] = frozenset()
    """Not rivals here; a store's own list is `excluded_merchant_ids`."""

    @classmethod
    def from_json(cls, value: object) -> RivalFilters:
        """Read the column; JSON that a driver hands over as text is read too, oddities are blank."""
        raw = as_object(value)
        if not raw:
            return _NO_FILTERS
        rating, reviews = raw.get("min_rating"), raw.get("min_reviews")
        preorder = raw.get("ignore_preorder")
        return cls(
            min_rating=float(rating) if _is_number(rating) else None,
            min_reviews=int(reviews) if _is_number(reviews) else None,
            ignore_preorder=preorder if isinstance(preorder, bool) else None,
            only_merchants=_names(raw.get("only_merchants")),
            excluded_merchants=_names(raw.get("excluded_merchants")),
        )

    @classmethod
    def merged(cls, store: RivalFilters, product: RivalFilters) -> RivalFilters:
        """Lay the product's filters over the store's, key by key; a blank key lets the store's through."""
        return cls(
            min_rating=store.min_rating if product.min_rating is None else product.min_rating,
            min_reviews=store.min_reviews if product.min_reviews is None else product.min_reviews,
            ignore_preorder=(
                store.ignore_preorder
                if product.ignore_preorder is None
                else product.ignore_preorder
            ),
            only_merchants=product.only_merchants or store.only_merchants,
            excluded_merchants=product.excluded_merchants | store.excluded_merchants,
        )

    def to_json(self) -> dict[str, object]:
        """Write the column: only the keys that are set."""
        values: dict[str, object] = {
            "min_rating": self.min_rating,
            "min_reviews": self.min_reviews,
            "ignore_preorder": self.ignore_preorder,
            "only_merchants": sorted(self.only_merchants) or None,
            "excluded_merchants": sorted(self.excluded_merchants) or None,
        }
        return {key: value for key, value in values.items() if value is not None}


_NO_FILTERS = RivalFilters()


def _names(value: object) -> frozenset[str]:
    return frozenset(map(str, value)) if isinstance(value, list) else frozenset()


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
