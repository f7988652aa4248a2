"""How long `cube legal import` takes over the official texts: text at once, vectors after it.

`CUBE_LEGAL_ARTICLES` stops the vectors after so many articles, and says what all of them would take.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Awaitable

from sqlalchemy import text

from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.lawyer import corpus, phrases
from cube_demper.integrations.embeddings.local import LocalEmbedder
from cube_demper.integrations.law_files.labels import Given
from cube_demper.integrations.law_files.reader import find_files, read_acts
from tests.benchmarks._law import LAWS
from tests.benchmarks._stage import print_table, servers


async def _import(db: Database) -> int:
    articles = 0
    for path in find_files((LAWS,)):
        for act in read_acts(path, Given()):
            async with db.write() as tx:
                articles += (await corpus.import_act(tx, SYSTEM, act)).articles
    return articles


async def _timed(work: Awaitable[None]) -> tuple[float, float]:
    """Return seconds of the clock and of CPU."""
    start, cpu = time.monotonic(), time.process_time()
    await work
    return time.monotonic() - start, time.process_time() - cpu


async def _embed_index(db: Database) -> None:
    async with db.write() as tx:
        await phrases.take_shipped(tx)
    async for _ in phrases.embed(db, LocalEmbedder()):
        pass


async def _embed(db: Database, most: int) -> None:
    async for at in corpus.embed(db, SYSTEM, LocalEmbedder()):
        if at.done >= most:
            return


async def _share(db: Database) -> float:
    """Return which part of the laws' characters has vectors."""
    async with db.read() as tx:
        return float(await tx.scalar(text(_SHARE)) or 0)


_SHARE = """
SELECT sum(length(body) + length(title)) FILTER (WHERE embed_model IS NOT NULL)
    / CAST(sum(length(body) + length(title)) AS real)
FROM legal_articles WHERE NOT is_repealed
"""


async def _measure() -> None:
    most = int(os.environ.get("CUBE_LEGAL_ARTICLES", "1000000"))
    with servers() as running:
        db = Database(running.database_url, pool_size=2, name="bench")
        try:
            start = time.monotonic()
            articles = await _import(db)
            imported = time.monotonic() - start
            index = await _timed(_embed_index(db))
            took, cpu = await _timed(_embed(db, most))
            share = await _share(db)
        finally:
            await db.close()
    whole = (index[0] + took / share, index[1] + cpu / share)
    rows = [
        ("articles as text", str(articles), f"{imported:.0f} s", ""),
        ("vectors of our index", "", f"{index[0]:.0f} s", f"{index[1]:.0f} s"),
        (f"vectors of {share:.0%} of the laws", "", f"{took:.0f} s", f"{cpu:.0f} s"),
        ("everything, at that pace", "", f"{whole[0] / 60:.0f} min", f"{whole[1] / 60:.0f} min"),
    ]
    print_table(("", f"load {os.getloadavg()[0]:.0f}", "took", "CPU"), rows)


def main() -> None:
    """Measure and print; nothing without the official texts."""
    if not LAWS.is_dir():
        sys.stdout.write(f"no laws in {LAWS}\n")
        return
    asyncio.run(_measure())


if __name__ == "__main__":
    main()
