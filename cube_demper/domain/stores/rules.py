"""Pure rules of a store's bot: what settings are allowed and when the bot may work."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final, TypeVar

from cube_demper.core.clock import ALMATY
from cube_demper.core.errors import InvalidInput
from cube_demper.core.money import TIYN_IN_TENGE, parse_tenge
from cube_demper.domain.pricing.checks import check_delivery_filter
from cube_demper.domain.pricing.schemas import RivalFilters
from cube_demper.domain.stores.errors import InvalidSettings
from cube_demper.domain.stores.schemas import BotSettings, SettingsForm, WorkHours

LONGEST_INTERVAL: Final = 1440
MOST_MERCHANTS: Final = 200
_MERCHANT_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")
_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
_DAY: Final = timedelta(days=1)

_STEP = "Шаг — целое число тенге, не меньше 1."
_INTERVAL = f"Интервал — от 1 до {LONGEST_INTERVAL} минут, целым числом."
_BOTH_HOURS = "Укажите и начало, и конец работы или включите «круглосуточно»."
_EQUAL_HOURS = "Начало и конец совпадают. Для работы без перерыва включите «круглосуточно»."
_TIME_FORMAT = "Введите время от 00:00 до 23:59, например 09:00."
_MIN_PROFIT = "Прибыль — целое число тенге, не меньше 0."
_RATING = "Рейтинг — число от 0 до 5, например 4,5."
_REVIEWS = "Число отзывов — целое, не меньше 0."
SAME_MERCHANT = "Один и тот же магазин и исключён, и назван единственным конкурентом."

# The last word is the database's: what its CHECKs refuse, in the same words.
SENTENCES_OF_CHECKS: Final = {
    "ck_demping_settings_price_step_whole_tenge": ("price_step", _STEP),
    "ck_demping_settings_check_interval": ("check_interval_minutes", _INTERVAL),
    "ck_demping_settings_work_hours": ("work_hours_start", _EQUAL_HOURS),
    "ck_demping_settings_min_profit": ("min_profit", _MIN_PROFIT),
}

Value = TypeVar("Value")


def read_form(form: SettingsForm) -> BotSettings:
    """Read what a person typed. Raises InvalidSettings with a sentence for every field at fault."""
    problems: dict[str, str] = {}

    nobody: tuple[str, ...] = ()

    def take(name: str, read: Callable[[str], Value], blank: Value) -> Value:
        try:
            return read(getattr(form, name).strip())
        except InvalidInput as error:
            problems[name] = error.message
            return blank

    hours = WorkHours()
    if not form.is_round_the_clock:
        hours = WorkHours(
            take("work_hours_start", _read_time, None), take("work_hours_end", _read_time, None)
        )
    settings = BotSettings(
        price_step=take("price_step", _read_step, TIYN_IN_TENGE),
        check_interval_minutes=take("check_interval_minutes", _read_interval, 1),
        hours=hours,
        min_profit=take("min_profit", _read_profit, None),
        excluded_merchant_ids=take("excluded_merchant_ids", read_merchant_ids, nobody),
        rival_filters=RivalFilters(
            min_rating=take("min_rating", _read_rating, None),
            min_reviews=take("min_reviews", _read_reviews, None),
            ignore_preorder=form.ignore_preorder or None,
            only_merchants=frozenset(take("only_merchants", read_merchant_ids, nobody)),
        ),
        delivery_filter=take("delivery_filter", check_delivery_filter, None),
        home_city_only=form.home_city_only,
    )
    if not form.is_round_the_clock and hours == WorkHours() and not problems:
        problems["work_hours_start"] = _BOTH_HOURS
    if "work_hours_start" not in problems:
        # One sentence is enough: an unreadable start would also look like an absent one.
        problems = find_problems(settings) | problems
    if problems:
        raise InvalidSettings(problems)
    return settings


def check_settings(settings: BotSettings) -> None:
    """Refuse settings that the bot must not work by. Raises InvalidSettings."""
    if problems := find_problems(settings):
        raise InvalidSettings(problems)


def find_problems(settings: BotSettings) -> dict[str, str]:
    """Return a sentence for each field that is out of its bounds."""
    filters, hours = settings.rival_filters, settings.hours
    excluded, only = settings.excluded_merchant_ids, filters.only_merchants
    checks = (
        ("price_step", _STEP, _is_whole_tenge(settings.price_step, least=1)),
        (
            "check_interval_minutes",
            _INTERVAL,
            1 <= settings.check_interval_minutes <= LONGEST_INTERVAL,
        ),
        ("work_hours_end", _BOTH_HOURS, (hours.start is None) == (hours.end is None)),
        ("work_hours_end", _EQUAL_HOURS, hours.start is None or hours.start != hours.end),
        ("min_profit", _MIN_PROFIT, _is_whole_tenge(settings.min_profit or 0, least=0)),
        ("min_rating", _RATING, 0 <= (filters.min_rating or 0) <= 5),
        ("min_reviews", _REVIEWS, (filters.min_reviews or 0) >= 0),
        ("excluded_merchant_ids", bad_merchants(excluded), not bad_merchants(excluded)),
        ("only_merchants", bad_merchants(only), not bad_merchants(only)),
        ("only_merchants", SAME_MERCHANT, not set(excluded) & only),
    )
    problems: dict[str, str] = {}
    for field, sentence, is_fine in checks:
        if not is_fine:
            problems.setdefault(field, sentence)
    return problems


def read_merchant_ids(text: str) -> tuple[str, ...]:
    """Split merchant ids typed with commas, spaces or line ends; each once. Raises InvalidInput."""
    ids = tuple(dict.fromkeys(part for part in re.split(r"[\s,;]+", text) if part))
    if problem := bad_merchants(ids):
        raise InvalidInput(problem)
    return ids


def local_time(now: datetime) -> time:
    """Return the wall-clock time of day in Almaty, as work hours are kept."""
    return now.astimezone(ALMATY).time()


def is_open(hours: WorkHours, now: datetime) -> bool:
    """Tell whether the bot may work at `now`. The start is inside, the end is not."""
    start, end, local = hours.start, hours.end, local_time(now)
    if start is None or end is None:
        return True
    if start < end:
        return start <= local < end
    return local >= start or local < end


def next_open(hours: WorkHours, now: datetime) -> datetime:
    """Return when the bot may work next: `now` itself while it is open."""
    if hours.start is None or is_open(hours, now):
        return now
    local = now.astimezone(ALMATY)
    opening = datetime.combine(local.date(), hours.start, ALMATY)
    return opening if opening > local else opening + _DAY


def opened_at(hours: WorkHours, now: datetime) -> datetime | None:
    """Return when the present work window began; None when round the clock or closed."""
    if hours.start is None or not is_open(hours, now):
        return None
    local = now.astimezone(ALMATY)
    opening = datetime.combine(local.date(), hours.start, ALMATY)
    return opening if opening <= local else opening - _DAY


def slower_than_set(wait_seconds: float | None, interval_minutes: int) -> int | None:
    """Return the observed wait in whole minutes when it is really longer than the setting."""
    minutes = round((wait_seconds or 0) / 60)
    return minutes if minutes > interval_minutes else None


def _read_step(text: str) -> int:
    step = _tenge(text, _STEP)
    if step <= 0:
        raise InvalidInput(_STEP)
    return step


def _read_interval(text: str) -> int:
    return _whole(text, _INTERVAL, least=1, most=LONGEST_INTERVAL)


def _read_time(text: str) -> time | None:
    if not text:
        return None
    found = _TIME.fullmatch(text)
    if found is None:
        raise InvalidInput(_TIME_FORMAT)
    return time(int(found[1]), int(found[2]))


def _read_profit(text: str) -> int | None:
    return _tenge(text, _MIN_PROFIT) if text else None


def _read_rating(text: str) -> float | None:
    if not text:
        return None
    try:
        rating = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise InvalidInput(_RATING) from None
    if not rating.is_finite() or not 0 <= rating <= 5:
        raise InvalidInput(_RATING)
    return float(rating)


def _read_reviews(text: str) -> int | None:
    return _whole(text, _REVIEWS, least=0, most=10**9) if text else None


def _whole(text: str, sentence: str, *, least: int, most: int) -> int:
    clean = re.sub(r"\s", "", text)
    if not re.fullmatch(r"[0-9]{1,10}", clean) or not least <= int(clean) <= most:
        raise InvalidInput(sentence)
    return int(clean)


def _tenge(text: str, sentence: str) -> int:
    try:
        return parse_tenge(text)
    except InvalidInput:
        raise InvalidInput(sentence) from None


def _is_whole_tenge(tiyn: int, *, least: int) -> bool:
    return tiyn >= least and tiyn % TIYN_IN_TENGE == 0


def bad_merchants(ids: tuple[str, ...] | frozenset[str]) -> str:
    """Say what is wrong with a list of merchants; empty when nothing is."""
    if len(ids) > MOST_MERCHANTS:
        return f"Не больше {MOST_MERCHANTS} магазинов."
    wrong = next((item for item in sorted(ids) if not _MERCHANT_ID.fullmatch(item)), None)
    if wrong is None:
        return ""
    return f"«{wrong}» не похоже на номер продавца Kaspi: в нём цифры или латинские буквы."
