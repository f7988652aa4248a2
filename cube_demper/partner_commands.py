"""`cube partner …` and `cube billing payout …`: what an operator does about partners from a terminal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

import click

from cube_demper.core.ids import read_id
from cube_demper.core.money import format_tenge, from_tenge

if TYPE_CHECKING:
    from cube_demper.bootstrap import Services
    from cube_demper.db.session import WriteTx

Work = Callable[["Services", "WriteTx"], Awaitable[Any]]
Run = Callable[[Callable[["Services"], Awaitable[Any]]], Any]
_NO_SUCH = "Это не номер: скопируйте его из списка."


def partner_commands(run: Run) -> click.Group:
    """Return the group; `run` does one piece of work with the services of this process."""

    @click.group()
    def partner() -> None:
        """Партнёры: создать, закрыть доступ, решить сомнение, задать правила."""

    @partner.command()
    @click.argument("email")
    @click.option("--name", default="", help="Имя или название.")
    @click.option("--percent", default=20, show_default=True, type=click.IntRange(0, 100))
    def create(*, email: str, name: str, percent: int) -> None:
        """Создать партнёра EMAIL: письмо пригласит задать пароль."""
        from cube_demper.domain.accounts.schemas import SYSTEM  # noqa: PLC0415 - imports much
        from cube_demper.domain.partners import people  # noqa: PLC0415

        async def work(services: Services, tx: WriteTx) -> None:
            now = services.clock.now()
            await people.create(tx, SYSTEM, email=email, full_name=name, percent=percent, now=now)

        _write(run, work)
        click.echo(f"Создан партнёр {email}, доля {percent} %. Письмо с приглашением в очереди.")

    @partner.command()
    @click.argument("email")
    @click.option("--open", "is_open", is_flag=True, help="Вернуть доступ.")
    def block(*, email: str, is_open: bool) -> None:
        """Закрыть EMAIL доступ: сеансы кончатся, ссылки перестанут считать."""
        from cube_demper.domain.accounts.schemas import SYSTEM  # noqa: PLC0415
        from cube_demper.domain.partners import people  # noqa: PLC0415

        async def work(services: Services, tx: WriteTx) -> None:
            now = services.clock.now()
            await people.set_blocked(tx, SYSTEM, email, is_blocked=not is_open, now=now)

        _write(run, work)
        click.echo(f"{email}: доступ {'открыт' if is_open else 'закрыт'}")

    _add_doubts(partner, run)
    _add_terms(partner, run)
    return partner


def _add_doubts(partner: click.Group, run: Run) -> None:
    @partner.command()
    def doubts() -> None:
        """Показать начисления, которые ждут решения."""
        from cube_demper.domain.accounts.schemas import SYSTEM  # noqa: PLC0415
        from cube_demper.domain.partners import accrual, words  # noqa: PLC0415

        async def work(services: Services, tx: WriteTx) -> None:  # noqa: ARG001
            for it in await accrual.doubted(tx, SYSTEM):
                why = words.doubts_in_words(it.doubts)
                click.echo(f"{it.id}  {format_tenge(it.amount)}  {it.partner} ← {it.seller}: {why}")

        _write(run, work)

    @partner.command()
    @click.argument("number")
    def clear(*, number: str) -> None:
        """Отпустить начисление NUMBER: сомнения напрасны."""
        from cube_demper.domain.accounts.schemas import SYSTEM  # noqa: PLC0415
        from cube_demper.domain.partners import accrual  # noqa: PLC0415

        entry = _id(number)

        async def work(services: Services, tx: WriteTx) -> None:
            await accrual.clear(tx, SYSTEM, entry, services.clock.now())

        _write(run, work)
        click.echo("Начисление отпущено")

    @partner.command()
    @click.argument("number")
    @click.option("--reason", required=True, help="Её прочитает партнёр.")
    def deny(*, number: str, reason: str) -> None:
        """Отказать в начислении NUMBER."""
        from cube_demper.domain.accounts.schemas import SYSTEM  # noqa: PLC0415
        from cube_demper.domain.partners import accrual  # noqa: PLC0415

        entry = _id(number)

        async def work(services: Services, tx: WriteTx) -> None:
            await accrual.deny(tx, SYSTEM, entry, reason, services.clock.now())

        _write(run, work)
        click.echo("В начислении отказано")


def _add_terms(partner: click.Group, run: Run) -> None:
    @partner.command()
    @click.option("--touch", type=click.Choice(["first", "last"]), help="Чья ссылка считается.")
    @click.option("--cookie-days", type=click.IntRange(1, 365))
    @click.option("--hold-days", type=click.IntRange(0, 180))
    @click.option("--min-payout", type=int, help="Тенге.")
    @click.option("--referral-percent", type=click.IntRange(0, 100), help="Бонус за друга.")
    def terms(**wishes: str | int | None) -> None:
        """Показать правила; с параметрами — задать их с этой минуты."""
        from cube_demper.domain.accounts.schemas import SYSTEM  # noqa: PLC0415
        from cube_demper.domain.partners import service  # noqa: PLC0415

        changes = {name: value for name, value in wishes.items() if value is not None}
        if "min_payout" in changes:
            changes["min_payout"] = from_tenge(changes["min_payout"])

        async def work(services: Services, tx: WriteTx) -> None:
            now = services.clock.now()
            known = await service.terms(tx, now)
            if changes:
                known = await service.change_terms(tx, SYSTEM, now, **changes)
            click.echo(
                f"Считается {'первая' if known.touch == 'first' else 'последняя'} ссылка, "
                f"{known.cookie_days} дн. Удержание {known.hold_days} дн., "
                f"выплата от {format_tenge(known.min_payout)}, за друга {known.referral_percent} %."
            )

        _write(run, work)


def payout_commands(run: Run) -> click.Group:
    """Return `payout`, a part of `cube billing`."""

    @click.group()
    def payout() -> None:
        """Выплаты партнёрам: list, approve, pay, refuse."""

    @payout.command("list")
    @click.option("--all", "is_all", is_flag=True, help="И закрытые.")
    def list_(*, is_all: bool) -> None:
        """Показать заявки с реквизитами, старые первыми."""
        from cube_demper.domain.accounts.schemas import SYSTEM  # noqa: PLC0415
        from cube_demper.domain.partners import payouts, words  # noqa: PLC0415
        from cube_demper.models.partner_program import PayoutStatus  # noqa: PLC0415

        wanted = list(PayoutStatus) if is_all else [PayoutStatus.REQUESTED, PayoutStatus.APPROVED]

        async def work(services: Services, tx: WriteTx) -> None:
            found = await payouts.for_operator(tx, SYSTEM, wanted, services.secrets)
            for it in found:
                status = words.PAYOUT_WORDS[it.row.status]
                sum_ = format_tenge(it.row.amount)
                click.echo(f"{it.row.id}  {sum_}  {status}  {it.partner}: {it.payee}")
            if not found:
                click.echo("Заявок нет")

        _write(run, work)

    _add_steps(payout, run)
    return payout


def _add_steps(payout: click.Group, run: Run) -> None:
    @payout.command()
    @click.argument("number")
    def approve(*, number: str) -> None:
        """Одобрить заявку NUMBER."""
        from cube_demper.domain.accounts.schemas import SYSTEM  # noqa: PLC0415
        from cube_demper.domain.partners import payouts  # noqa: PLC0415

        wanted = _id(number)

        async def work(services: Services, tx: WriteTx) -> None:
            await payouts.approve(tx, SYSTEM, wanted, services.clock.now())

        _write(run, work)
        click.echo("Одобрена: переведите деньги и запишите cube billing payout pay")

    @payout.command()
    @click.argument("number")
    @click.option("--note", default="", help="Номер платёжного поручения.")
    def pay(*, number: str, note: str) -> None:
        """Записать, что банк отправил деньги по заявке NUMBER."""
        from cube_demper.domain.accounts.schemas import SYSTEM  # noqa: PLC0415
        from cube_demper.domain.partners import payouts  # noqa: PLC0415

        wanted = _id(number)

        async def work(services: Services, tx: WriteTx) -> None:
            await payouts.pay(tx, SYSTEM, wanted, note, services.clock.now())

        _write(run, work)
        click.echo("Записано: выплачено")

    @payout.command()
    @click.argument("number")
    @click.option("--reason", required=True, help="Её прочитает партнёр.")
    def refuse(*, number: str, reason: str) -> None:
        """Отказать по заявке NUMBER: сумма вернётся партнёру на счёт."""
        from cube_demper.domain.accounts.schemas import SYSTEM  # noqa: PLC0415
        from cube_demper.domain.partners import payouts  # noqa: PLC0415

        wanted = _id(number)

        async def work(services: Services, tx: WriteTx) -> None:
            await payouts.refuse(tx, SYSTEM, wanted, reason, services.clock.now())

        _write(run, work)
        click.echo("Отказано, сумма снова на счету партнёра")


def _id(number: str) -> UUID:
    return read_id(number, _NO_SUCH)


def _write(run: Run, work: Work) -> None:
    async def inside(services: Services) -> None:
        async with services.db.write() as tx:
            await work(services, tx)

    run(inside)
