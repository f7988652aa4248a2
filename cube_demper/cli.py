"""`cube …`: the commands of an operator. A mistake in the settings is one line and exit 2."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TextIO, TypeVar

import click

from cube_demper.billing_commands import billing_commands
from cube_demper.bonus_commands import bonus_commands
from cube_demper.calc import calc
from cube_demper.card_commands import card_commands
from cube_demper.core.errors import ConfigurationError, CubeError
from cube_demper.core.ids import new_token
from cube_demper.core.settings import Settings, load_settings
from cube_demper.embedded import load_attached_settings
from cube_demper.embedded.reachable import require_reachable
from cube_demper.legal_commands import legal_commands
from cube_demper.partner_commands import partner_commands, payout_commands
from cube_demper.rate_commands import rate_commands

if TYPE_CHECKING:
    from cube_demper.bootstrap import Services

T = TypeVar("T")


@click.group()
def cli() -> None:
    """Cube Demper: ценовой бот и помощники продавца Kaspi.kz."""


cli.add_command(calc)


@cli.command()
@click.option("--no-demo", is_flag=True, help="Без песочницы и демо-данных: настоящий Kaspi.")
@click.option("--apps", help="Какие приложения, через запятую; без этого все.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
def up(*, no_demo: bool, apps: str | None, workers: int) -> None:
    """Запустить всё на этой машине; Ctrl-C остановит."""
    from cube_demper.up.plan import make_plan  # noqa: PLC0415 - other commands start faster
    from cube_demper.up.supervisor import Supervisor  # noqa: PLC0415

    plan = make_plan(load_settings(), app_names=apps, with_demo=not no_demo, workers=workers)
    asyncio.run(Supervisor(plan).run())


@cli.command()
def migrate() -> None:
    """Привести базу к последней миграции, а ставки, тарифы и указатель законов — к поставляемым."""
    from cube_demper.domain.accounts.schemas import SYSTEM  # noqa: PLC0415
    from cube_demper.domain.lawyer import phrases as legal_phrases  # noqa: PLC0415
    from cube_demper.domain.rates import service as rates  # noqa: PLC0415

    settings = _reachable_settings()
    url = settings.database_url.get_secret_value() if settings.database_url else ""
    command = [sys.executable, "-m", "alembic", "upgrade", "head"]
    done = subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False)
    if done.returncode:
        sys.exit(done.returncode)

    async def seed(services: Services) -> None:
        async with services.db.write() as tx:
            await rates.seed(tx, SYSTEM)
            await legal_phrases.take_shipped(tx)

    _run_with_services(seed)


@cli.command()
def env() -> None:
    """Показать действующие настройки как KEY=VALUE, секреты скрыты."""
    from cube_demper.up.show_settings import setting_lines  # noqa: PLC0415

    for line in setting_lines(load_attached_settings()):
        click.echo(line)


@cli.command()
def doctor() -> None:
    """Проверить, всё ли работает; код 1, если нет."""
    from cube_demper.doctor import examine, render  # noqa: PLC0415

    report = _run_with_services(examine)
    click.echo(render(report), nl=False)
    sys.exit(report.exit_code)


@cli.group()
def user() -> None:
    """Люди, которые входят в наши приложения."""


@user.command()
@click.argument("email")
@click.option("--role", type=click.Choice(["user", "admin", "support"]), default="user")
@click.option("--password-stdin", is_flag=True, help="Пароль — первая строка на входе.")
def create(*, email: str, role: str, password_stdin: bool) -> None:
    """Создать пользователя EMAIL с подтверждённой почтой; пароль придумаем и покажем один раз."""
    from cube_demper.domain.accounts import service as accounts  # noqa: PLC0415
    from cube_demper.domain.accounts.schemas import SYSTEM, Role  # noqa: PLC0415

    password = sys.stdin.readline().rstrip("\n") if password_stdin else new_token()[:16]

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            now = services.clock.now()
            await accounts.create_user(
                tx, SYSTEM, email=email, password=password, role=Role(role), now=now
            )

    _run_with_services(work)
    click.echo(f"Создан {email}, роль {role}")
    if not password_stdin:
        click.echo(f"Пароль: {password}")


@user.command()
@click.argument("email")
def confirm(*, email: str) -> None:
    """Подтвердить почту EMAIL без письма."""
    from cube_demper.domain.accounts import service as accounts  # noqa: PLC0415
    from cube_demper.domain.accounts.schemas import SYSTEM  # noqa: PLC0415

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            await accounts.confirm_user(tx, SYSTEM, email, services.clock.now())

    _run_with_services(work)
    click.echo(f"Почта {email} подтверждена")


@user.command("reset-second-step")
@click.argument("email")
def reset_second_step(*, email: str) -> None:
    """Снять второй шаг входа с EMAIL: для администратора, который потерял телефон и запасные коды."""
    from cube_demper.domain.accounts import second_factor  # noqa: PLC0415
    from cube_demper.domain.accounts import service as accounts  # noqa: PLC0415
    from cube_demper.domain.accounts.schemas import SYSTEM  # noqa: PLC0415

    async def work(services: Services) -> None:
        async with services.db.write() as tx:
            user_id = await accounts.id_of(tx, SYSTEM, email)
            await second_factor.reset(tx, SYSTEM, user_id, services.clock.now())

    _run_with_services(work)
    click.echo(f"Второй шаг входа {email} снят, сеансы завершены")


@cli.group()
def proxies() -> None:
    """Прокси, через которые мы смотрим цены."""


@proxies.command("import")
@click.argument("file", type=click.File(encoding="utf-8"))
def import_(file: TextIO) -> None:
    """Добавить прокси из FILE, по одному http://user:password@host:port в строке."""
    from cube_demper.domain.accounts.schemas import SYSTEM  # noqa: PLC0415
    from cube_demper.domain.proxies import service  # noqa: PLC0415

    async def work(services: Services) -> int:
        async with services.db.write() as tx:
            return await service.import_proxies(tx, SYSTEM, file, services.secrets)

    click.echo(f"Прокси добавлено или обновлено: {_run_with_services(work)}")


