"""`cube billing …` over TipTopPay: a day's comparison, money that is stuck, and where webhooks go."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from cube_demper.core.clock import ALMATY
from cube_demper.core.money import format_tenge
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts.schemas import SYSTEM

if TYPE_CHECKING:
    from cube_demper.bootstrap import Services
    from cube_demper.domain.billing.comparing import Difference
    from cube_demper.domain.billing.stuck import Stuck

Run = Callable[[Callable[["Services"], Awaitable[Any]]], Any]
_DAY = click.DateTime(["%Y-%m-%d"])
_DIFFERENCES = {
    "not_ours": "есть в TipTopPay, нет у нас",
    "not_there": "есть у нас, нет в TipTopPay",
    "sum": "суммы не совпадают",
}


def card_commands(run: Run) -> list[click.Command]:
    """Return the commands; `run` does one piece of work with the services of this process."""

    @click.command()
    @click.option("--day", type=_DAY, help="День по UTC, ГГГГ-ММ-ДД; без этого вчера.")
    def compare(day: datetime | None) -> None:
        """Сверить день с TipTopPay: чего нет у нас, чего нет там, где суммы разные; код 1, если есть."""
        found = run(lambda services: _compare(services, day))
        for it in found:
            click.echo(difference_line(it))
        click.echo("Расхождений нет." if not found else f"Расхождений: {len(found)}.")
        sys.exit(1 if found else 0)

    @click.command()
    def webhooks() -> None:
        """Направить уведомления TipTopPay на адрес этого приложения."""
        for line in run(_webhooks):
            click.echo(line)

    @click.command()
    @click.argument("invoice", required=False)
    @click.option(
        "--made-as", default="", help="Номер операции в кабинете TipTopPay: деньги прошли."
    )
    @click.option(
        "--not-made", is_flag=True, help="Операции в кабинете нет: можно пробовать снова."
    )
    def stuck(*, invoice: str | None, made_as: str, not_made: bool) -> None:
        """Показать списания и возвраты без ответа или сказать, что по INVOICE видно в кабинете."""
        if invoice is None:
            found = run(_list_stuck)
            for it in found:
                click.echo(stuck_line(it))
            click.echo(WHAT_TO_DO if found else "Ничего не зависло.")
            return
        if not_made is bool(made_as):
            raise click.UsageError("Укажите одно: --made-as НОМЕР или --not-made.")
        click.echo(run(_decide(invoice.strip().upper(), made_as.strip() or None)))

    return [compare, webhooks, stuck]


WHAT_TO_DO = (
    "Найдите операцию в кабинете TipTopPay по номеру счёта. Есть: cube billing stuck СЧЁТ --made-as НОМЕР."
    " Нет: cube billing stuck СЧЁТ --not-made."
)


def stuck_line(it: Stuck) -> str:
    """Say one: «возврат CD-1, 1 000 ₸, a@b.kz, с 27.11.2026 12:00: TipTopPay не отвечает»."""
    what = "списание" if it.kind == "charge" else "возврат"
    since = f"{it.since.astimezone(ALMATY):%d.%m.%Y %H:%M}"
    words = f": {it.words}" if it.words else ""
    return f"{what} {it.invoice_id}, {format_tenge(it.amount)}, {it.email}, с {since}{words}"


async def _list_stuck(services: Services) -> Sequence[Stuck]:
    from cube_demper.domain.billing.stuck import list_stuck  # noqa: PLC0415

    async with services.db.read() as tx:
        return await list_stuck(tx, SYSTEM, services.clock.now())


def _decide(invoice: str, made_as: str | None) -> Callable[[Services], Awaitable[str]]:
    from cube_demper.domain.billing.stuck import decide  # noqa: PLC0415

    async def work(services: Services) -> str:
        async with services.db.write() as tx:
            return await decide(tx, SYSTEM, invoice, services.clock.now(), made_as=made_as)

    return work


def difference_line(it: Difference) -> str:
    """Say one difference: «платёж 891 (счёт CD-1): суммы не совпадают, там 1 ₸, у нас 2 ₸»."""
    what = "возврат" if it.is_refund else "платёж"
    sums = f"там {format_tenge(it.there)}, у нас {format_tenge(it.here)}"
    invoice = it.invoice_id or "нет"
    return f"{what} {it.transaction_id} (счёт {invoice}): {_DIFFERENCES[it.kind]}, {sums}"


async def _compare(services: Services, day: datetime | None) -> list[Difference]:
    from cube_demper.bootstrap import open_till  # noqa: PLC0415
    from cube_demper.domain.billing.comparing import compare_day  # noqa: PLC0415

    chosen = day.date() if day else (services.clock.now() - timedelta(days=1)).date()
    async with open_till(services) as till:
        return await compare_day(till, SYSTEM, chosen)


async def _webhooks(services: Services) -> list[str]:
    from cube_demper.domain.billing.gateway import EventKind  # noqa: PLC0415
    from cube_demper.integrations.tiptoppay.client import TipTopPay  # noqa: PLC0415
    from cube_demper.integrations.tiptoppay.gateway import TipTopPayGateway  # noqa: PLC0415

    client = TipTopPay(TipTopPayGateway(services.settings.tiptoppay, services.clock))
    base = services.settings.app_url(CubeApp.SELLER)
    lines = []
    try:
        for kind in EventKind:
            url = f"{base}/webhooks/tiptoppay/{kind}"
            await client.set_webhook_address(kind, url)
            lines.append(f"{kind.title()}: {url}")
    finally:
        await client.aclose()
    return lines
