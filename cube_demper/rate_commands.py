"""`cube rates …`: what an operator does about dated figures from a terminal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import click

from cube_demper.core.errors import InvalidInput
from cube_demper.core.money import from_tenge
from cube_demper.domain.rates.rows import BaseRateRow, Confidence, IndexRow

if TYPE_CHECKING:
    from cube_demper.bootstrap import Services

Run = Callable[[Callable[["Services"], Awaitable[Any]]], Any]
_DAY = click.DateTime(["%Y-%m-%d"])


def rate_commands(run: Run) -> click.Group:
    """Return the group; `run` does one piece of work with the services of this process."""

    @click.group()
    def rates() -> None:
        """Ставки с датами; какая таблица заканчивается, говорит cube doctor."""

    @rates.group()
    def add() -> None:
        """Записать строку: со своего дня она сильнее прежней, с тем же днём — вместо неё."""

    @add.command("base-rate")
    @click.argument("percent")
    @click.option("--from", "since", type=_DAY, required=True, help="Первый день, ГГГГ-ММ-ДД.")
    @click.option("--to", "until", type=_DAY, help="Последний день: канун следующего решения.")
    @click.option("--source", required=True, help="Откуда: «Решение НБ РК от 04.12.2026».")
    def base_rate(percent: str, since: datetime, until: datetime | None, source: str) -> None:
        """Базовая ставка НБ РК: cube rates add base-rate 15.75 --from 2026-12-07 --source …."""
        row = BaseRateRow(percent=_percent(percent), **_dated(since, until, source))
        _put(run, row)
        click.echo(f"Базовая ставка {row.percent} % с {row.valid_from:%d.%m.%Y} записана")

    @add.command("index")
    @click.option("--mrp", required=True, help="МРП, тенге.")
    @click.option("--mzp", required=True, help="МЗП, тенге.")
    @click.option("--year", type=click.IntRange(2020, 2100), required=True)
    @click.option("--source", required=True, help="Откуда: закон о бюджете.")
    def index(mrp: str, mzp: str, year: int, source: str) -> None:
        """МРП и МЗП на год: cube rates add index --mrp 4693 --mzp 85000 --year 2027 --source …."""
        days = _dated(datetime(year, 1, 1), datetime(year, 12, 31), source)  # noqa: DTZ001 - days
        row = IndexRow(mrp=_tiyn(mrp, "mrp"), mzp=_tiyn(mzp, "mzp"), **days)
        _put(run, row)
        click.echo(f"МРП {mrp} и МЗП {mzp} на {year} год записаны")

    return rates


def _put(run: Run, row: BaseRateRow | IndexRow) -> None:
    from cube_demper.domain.accounts.schemas import SYSTEM  # noqa: PLC0415 - imports much
    from cube_demper.domain.rates import service  # noqa: PLC0415

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            await service.put(tx, SYSTEM, row, services.clock.now())

    run(work)


def _dated(since: datetime, until: datetime | None, source: str) -> dict[str, Any]:
    first, last = since.date(), until.date() if until else None
    if last is not None and last < first:
        raise InvalidInput("--to раньше, чем --from.")
    if not source.strip():
        raise InvalidInput("--source: скажите, откуда ставка.")
    return {
        "valid_from": first,
        "valid_to": last,
        "source": source.strip(),
        "confidence": Confidence.HIGH,
    }


def _percent(text: str) -> Decimal:
    try:
        percent = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise InvalidInput(f"«{text}» — не число.") from None
    if not percent.is_finite() or not 0 < percent <= 100:
        raise InvalidInput("Ставка: больше 0 и не больше 100 %.")
    return percent


def _tiyn(text: str, name: str) -> int:
    try:
        tiyn = from_tenge(text.replace(",", "."))
    except (ValueError, ArithmeticError):
        raise InvalidInput(f"--{name}: «{text}» — не сумма в тенге.") from None
    if tiyn <= 0:
        raise InvalidInput(f"--{name}: больше нуля.")
    return tiyn