@cli.group()
def keys() -> None:
    """Ключи, которыми зашифрованы секреты в базе."""


@keys.command()
def rotate() -> None:
    """Перешифровать всё первым ключом из SECRET_KEYS; можно прервать и запустить снова."""
    from cube_demper.domain.accounts.schemas import SYSTEM  # noqa: PLC0415
    from cube_demper.domain.keys import service  # noqa: PLC0415

    async def work(services: Services) -> int:
        unreadable = 0
        async for done in service.rotate(services.db, SYSTEM, services.secrets):
            click.echo(f"{done.table}: строк {done.rows}")
            unreadable += done.unreadable
        return unreadable

    if unreadable := _run_with_services(work):
        click.echo(f"Не открывается ни одним ключом: {unreadable}. Прежние ключи не убирайте.")
        sys.exit(1)
    click.echo("Всё зашифровано первым ключом, остальные можно убрать из SECRET_KEYS")


def _run_with_services(work: Callable[[Services], Awaitable[T]]) -> T:
    """Do one piece of work with the services of this process."""
    from cube_demper.bootstrap import build_services  # noqa: PLC0415 - imports much

    settings = _reachable_settings()

    async def run() -> T:
        services = build_services(settings, name="cube", pool_size=2)
        try:
            await services.correct_clock()
            return await work(services)
        finally:
            await services.close()

    return asyncio.run(run())


def _reachable_settings() -> Settings:
    """Return complete settings whose database answers."""
    settings = load_attached_settings()
    if settings.database_url is not None:
        asyncio.run(require_reachable(settings.database_url.get_secret_value()))
    return settings


billing = billing_commands(_run_with_services)
billing.add_command(payout_commands(_run_with_services))
billing.add_command(bonus_commands(_run_with_services))
cli.add_command(billing)
for command in card_commands(_run_with_services):
    billing.add_command(command)
cli.add_command(rate_commands(_run_with_services))
cli.add_command(partner_commands(_run_with_services))
cli.add_command(legal_commands(_run_with_services))


def main() -> None:
    """Run a command; the only place where our errors become a line and an exit code."""
    try:
        cli()
    except ConfigurationError as error:
        click.echo(error.message, err=True)
        sys.exit(2)
    except CubeError as error:
        click.echo(error.message, err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
