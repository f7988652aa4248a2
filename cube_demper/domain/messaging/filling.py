"""Putting an order into a text: variables in braces, lines that would say nothing left out. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from cube_demper.core.money import format_tenge
from cube_demper.domain.messaging.gate_schemas import Language

VARIABLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "customer_name": "Имя покупателя",
        "order_code": "Номер заказа",
        "order_total": "Сумма заказа",
        "items_list": "Список товаров",
        "delivery_address": "Адрес доставки",
        "store_name": "Название магазина",
    }
)
"""SPEC §6.3, with what each is for the page."""
BONUS: Final = "review_bonus"
LONGEST: Final = 1_000
"""Letters of a template: a long first message is read as spam (INTEGRATIONS.md A.9)."""
_VARIABLE: Final = re.compile(r"\{([^{}\n]{1,40})\}")
_MOST_ITEMS: Final = 10
_NO_NAME: Final = {Language.RU: "уважаемый покупатель", Language.KK: "құрметті сатып алушы"}
_MORE: Final = {Language.RU: "и ещё {count}", Language.KK: "тағы {count}"}


@dataclass(frozen=True, slots=True)
class Line:
    """One item of an order."""

    name: str
    quantity: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Content:
    """What of an order a text may name. `total` in tiyn; None and empty: Kaspi did not say."""

    customer_name: str = ""
    order_code: str = ""
    total: int | None = None
    items: Sequence[Line] = ()
    address: str = ""
    store_name: str = ""
    review_bonus: str = ""


def unknown_variables(text: str, *, with_bonus: bool = False) -> tuple[str, ...]:
    """Return what stands in braces and names nothing; it would reach the buyer as it is."""
    known = {*VARIABLES, BONUS} if with_bonus else set(VARIABLES)
    found = dict.fromkeys(match.group(1) for match in _VARIABLE.finditer(text))
    return tuple(name for name in found if name not in known)


def fill(text: str, content: Content, language: Language) -> str:
    """Return the message. A line whose variables are all empty is left out; so is a hole after it."""
    values = _values(content, language)
    lines = []
    for line in text.replace("\r\n", "\n").split("\n"):
        named = [name for name in _VARIABLE.findall(line) if name in values]
        if named and not any(values[name] for name in named):
            continue
        # One pass: a name that looks like a variable stays a name.
        lines.append(_VARIABLE.sub(lambda it: values.get(it.group(1), it.group(0)), line).rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def items_list(items: Sequence[Line], language: Language) -> str:
    """Return «• iPhone 15» a line, at most ten of them; what was taken out of the order is not named."""
    kept = [item for item in items if item.quantity > 0]
    lines = [f"• {_one_line(item.name)}{_times(item.quantity)}" for item in kept[:_MOST_ITEMS]]
    if rest := len(kept) - len(lines):
        lines.append(_MORE[language].format(count=rest))
    return "\n".join(lines)


def _values(content: Content, language: Language) -> dict[str, str]:
    return {
        "customer_name": _one_line(content.customer_name) or _NO_NAME[language],
        "order_code": content.order_code,
        "order_total": format_tenge(content.total) if content.total is not None else "",
        "items_list": items_list(content.items, language),
        "delivery_address": _one_line(content.address),
        "store_name": _one_line(content.store_name),
        BONUS: content.review_bonus.strip(),
    }


def _times(quantity: Decimal) -> str:
    if quantity == 1:
        return ""
    return f" × {quantity.normalize():f}".replace(".", ",")


def _one_line(text: str) -> str:
    return " ".join(text.split())
