"""`cube legal …`: laws in, questions about them answered from a terminal."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cube_demper.core.errors import ConfigurationError, InvalidInput
from cube_demper.core.russian import counted
from cube_demper.domain.lawyer.errors import UnreadableLaw
from cube_demper.domain.lawyer.showing import found_json, found_text

if TYPE_CHECKING:
    from cube_demper.bootstrap import Services
    from cube_demper.domain.lawyer.schemas import Found, Imported
    from cube_demper.integrations.law_files.labels import Given

Run = Callable[[Callable[["Services"], Awaitable[Any]]], Any]
_DAY = click.DateTime(["%Y-%m-%d"])
_REPORT_SECONDS = 10


def legal_commands(run: Run) -> click.Group:
    """Return the group; `run` does one piece of work with the services of this process."""

    @click.group()
    def legal() -> None:
        """Законы: загрузить официальные тексты и искать по ним."""

    @legal.command()
    def embed() -> None:
        """Досчитать векторы для поиска по смыслу; можно прервать и запустить снова."""
        run(_embed)

    legal.add_command(_import_command(run))
    legal.add_command(_search_command(run))
    return legal


def _import_command(run: Run) -> click.Command:
    @click.command("import")
    @click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
    @click.option("--code", default="", help="Код закона, как в адресе adilet.zan.kz: K940001000_.")
    @click.option("--edition", type=_DAY, help="День, с которого действует этот текст, ГГГГ-ММ-ДД.")
    @click.option("--language", type=click.Choice(["ru", "kk"]), help="Язык текста.")
    @click.option("--title", default="", help="Название закона.")
    @click.option(
        "--no-vectors", is_flag=True, help="Только текст; векторы позже: cube legal embed."
    )
    def import_(
        *,
        paths: tuple[Path, ...],
        code: str,
        edition: datetime | None,
        language: str | None,
        title: str,
        no_vectors: bool,
    ) -> None:
        """Загрузить законы: JSONL, DOCX, PDF, страницы adilet.zan.kz; файлы и папки.

        Та же редакция заменяется, другие остаются. Прервали — запустите снова: продолжит.
        """
        from cube_demper.integrations.law_files.labels import Given  # noqa: PLC0415

        given = Given(code.upper(), edition.date() if edition else None, language or "", title)
        failures = run(lambda services: _import(services, paths, given))
        if not no_vectors:
            run(_embed)
        if failures:
            raise UnreadableLaw(f"Не загружено файлов: {failures}. Остальное на месте.")

    return import_


def _search_command(run: Run) -> click.Command:
    @click.command("search")
    @click.argument("question")
    @click.option("--act", "acts", multiple=True, help="Только этот закон: код или имя, «ГК».")
    @click.option("--date", "on", type=_DAY, help="На какой день, ГГГГ-ММ-ДД; без этого сегодня.")
    @click.option("--limit", default=5, show_default=True, type=click.IntRange(1, 50))
    @click.option("--json", "as_json", is_flag=True, help="JSON для программ.")
    def find(
        *, question: str, acts: tuple[str, ...], on: datetime | None, limit: int, as_json: bool
    ) -> None:
        """Найти статьи, которые отвечают на QUESTION; модель и ключи не нужны."""
        day = on.date() if on else None
        found = run(lambda services: _search(services, question, acts, day, limit))
        click.echo(found_json(found) if as_json else found_text(found), nl=False)

    return find


async def _search(
    services: Services, question: str, acts: tuple[str, ...], on: date | None, limit: int
) -> Found:
    from cube_demper.core.clock import ALMATY  # noqa: PLC0415
    from cube_demper.domain.lawyer.citations import codes_of  # noqa: PLC0415
    from cube_demper.domain.lawyer.search import search  # noqa: PLC0415
    from cube_demper.integrations.embeddings import optional_embedder  # noqa: PLC0415

    async with services.db.read() as tx:
        return await search(
            tx,
            optional_embedder(),
            question,
            on=on or services.clock.now().astimezone(ALMATY).date(),
            acts=codes_of(acts),
            limit=limit,
        )


async def _import(services: Services, paths: tuple[Path, ...], given: Given) -> int:
    """Import file by file; return how many could not be read. Each act is a transaction of its own."""
    from cube_demper.domain.accounts.schemas import SYSTEM  # noqa: PLC0415
    from cube_demper.domain.lawyer import corpus  # noqa: PLC0415
    from cube_demper.integrations.law_files import reader  # noqa: PLC0415

    failures = 0
    for path in reader.find_files(paths):
        try:
            for act in reader.read_acts(path, given):
                async with services.db.write() as tx:
                    done = await corpus.import_act(tx, SYSTEM, act)
                click.echo(_said(done))
        except InvalidInput as error:
            failures += 1
            click.echo(error.message, err=True)
    return failures


def _said(done: Imported) -> str:
    of = counted(done.articles, "статья", "статьи", "статей")
    head = f"{done.law_code}, редакция {_day(done.edition)}: {of}"
    if done.is_unchanged:
        return f"{head}, без изменений"
    return f"{head}, с прежними векторами: {done.kept}" if done.kept else head


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


async def _embed(services: Services) -> None:
    from cube_demper.domain.accounts.schemas import SYSTEM  # noqa: PLC0415
    from cube_demper.domain.lawyer import corpus  # noqa: PLC0415
    from cube_demper.integrations.embeddings import chosen_embedder  # noqa: PLC0415

    try:
        embedder = chosen_embedder()
    except ConfigurationError as error:
        click.echo(error.message)
        return
    began = said = time.monotonic()
    async for at in corpus.embed(services.db, SYSTEM, embedder):
        now = time.monotonic()
        if now - said >= _REPORT_SECONDS or at.done >= at.total:
            said = now
            click.echo(_progress(at.done, at.total, now - began))


def _progress(done: int, total: int, seconds: float) -> str:
    if done >= total:
        return f"Векторы готовы: {done} за {round(seconds)} с" if done else "Векторы уже готовы"
    left = (
        f", осталось около {max(1, round(seconds / done * (total - done) / 60))} мин"
        if done
        else ""
    )
    return f"Векторы: {done} из {total}{left}"
