"""What the salesman knows, what the model proposes and what a buyer is offered. Sums in tiyn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from cube_demper.domain.messaging.gate_schemas import Language
from cube_demper.models.salesman import Trigger

__all__ = ["SCHEMA", "Case", "Goods", "Language", "Line", "Offer", "Proposal", "Terms", "Trigger"]


@dataclass(frozen=True, slots=True)
class Goods:
    """One SKU in stock at today's price. `floor`: below it nothing is ever offered; None: not set."""

    sku: str
    name: str
    price: int
    floor: int | None = None
    category: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the store's settings allow to say. Empty and 0: not to be spoken of."""

    store_name: str
    tone: str = ""
    discount_percent: int = 0
    promo_code: str = ""
    review_bonus: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A turn of the talk with the buyer."""

    text: str
    is_ours: bool


@dataclass(frozen=True, slots=True)
class Case:
    """All that one message may be made of. `language`: the one the buyer writes in, if that is known."""

    trigger: Trigger
    terms: Terms
    customer_name: str
    order_code: str = ""
    bought: tuple[str, ...] = ()
    orders_before: int = 0
    goods: tuple[Goods, ...] = ()
    language: Language | None = None
    talk: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the model would say. Figures, names and codes are not its own: it writes `{goods}` for them."""

    text: str
    language: Language
    skus: tuple[str, ...] = ()
    discount_percent: int = 0
    wants_seller: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A message that may leave. `skus`: what it offers, each at `prices` (tiyn, the discount taken off)."""

    text: str
    language: Language
    skus: tuple[str, ...] = ()
    prices: tuple[int, ...] = ()
    discount_percent: int = 0
    wants_seller: bool = False
    template: str = field(default="", repr=False)
    """The model's text before its variables were filled: another day fills them anew."""


SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "text": {"type": "string"},
        "language": {"type": "string", "enum": [it.value for it in Language]},
        "skus": {"type": "array", "items": {"type": "string"}, "maxItems": 3},
        "discount_percent": {"type": "integer", "minimum": 0, "maximum": 15},
        "wants_seller": {"type": "boolean"},
    },
    "required": ["text", "language", "skus", "discount_percent", "wants_seller"],
}
