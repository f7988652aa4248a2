"""Dated figures as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from cube_demper.core.money import format_tenge
from cube_demper.domain.rates.endings import Ending
from cube_demper.domain.rates.rows import Confidence, Dated, Payer
from cube_demper.domain.rates.tables import DELIVERY_KINDS, Tables
from cube_demper.ui.format import number

TABS: Final = {
    "index": "МРП и МЗП",
    "base_rate": "Базовая ставка",
    "tax": "Налоги",
    "duty": "Госпошлины",
    "commission": "Комиссии Kaspi",
    "delivery": "Доставка Kaspi",
    "fee": "Прочее Kaspi",
}
TABLES: Final = {
    "index": "indexes",
    "base_rate": "base_rates",
    "tax": "taxes",
    "duty": "duties",
    "commission": "commissions",
    "delivery": "deliveries",
    "fee": "fees",
}
_PAYERS: Final = {
    Payer.PERSON: "физлицо",
    Payer.IP: "ИП",
    Payer.TOO: "юрлицо",
    Payer.ANY: "все",
}
_SURE: Final = {
    Confidence.HIGH: ("Проверена", "green"),
    Confidence.MEDIUM_HIGH: ("Почти точно", "blue"),
    Confidence.MEDIUM: ("Нужно проверить", "amber"),
    Confidence.LOW: ("Ненадёжна", "red"),
}


@dataclass
class RateRow:
    """One row of a table."""

    id: str
    name: str
    name_note: str
    value: str
    value_note: str
    days: str
    is_now: bool
    sure: str
    tone: str
    source: str


def rate_rows(tables: Tables, tab: str, search: str, today: date) -> list[RateRow]:
    """Return the rows of a table whose name holds the search, those in force first."""
    rows = [_row(str(n), it, today) for n, it in enumerate(getattr(tables, TABLES[tab]))]
    wanted = search.lower()
    found = [it for it in rows if wanted in f"{it.name} {it.name_note} {it.source}".lower()]
    return sorted(found, key=lambda it: not it.is_now)


def counts(tables: Tables) -> dict[str, int]:
    """Count the rows of each table."""
    return {tab: len(getattr(tables, name)) for tab, name in TABLES.items()}


def ending_words(found: Sequence[Ending], today: date) -> list[str]:
    """Say which tables end soon, and what comes of it."""
    return [
        f"{it.name}: {'закончилась' if it.is_over(today) else 'до'} {it.last:%d.%m.%Y}, {it.after}"
        for it in found
    ]


def _row(number_: str, it: Any, today: date) -> RateRow:
    dated: Dated = it
    name, note = _name(it)
    value, value_note = _value(it)
    sure, tone = _SURE[dated.confidence]
    return RateRow(
        id=number_,
        name=name,
        name_note=note,
        value=value,
        value_note=value_note,
        days=_days(dated),
        is_now=dated.is_in_force(today),
        sure=sure,
        tone=tone,
        source=f"{dated.source}. {dated.note}" if dated.note else dated.source,
    )


def _name(it: Any) -> tuple[str, str]:
    match it.kind:
        case "commission":
            return it.path[-1], " > ".join(it.path[:-1])
        case "delivery":
            return DELIVERY_KINDS[it.kind_of].capitalize(), _delivery(it)
        case "tax" | "duty":
            where = getattr(it, "region", None) or _PAYERS[it.payer]
            return it.name, f"{where}, {it.law}"
        case "fee":
            return it.name, it.code
        case _:
            return ("МРП и МЗП" if it.kind == "index" else "Базовая ставка НБ РК"), ""


def _delivery(it: Any) -> str:
    price = f"от {format_tenge(it.price_from)}"
    if it.price_to is not None:
        price += f" до {format_tenge(it.price_to)}"
    if not it.needs_weight:
        return price
    over = number(Decimal(it.weight_over_g or 0) / 1000, digits=1)
    top = f" до {number(Decimal(it.weight_to_g) / 1000, digits=1)}" if it.weight_to_g else ""
    return f"{price}, от {over}{top} кг"


def _value(it: Any) -> tuple[str, str]:
    match it.kind:
        case "index":
            return format_tenge(it.mrp), f"МЗП {format_tenge(it.mzp)}"
        case "delivery":
            return format_tenge(it.fee_with_vat), f"без НДС {format_tenge(it.fee)}"
        case "commission":
            return _percent(it.percent), f"без НДС {_percent(it.percent_without_vat)}"
    percent, mrp = getattr(it, "percent", None), getattr(it, "mrp", None)
    amount = getattr(it, "amount", None)
    main = _percent(percent) if percent is not None else ""
    if mrp is not None:
        main = f"{main} {_plain(mrp)} МРП".strip()
    if amount is not None:
        main = f"{main} {format_tenge(amount)}".strip()
    cap, limit = getattr(it, "cap_mrp", None), getattr(it, "limit_mrp", None)
    notes = [
        f"не больше {_plain(cap)} МРП" if cap else "",
        f"предел {_plain(limit)} МРП" if limit else "",
    ]
    return main or "—", ", ".join(note for note in notes if note)


def _percent(value: Decimal) -> str:
    return f"{_plain(value)}\u00a0%"


def _plain(value: Decimal) -> str:
    digits = max(0, -int(value.normalize().as_tuple().exponent))
    return number(value, digits=digits)


def _days(it: Dated) -> str:
    begins = f"с {it.valid_from:%d.%m.%Y}" if it.valid_from else ""
    ends = f"по {it.valid_to:%d.%m.%Y}" if it.valid_to else ""
    return f"{begins} {ends}".strip() or "всегда"
