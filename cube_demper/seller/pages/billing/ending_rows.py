"""What ends when renewal is cancelled, in numbers. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from cube_demper.domain.billing.view_schemas import Standing, Usage
from cube_demper.seller.pages.billing.words import OF_GOODS
from cube_demper.seller.plans.saying import day_of, sources_of
from cube_demper.ui.format import counted


@dataclass
class Ending:
    """The question; `title` "" asks nothing."""

    title: str = ""
    text: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)


def ending_of(standing: Standing, usage: Usage, now: datetime) -> Ending:
    """Say what stops, when, and what stays."""
    until = day_of(standing.grace_until or standing.ends_at, now)
    working = min(usage.bots, usage.bot_limit)
    facts = [("До этого дня", f"{standing.plan.title} работает целиком, до {until}")]
    if standing.renews_itself:
        facts.append(("Не спишем", sources_of(standing)))
    if working:
        goods = counted(working, *OF_GOODS)
        facts.append((f"С {until} бот", f"перестанет менять цены у {goods}, цены замрут"))
    if "whatsapp" in standing.plan.features:
        facts.append((f"С {until} WhatsApp", "новые сообщения покупателям не уходят"))
    facts.append(("Останутся", "товары, границы, журнал, заказы и переписка"))
    return Ending(
        title=f"Отменить продление {standing.plan.title}?",
        text=f"Деньги за дни до {until} не пропадут: тариф доработает. Вернуть продление можно в "
        "любой день до него.",
        facts=facts,
    )
