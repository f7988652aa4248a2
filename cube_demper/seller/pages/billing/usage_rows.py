"""How much of the plan is used, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from cube_demper.domain.billing.view_schemas import Usage
from cube_demper.seller.pages.billing.words import GOODS
from cube_demper.ui.format import counted, number


@dataclass
class UsageNow:
    """The card «Использование»: words and percents of the bars."""

    goods: str = ""
    goods_percent: int = 0
    goods_tone: str = "blue"
    over: str = ""
    messages: str = ""
    proxies: str = ""
    proxies_percent: int = 0
    shortage: str = ""


def usage_now(usage: Usage, messages: int = 0) -> UsageNow:
    """Return how much of the plan is used."""
    working = min(usage.bots, usage.bot_limit)
    missing = max(0, usage.proxies_due - usage.proxies)
    return UsageNow(
        goods=f"{number(usage.bots)} из {number(usage.bot_limit)}",
        goods_percent=_percent(working, usage.bot_limit),
        goods_tone="red" if usage.over else _near(working, usage.bot_limit),
        over=(
            f"{counted(usage.over, *GOODS)} с ботом не помещаются в тариф: их цены стоят"
            if usage.over
            else ""
        ),
        messages=number(messages),
        proxies=(
            f"{number(usage.proxies)} из {number(usage.proxies_due)}" if usage.proxies_due else ""
        ),
        proxies_percent=_percent(usage.proxies, usage.proxies_due),
        shortage=(
            f"Не хватает {number(missing)}: добавим, когда освободятся. Бот работает и без них, "
            "на общих адресах"
            if missing
            else ""
        ),
    )


def _percent(part: int, whole: int) -> int:
    return min(100, part * 100 // whole) if whole else 0


def _near(part: int, whole: int) -> str:
    return "amber" if whole and part * 10 >= whole * 9 else "blue"
