"""How long `cube legal import` takes over the official texts: text at once, vectors after it.

`CUBE_LEGAL_ARTICLES` stops the vectors after so many articles, and says what all of them would take.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time

from sqlalchemy import text

from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.lawyer import corpus
from cube_demper.integrations.embeddings.local import NAME, LocalEmbedder
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


async def _embed(db: Database, most: int) -> tuple[int, int]:
    """Return how many characters of articles have vectors, and how many there are."""
    async for _ in corpus.embed(db, SYSTEM, LocalEmbedder()):
        async with db.read() as tx:
            done = await tx.scalar(
                text("SELECT count(*) FROM legal_articles WHERE embed_model = :name"),
                {"name": NAME},
            )
        if done >= most:
            break
    async with db.read() as tx:
        row = await tx.execute(
            text(
                "SELECT coalesce(sum(length(body) + length(title))"
                " FILTER (WHERE embed_model IS NOT NULL), 0), sum(length(body) + length(title))"
                " FROM legal_articles WHERE NOT is_repealed"
            )
        )
        embedded, whole = row.one()
        return int(embedded), int(whole)


async def _measure() -> None:
    most = int(os.environ.get("CUBE_LEGAL_ARTICLES", "1000000"))
    with servers() as running:
        db = Database(running.database_url, pool_size=2, name="bench")
        try:
            start = time.monotonic()
            articles = await _import(db)
            imported = time.monotonic() - start
            start, cpu = time.monotonic(), time.process_time()
            embedded, whole = await _embed(db, most)
            took, cpu = time.monotonic() - start, time.process_time() - cpu
        finally:
            await db.close()
    share = embedded / whole
    rows = [
        ("articles as text", str(articles), f"{imported:.0f} s", ""),
        (f"vectors of {share:.0%}", "with the index", f"{took:.0f} s", f"{cpu:.0f} s of CPU"),
        (
            "all of them",
            "at that pace",
            f"{took / share / 60:.0f} min",
            f"{cpu / share / 60:.0f} min of CPU",
        ),
    ]
    print_table(("", "", "took", f"load {os.getloadavg()[0]:.0f}"), rows)


def main() -> None:
    """Measure and print; nothing without the official texts."""
    if not LAWS.is_dir():
        sys.stdout.write(f"no laws in {LAWS}\n")
        return
    asyncio.run(_measure())


if __name__ == "__main__":
    main()
