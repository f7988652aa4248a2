"""Parts of the explanations: rivals, bounds, percents and moments in words."""

from __future__ import annotations

from datetime import datetime

from cube_demper.core.clock import ALMATY
from cube_demper.core.money import NBSP, ceil_to_tenge, format_tenge
from cube_demper.domain.economics.profit_floors import GAP_WORDS
from cube_demper.domain.pricing.schemas import Decision, RivalSeen, Strategy

_MONTHS = ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")


def _rival(rival: RivalSeen | None) -> str:
    """Name a rival and its price."""
    if rival is None:
        return "Конкурент"
    return f"Конкурент {_name(rival)} {format_tenge(rival.price)}"


def by_rival(rival: RivalSeen | None) -> str:
    """Name a rival in the instrumental case: «(вслед за) конкурентом»."""
    return "конкурентом" if rival is None else f"конкурентом {_name(rival)}"


def _name(rival: RivalSeen) -> str:
    return f"„{rival.name.strip()}“" if rival.name.strip() else f"№{NBSP}{rival.merchant_id}"


def rival_at_place(decision: Decision) -> str:
    """Name the rival, and the wanted place where the strategy has one."""
    if decision.strategy is not Strategy.STAY_TOP_N:
        return _rival(decision.rival)
    return f"Цель — {decision.top_n}-е место. {_rival(decision.rival)}"


def place_is_safe(decision: Decision) -> str:
    """Say that there are fewer rivals than places."""
    return (
        f"Конкурентов всего {decision.rivals_count}: "
        f"{decision.top_n}-е место обеспечено при любой цене"
    )


def nobody(decision: Decision) -> str:
    """Say that no rival is there; where others sell, that the rules leave none of them."""
    others = decision.offers_count - 1
    if others < 1:
        return "Конкурентов нет"
    return f"Других предложений: {others}, но ни одно из них вы не считаете конкурентом"


def why_not_higher(decision: Decision) -> str:
    """Say why a product without rivals keeps its price."""
    ours = format_tenge(decision.window_price)
    if decision.max_price is None:
        return f"Макс. цена не задана, поэтому цена {ours} не меняется."
    return f"Цена {ours} уже максимальная."


def floor_source(decision: Decision) -> str:
    """Say where the floor comes from."""
    gap = decision.floor_gap
    if gap is not None and decision.window_price == decision.floor:
        return f"{GAP_WORDS[gap]}: мин. прибыль не посчитать, и ниже нынешней цены бот не идёт"
    if is_floor_by_profit(decision):
        return "ниже не останется мин. прибыли"
    if decision.min_price is not None and ceil_to_tenge(decision.min_price) == decision.floor:
        return "ваша мин. цена"
    if decision.base_price is not None and ceil_to_tenge(decision.base_price) == decision.floor:
        return "мин. цена не задана, взята цена при включении бота"
    return "меньше не разрешает площадка"


def is_floor_by_profit(decision: Decision) -> bool:
    """Tell whether it is the least profit that sets the floor."""
    profit, own = decision.floor_by_profit, decision.min_price
    if profit is None or ceil_to_tenge(profit) != decision.floor:
        return False
    return own is None or ceil_to_tenge(own) != decision.floor


def cap_source(decision: Decision) -> str:
    """Say what the cap is and where it comes from."""
    cap = format_tenge(decision.cap)
    if decision.max_price is not None:
        return f"макс. цена {cap}"
    if decision.cap == decision.floor:
        return f"{cap}: макс. цена не задана, выше пола бот не поднимает"
    return f"{cap}: макс. цена не задана, взята цена при включении бота"


def fall_percent(decision: Decision) -> str:
    """Show the fall in tenths of a percent, rounded up: 30,01 % must not read as the allowed 30 %."""
    reference, target = decision.reference or 1, decision.target or 0
    whole, tenth = divmod(-((target - reference) * 1000 // reference), 10)
    return f"{whole}{f',{tenth}' if tenth else ''}{NBSP}%"


def moment(at: datetime | None) -> str:
    """Show an instant in Almaty: «22 ноя, 14:05»."""
    if at is None:
        return "следующей проверки"
    local = at.astimezone(ALMATY)
    return f"{local.day} {_MONTHS[local.month - 1]}, {local:%H:%M}"
