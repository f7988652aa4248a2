"""`cube billing …`: money that comes by hand, and money that goes back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from cube_demper.core.clock import ALMATY
from cube_demper.core.errors import InvalidInput
from cube_demper.core.money import format_tenge, parse_tenge

if TYPE_CHECKING:
    from cube_demper.bootstrap import Services
    from cube_demper.domain.billing.operating import PaymentLine, Transfer

Run = Callable[[Callable[["Services"], Awaitable[Any]]], Any]
_DAY = click.DateTime(["%Y-%m-%d"])


def billing_commands(run: Run) -> click.Group:
    """Return the group; `run` does one piece of work with the services of this process."""

    @click.group()
    def billing() -> None:
        """Платежи: подтвердить перевод, вернуть деньги, посмотреть последние."""

    _add_confirm(billing, run)

    @billing.command()
    @click.argument("invoice")
    @click.option("--amount", help="Сколько вернуть, тенге; без этого всё, что осталось.")
    @click.option("--reason", default="", help="Почему: останется в журнале.")
    def refund(*, invoice: str, amount: str | None, reason: str) -> None:
        """Вернуть деньги по счёту INVOICE; оплаченное картой уйдёт на карту само."""
        words = run(_refunding(invoice, parse_tenge(amount) if amount else None, reason))
        click.echo(words)

    @billing.command("list")
    @click.option("--email", default="", help="Только этого человека.")
    @click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 200))
    def list_(*, email: str, limit: int) -> None:
        """Показать последние платежи."""
        lines: Sequence[PaymentLine] = run(_listing(email, limit))
        for line in lines:
            click.echo(
                f"{line.at.astimezone(ALMATY):%d.%m.%Y %H:%M}  {line.invoice_id}  {line.email}  "
                f"{line.plan}  {format_tenge(line.amount)}  {line.method}  {line.words}"
            )
        if not lines:
            click.echo("Платежей нет")

    return billing


def _add_confirm(billing: click.Group, run: Run) -> None:
    @billing.command()
    @click.argument("invoice")
    @click.option("--amount", required=True, help="Сколько пришло, тенге.")
    @click.option("--date", "day", type=_DAY, required=True, help="День выписки, ГГГГ-ММ-ДД.")
    @click.option("--kaspi", is_flag=True, help="Пришло переводом Kaspi, а не на счёт в банке.")
    @click.option("--reference", default="", help="Номер операции в выписке.")
    @click.option(
        "--second",
        is_flag=True,
        help="Счёт уже оплачен, а это ещё один перевод: он ляжет на баланс.",
    )
    def confirm(
        *, invoice: str, amount: str, day: datetime, kaspi: bool, reference: str, second: bool
    ) -> None:
        """Подтвердить, что деньги по счёту INVOICE пришли: тариф включится сразу."""
        from cube_demper.domain.billing.operating import Transfer  # noqa: PLC0415 - as other commands
        from cube_demper.models.billing import PaymentMethod  # noqa: PLC0415

        method = PaymentMethod.KASPI_TRANSFER if kaspi else PaymentMethod.BANK_INVOICE
        at = day.replace(hour=12, tzinfo=ALMATY).astimezone(UTC)
        got = Transfer(
            invoice.strip().upper(), parse_tenge(amount), method, at, reference, is_second=second
        )
        line = run(_confirming(got))
        click.echo(f"{line.invoice_id}: {format_tenge(line.amount)} приняты, {line.words}")


def _confirming(got: Transfer) -> Callable[[Services], Awaitable[PaymentLine]]:
    from cube_demper.domain.accounts.schemas import SYSTEM  # noqa: PLC0415 - as other commands
    from cube_demper.domain.billing import operating  # noqa: PLC0415

    async def work(services: Services) -> PaymentLine:
        now = services.clock.now()
        if got.at.date() > now.astimezone(ALMATY).date():
            raise InvalidInput("Дата платежа ещё не наступила.")
        async with services.db.write() as tx:
            return await operating.confirm(tx, SYSTEM, replace(got, at=min(got.at, now)), now)

    return work


def _refunding(
    invoice: str, amount: int | None, reason: str
) -> Callable[[Services], Awaitable[str]]:
    from cube_demper.domain.accounts.schemas import SYSTEM  # noqa: PLC0415
    from cube_demper.domain.billing import operating  # noqa: PLC0415

    async def work(services: Services) -> str:
        async with services.db.write() as tx:
            return await operating.give_back(
                tx, SYSTEM, invoice.strip().upper(), services.clock.now(),
                amount=amount, reason=reason,
            )  # fmt: skip

    return work


def _listing(email: str, limit: int) -> Callable[[Services], Awaitable[Sequence[PaymentLine]]]:
    from cube_demper.domain.accounts.schemas import SYSTEM  # noqa: PLC0415
    from cube_demper.domain.billing import operating  # noqa: PLC0415

    async def work(services: Services) -> Sequence[PaymentLine]:
        async with services.db.read() as tx:
            return await operating.list_payments(tx, SYSTEM, email=email, limit=limit)

    return work
