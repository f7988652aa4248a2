"""`cube billing …` over TipTopPay: a day's comparison, and where webhooks go."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from cube_demper.core.money import format_tenge
from cube_demper.core.settings import CubeApp
from cube_demper.domain.accounts.schemas import SYSTEM

if TYPE_CHECKING:
    from cube_demper.bootstrap import Services
    from cube_demper.domain.billing.comparing import Difference

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

    return [compare, webhooks]


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
