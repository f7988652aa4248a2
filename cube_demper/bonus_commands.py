"""`cube billing bonus …`: bonuses for friends that signs of fraud hold, decided from a terminal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import click

from cube_demper.core.ids import read_id
from cube_demper.core.money import format_tenge

if TYPE_CHECKING:
    from cube_demper.bootstrap import Services

Run = Callable[[Callable[["Services"], Awaitable[Any]]], Any]
_NO_SUCH = "Это не номер: скопируйте его из списка."


def bonus_commands(run: Run) -> click.Group:
    """Return `bonus`, a part of `cube billing`; `run` does one piece of work with this process's services."""

    @click.group()
    def bonus() -> None:
        """Бонусы за друзей, которые ждут решения: list, clear, deny."""

    @bonus.command("list")
    def list_() -> None:
        """Показать, что придержано и почему, старые первыми."""
        from cube_demper.domain.accounts.schemas import SYSTEM  # noqa: PLC0415 - imports much
        from cube_demper.domain.referrals import doubts, words  # noqa: PLC0415

        async def work(services: Services) -> None:
            async with services.db.read() as tx:
                found = await doubts.doubted(tx, SYSTEM)
            for it in found:
                why = words.doubts_in_words(it.doubts)
                click.echo(f"{it.id}  {format_tenge(it.amount)}  {it.seller} ← {it.friend}: {why}")
            if not found:
                click.echo("Придержанных бонусов нет")

        run(work)

    _add_decisions(bonus, run)
    return bonus


def _add_decisions(bonus: click.Group, run: Run) -> None:
    @bonus.command()
    @click.argument("number")
    def clear(*, number: str) -> None:
        """Отпустить бонус NUMBER: сомнения напрасны."""
        from cube_demper.domain.accounts.schemas import SYSTEM  # noqa: PLC0415
        from cube_demper.domain.referrals import doubts  # noqa: PLC0415

        async def work(services: Services) -> None:
            async with services.db.write() as tx:
                await doubts.clear(tx, SYSTEM, read_id(number, _NO_SUCH), services.clock.now())

        run(work)
        click.echo("Бонус отпущен: зачислим, когда кончится срок возврата")

    @bonus.command()
    @click.argument("number")
    @click.option("--reason", required=True, help="Её прочитает продавец.")
    def deny(*, number: str, reason: str) -> None:
        """Отказать в бонусе NUMBER."""
        from cube_demper.domain.accounts.schemas import SYSTEM  # noqa: PLC0415
        from cube_demper.domain.referrals import doubts  # noqa: PLC0415

        async def work(services: Services) -> None:
            bonus_id, now = read_id(number, _NO_SUCH), services.clock.now()
            async with services.db.write() as tx:
                await doubts.deny(tx, SYSTEM, bonus_id, reason, now)

        run(work)
        click.echo("В бонусе отказано, причина видна продавцу")
