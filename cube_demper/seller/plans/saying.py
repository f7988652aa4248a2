"""Words about plans, cards and days that the frame and the page of billing share. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from cube_demper.core.money import NBSP, format_tenge
from cube_demper.domain.billing.view_schemas import CardView, Standing
from cube_demper.ui.format import ALMATY, NOTHING, clock_time, day

DAYS: Final = ("день", "дня", "дней")
BRANDS: Final[Mapping[str, str]] = {"visa": "Visa", "mastercard": "Mastercard", "mir": "Мир"}


def price_words(tiyn: int) -> str:
    """Say a plan's price: «9 999 ₸ за 30 дней», «0 ₸ без срока» for a free one."""
    return f"{format_tenge(tiyn)} за 30 дней" if tiyn else f"{format_tenge(0)} без срока"


def card_words(card: CardView) -> str:
    """Name a card: «Visa •• 1111», never broken between the dots and the digits."""
    brand = BRANDS.get(card.brand.lower(), card.brand) or "Карта"
    return f"{brand} ••{NBSP}{card.last_four}"


def sources_of(standing: Standing) -> str:
    """Say what pays for the next period: «2 000 ₸ с баланса и 7 999 ₸ с карты Visa •• 1111»."""
    rest = standing.renewal - standing.from_balance
    parts = [f"{format_tenge(standing.from_balance)} с баланса"] if standing.from_balance else []
    if rest and (standing.card is not None or standing.is_card_hidden):
        card = card_words(standing.card) if standing.card else "владельца"
        parts.append(f"{format_tenge(rest)} с карты {card}")
    return " и ".join(parts)


def day_of(when: datetime | None, now: datetime) -> str:
    """Say a day of Almaty, with its year when it is another one: «27 дек», «3 янв 2027»."""
    if when is None:
        return NOTHING
    year = when.astimezone(ALMATY).year
    return day(when) if year == now.astimezone(ALMATY).year else f"{day(when)} {year}"


def moment_of(when: datetime | None, now: datetime) -> str:
    """Say a day and its time, with the year when it is another one: «3 янв 2027, 14:05»."""
    return NOTHING if when is None else f"{day_of(when, now)}, {clock_time(when)}"


def days_left(until: datetime, now: datetime) -> int:
    """Return whole days that are left, by the calendar of Almaty; 0 on the last day."""
    return max(0, (until.astimezone(ALMATY).date() - now.astimezone(ALMATY).date()).days)
