"""`cube partner …` and `cube billing payout …`: what an operator does about partners from a terminal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any

import click

from cube_demper.core.ids import read_id
from cube_demper.core.money import format_tenge, from_tenge

if TYPE_CHECKING:
    from datetime import datetime

    from cube_demper.bootstrap import Services
    from cube_demper.db.session import WriteTx
    from cube_demper.domain.accounts.schemas import Actor
    from cube_demper.domain.partners.schemas import Queue

Run = Callable[[Callable[["Services"], Awaitable[Any]]], Any]
_A_PAGE = 200
_NO_SUCH = "Это не номер: скопируйте его из списка."


@dataclass(frozen=True)
class _Desk:
    """One transaction of the operator, with the domain's use cases: importing them takes a while."""

    partners: ModuleType
    payouts: ModuleType
    words: ModuleType
    services: Services
    tx: WriteTx
    actor: Actor
    now: datetime


def _do(run: Run, work: Callable[[_Desk], Awaitable[Any]]) -> Any:
    from cube_demper.domain.accounts.schemas import SYSTEM  # noqa: PLC0415 - imports much
    from cube_demper.domain.partners import payouts, service, words  # noqa: PLC0415

    async def inside(services: Services) -> Any:
        async with services.db.write() as tx:
            now = services.clock.now()
            return await work(_Desk(service, payouts, words, services, tx, SYSTEM, now))

    return run(inside)


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
        given = {"email": email, "full_name": name, "percent": percent}
        _do(run, lambda it: it.partners.create(it.tx, it.actor, now=it.now, **given))
        click.echo(f"Создан партнёр {email}, доля {percent} %. Письмо с приглашением в очереди.")

    @partner.command()
    @click.argument("email")
    @click.option("--open", "is_open", is_flag=True, help="Вернуть доступ.")
    def block(*, email: str, is_open: bool) -> None:
        """Закрыть EMAIL доступ: сеансы кончатся, ссылки перестанут считать, новое не начислится.

        Начисленное раньше останется на удержании, пока доступ не вернут или не откажут (deny-all).
        """
        given = {"is_blocked": not is_open}
        _do(run, lambda it: it.partners.set_blocked(it.tx, it.actor, email, now=it.now, **given))
        click.echo(f"{email}: доступ {'открыт' if is_open else 'закрыт'}")

    _add_doubts(partner, run)
    _add_terms(partner, run)
    return partner


def _add_doubts(partner: click.Group, run: Run) -> None:
    @partner.command()
    @click.option("--page", default=1, type=click.IntRange(1), help="По 200 на странице.")
    def doubts(*, page: int) -> None:
        """Показать начисления, которые ждут решения, старые первыми."""

        async def work(it: _Desk) -> tuple[Sequence[Any], Queue]:
            found = await it.partners.doubted(it.tx, it.actor, page=page)
            for row in found:
                why = it.words.doubts_in_words(row.doubts)
                sum_ = format_tenge(row.amount)
                click.echo(f"{row.id}  {sum_}  {row.partner} ← {row.seller}: {why}")
            return found, (await it.partners.count_waiting(it.tx, it.actor)).doubted

        found, queue = _do(run, work)
        _say_rest(page, len(found), queue.count, nothing="Сомнений нет")

    @partner.command()
    @click.argument("number")
    def clear(*, number: str) -> None:
        """Отпустить начисление NUMBER: сомнения напрасны."""
        entry = read_id(number, _NO_SUCH)
        _do(run, lambda it: it.partners.clear(it.tx, it.actor, entry, it.now))
        click.echo("Начисление отпущено")

    @partner.command()
    @click.argument("number")
    @click.option("--reason", required=True, help="Её прочитает партнёр.")
    def deny(*, number: str, reason: str) -> None:
        """Отказать в начислении NUMBER."""
        entry = read_id(number, _NO_SUCH)
        _do(run, lambda it: it.partners.deny(it.tx, it.actor, entry, reason, it.now))
        click.echo("В начислении отказано")

    @partner.command("deny-all")
    @click.argument("email")
    @click.option("--reason", required=True, help="Её прочитает партнёр.")
    def deny_all(*, email: str, reason: str) -> None:
        """Отказать заблокированному партнёру EMAIL во всём, что на удержании и на проверке."""
        count = _do(run, lambda it: it.partners.deny_all(it.tx, it.actor, email, reason, it.now))
        click.echo(f"Отказано в начислениях: {count}")


