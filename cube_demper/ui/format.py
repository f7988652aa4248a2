"""Numbers, dates, ages and plurals as people read them (UI.md «Words»). Money: `core.money`."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from babel import Locale

from cube_demper.core.money import MINUS, NBSP, format_tenge

ALMATY = ZoneInfo("Asia/Almaty")
NOTHING = "—"
_RUSSIAN = Locale("ru")
_MONTHS = ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")


def number(value: float | Decimal | None, *, digits: int = 0) -> str:
    """Show a number as «12 990» or «4,8»; a missing one is «—»."""
    if value is None:
        return NOTHING
    step = Decimal(1).scaleb(-digits)
    rounded = Decimal(str(value)).quantize(step, ROUND_HALF_UP)
    text = f"{abs(rounded):,.{digits}f}".replace(",", NBSP).replace(".", ",")
    return f"{MINUS if rounded < 0 else ''}{text}"


def percent(value: float | Decimal | None, *, digits: int = 1) -> str:
    """Show a percentage as «12,5 %», a whole one as «12 %»."""
    if value is None:
        return NOTHING
    text = number(value, digits=digits)
    if digits:
        text = text.removesuffix("," + "0" * digits)
    return f"{text}{NBSP}%"


def signed_tenge(tiyn: int | None) -> str:
    """Show a difference of money: «+10 ₸», «−210 ₸», «0 ₸»."""
    if tiyn is None:
        return NOTHING
    return f"+{format_tenge(tiyn)}" if tiyn > 0 else format_tenge(tiyn)


def day(when: datetime | None) -> str:
    """Show a date of Almaty as «22 ноя»."""
    if when is None:
        return NOTHING
    local = when.astimezone(ALMATY)
    return f"{local.day}{NBSP}{_MONTHS[local.month - 1]}"


def clock_time(when: datetime | None) -> str:
    """Show a time of day of Almaty as «14:05»."""
    return NOTHING if when is None else f"{when.astimezone(ALMATY):%H:%M}"


def exact_time(when: datetime | None) -> str:
    """Show a time of day of Almaty with its seconds: «14:02:48»."""
    return NOTHING if when is None else f"{when.astimezone(ALMATY):%H:%M:%S}"


def moment(when: datetime | None, *, now: datetime | None = None) -> str:
    """Show «22 ноя, 14:05»; with `now`, only the time for today and the year for another one."""
    if when is None:
        return NOTHING
    local = when.astimezone(ALMATY)
    if now is None:
        return f"{day(local)}, {local:%H:%M}"
    today = now.astimezone(ALMATY)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    year = f"{NBSP}{local.year}" if local.year != today.year else ""
    return f"{day(local)}{year}, {local:%H:%M}"


def duration(span: timedelta) -> str:
    """Show a length of time by its two greatest parts: «40 с», «12 мин», «1 ч 55 мин», «3 дн»."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < 60:
        return f"{seconds}{NBSP}с"
    minutes, hours = seconds // 60 % 60, seconds // 3600
    if hours >= 48:
        return f"{hours // 24}{NBSP}дн"
    if not hours:
        return f"{minutes}{NBSP}мин"
    return f"{hours}{NBSP}ч" + (f" {minutes}{NBSP}мин" if minutes else "")


def wait_words(span: timedelta) -> str:
    """Show a wait, to the second up to three minutes and rounded up: «90 с», then as `duration`."""
    seconds = -(-span // timedelta(seconds=1))
    return f"{seconds}{NBSP}с" if seconds <= 180 else duration(span)


def age(when: datetime | None, now: datetime) -> str:
    """Show how long ago: «12 с назад», «3 мин назад», «5 ч назад», «вчера», then the date."""
    if when is None:
        return "ещё не было"
    passed = now - when
    if passed < timedelta(hours=1):
        return f"{duration(passed)} назад"
    days = (now.astimezone(ALMATY).date() - when.astimezone(ALMATY).date()).days
    if days == 0:
        return f"{int(passed.total_seconds() // 3600)}{NBSP}ч назад"
    return "вчера" if days == 1 else day(when)


def plural(count: int, one: str, few: str, many: str) -> str:
    """Choose the word for a count by the language's rule: 1 товар, 2 товара, 5 товаров."""
    forms = {"one": one, "few": few}
    return forms.get(_RUSSIAN.plural_form(abs(count)), many)


def counted(count: int, one: str, few: str, many: str) -> str:
    """Show a count with its word: «1 товар», «2 товара», «1 205 товаров»."""
    return f"{number(count)}{NBSP}{plural(count, one, few, many)}"


def iso(when: datetime | None) -> str:
    """Return a moment for the browser's ticking ages (`live_value.age`); missing is empty."""
    return "" if when is None else when.astimezone(ALMATY).isoformat()
