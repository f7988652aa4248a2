"""`cube …`: the commands of an operator. A mistake in the settings is one line and exit 2."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import click

from cube_demper.core.errors import ConfigurationError, CubeError
from cube_demper.core.settings import Settings, load_settings
from cube_demper.embedded import load_attached_settings
from cube_demper.embedded.reachable import require_reachable


@click.group()
def cli() -> None:
    """Cube Demper: ценовой бот и помощники продавца Kaspi.kz."""


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
    """Привести базу к последней миграции."""
    settings = _reachable_settings()
    url = settings.database_url.get_secret_value() if settings.database_url else ""
    command = [sys.executable, "-m", "alembic", "upgrade", "head"]
    done = subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False)
    sys.exit(done.returncode)


@cli.command()
def env() -> None:
    """Показать действующие настройки как KEY=VALUE, секреты скрыты."""
    from cube_demper.up.show_settings import setting_lines  # noqa: PLC0415

    for line in setting_lines(load_attached_settings()):
        click.echo(line)


@cli.command()
def doctor() -> None:
    """Проверить, всё ли работает; код выхода 1, если нет."""
    from cube_demper.bootstrap import build_services  # noqa: PLC0415 - other commands start faster
    from cube_demper.doctor import Report, examine, render  # noqa: PLC0415

    async def look(settings: Settings) -> Report:
        services = build_services(settings, name="doctor", pool_size=2)
        try:
            await services.correct_clock()
            return await examine(services)
        finally:
            await services.close()

    report = asyncio.run(look(_reachable_settings()))
    click.echo(render(report), nl=False)
    sys.exit(report.exit_code)


def _reachable_settings() -> Settings:
    """Return complete settings whose database answers."""
    settings = load_attached_settings()
    if settings.database_url is not None:
        asyncio.run(require_reachable(settings.database_url.get_secret_value()))
    return settings


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