def _add_terms(partner: click.Group, run: Run) -> None:
    @partner.command()
    @click.option("--touch", type=click.Choice(["first", "last"]), help="Чья ссылка считается.")
    @click.option("--cookie-days", type=click.IntRange(1, 365))
    @click.option("--hold-days", type=click.IntRange(0, 180))
    @click.option("--min-payout", type=int, help="Тенге.")
    @click.option("--referral-percent", type=click.IntRange(0, 100), help="Бонус за друга.")
    def terms(**wishes: str | int | None) -> None:
        """Показать правила; с параметрами — задать их с этой минуты."""
        changes = {name: value for name, value in wishes.items() if value is not None}
        if "min_payout" in changes:
            changes["min_payout"] = from_tenge(changes["min_payout"])

        async def work(it: _Desk) -> Any:
            if changes:
                return await it.partners.change_terms(it.tx, it.actor, it.now, **changes)
            return await it.partners.terms(it.tx, it.now)

        known = _do(run, work)
        click.echo(
            f"Считается {'первая' if known.touch == 'first' else 'последняя'} ссылка, "
            f"{known.cookie_days} дн. Удержание {known.hold_days} дн., "
            f"выплата от {format_tenge(known.min_payout)}, за друга {known.referral_percent} %."
        )


def payout_commands(run: Run) -> click.Group:
    """Return `payout`, a part of `cube billing`."""

    @click.group()
    def payout() -> None:
        """Выплаты партнёрам: list, approve, pay, refuse."""

    @payout.command("list")
    @click.option("--all", "is_all", is_flag=True, help="И закрытые.")
    @click.option("--page", default=1, type=click.IntRange(1), help="По 200 на странице.")
    def list_(*, is_all: bool, page: int) -> None:
        """Показать заявки с реквизитами, старые первыми."""

        async def work(it: _Desk) -> tuple[Sequence[Any], int]:
            statuses = it.payouts.ALL if is_all else it.payouts.OPEN
            found = await it.payouts.for_operator(
                it.tx, it.actor, statuses, it.services.secrets, page=page
            )
            for each in found:
                click.echo(_payout_line(each, it))
            return found, await it.payouts.count(it.tx, it.actor, statuses)

        found, total = _do(run, work)
        _say_rest(page, len(found), total, nothing="Заявок нет")

    _add_steps(payout, run)
    return payout


def _add_steps(payout: click.Group, run: Run) -> None:
    @payout.command()
    @click.argument("number")
    def approve(*, number: str) -> None:
        """Одобрить заявку NUMBER."""
        wanted = read_id(number, _NO_SUCH)
        _do(run, lambda it: it.payouts.approve(it.tx, it.actor, wanted, it.now))
        click.echo("Одобрена: переведите деньги и запишите cube billing payout pay")

    @payout.command()
    @click.argument("number")
    @click.option("--note", required=True, help="Номер платёжного поручения.")
    def pay(*, number: str, note: str) -> None:
        """Записать, что банк отправил деньги по заявке NUMBER."""
        wanted = read_id(number, _NO_SUCH)
        _do(run, lambda it: it.payouts.pay(it.tx, it.actor, wanted, note, it.now))
        click.echo("Записано: выплачено")

    @payout.command()
    @click.argument("number")
    @click.option("--reason", required=True, help="Её прочитает партнёр.")
    def refuse(*, number: str, reason: str) -> None:
        """Отказать по заявке NUMBER: сумма вернётся партнёру на счёт."""
        wanted = read_id(number, _NO_SUCH)
        _do(run, lambda it: it.payouts.refuse(it.tx, it.actor, wanted, reason, it.now))
        click.echo("Отказано, сумма снова на счету партнёра")


def _payout_line(each: Any, it: _Desk) -> str:
    row = each.row
    notes = [it.words.PAYOUT_WORDS[row.status]]
    if row.not_before is not None and row.not_before > it.now:
        notes.append(f"новый счёт, не раньше {it.words.moment(row.not_before)}")
    if each.is_blocked:
        notes.append("доступ закрыт")
    return f"{row.id}  {format_tenge(row.amount)}  {', '.join(notes)}  {each.partner}: {each.payee}"


def _say_rest(page: int, shown: int, total: int, *, nothing: str) -> None:
    """Say how many there are besides what is shown: a list that ends silently is a lie."""
    if not shown:
        click.echo(nothing if page == 1 else f"Столько страниц нет, всего {total}")
    elif page * _A_PAGE < total:
        click.echo(f"Всего {total}. Дальше: --page {page + 1}")
