"""Saved cards in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cube_demper.core.money import format_tenge
from cube_demper.domain.billing.view_schemas import CardView, Standing
from cube_demper.seller.plans.saying import card_words, day_of
from cube_demper.ui.format import ALMATY


@dataclass
class CardRow:
    """A card of the list. `trouble`: it expires before the next charge, in words."""

    id: str = ""
    name: str = ""
    expires: str = ""
    is_default: bool = False
    trouble: str = ""


@dataclass
class Removal:
    """The question before a card is removed; `id` "" asks nothing."""

    id: str = ""
    title: str = ""
    text: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)


def card_row(card: CardView, standing: Standing, now: datetime) -> CardRow:
    """Return a card; one that expires before it is charged says so."""
    expires = f"до {card.expires_on:%m/%y}" if card.expires_on else ""
    return CardRow(
        id=str(card.id),
        name=card_words(card),
        expires=expires,
        is_default=_renews(card, standing),
        trouble=_trouble(card, standing, now),
    )


def _renews(card: CardView, standing: Standing) -> bool:
    """Tell whether the next charge is from this card; without a paid plan the default one is it."""
    if standing.ends_at is None or standing.is_trial:
        return card.is_default
    return standing.card is not None and standing.card.id == card.id


def _trouble(card: CardView, standing: Standing, now: datetime) -> str:
    if card.expires_on is None:
        return ""
    if card.expires_on < now.astimezone(ALMATY).date():
        return "Срок карты истёк: банк откажет"
    at = standing.charge_at or standing.ends_at
    if (
        _renews(card, standing)
        and at is not None
        and card.expires_on < at.astimezone(ALMATY).date()
    ):
        return f"Истечёт раньше списания {day_of(at, now)}: привяжите другую"
    return ""


def removal_of(
    card: CardView, standing: Standing, cards: Sequence[CardView], now: datetime
) -> Removal:
    """Say what removing a card stops, in numbers."""
    others = [it for it in cards if it.id != card.id]
    renews = standing.card is not None and standing.card.id == card.id
    facts: list[tuple[str, str]] = []
    if renews and not standing.is_ending and standing.from_balance < standing.renewal:
        charged = standing.renewal - standing.from_balance
        until, sum_words = day_of(standing.ends_at, now), format_tenge(charged)
        when = f"Списание {day_of(standing.charge_at or standing.ends_at, now)}"
        if others:
            facts.append((when, f"{sum_words} с карты {card_words(others[0])}"))
        else:
            facts.append((when, f"{sum_words} не пройдёт: другой карты нет"))
            facts.append(("Тариф", f"{standing.plan.title} до {until}, дальше оплатите сами"))
    return Removal(
        id=str(card.id),
        title=f"Удалить карту {card_words(card)}?",
        text="Мы забудем её и больше ничего с неё не спишем. Прошлые платежи останутся в списке.",
        facts=facts,
    )
