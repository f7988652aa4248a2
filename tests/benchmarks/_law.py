"""What the lawyer's benchmarks stand on: the questions, the official texts, vectors kept between runs."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
from array import array
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from cube_demper.db.session import Database
from cube_demper.domain.accounts.schemas import SYSTEM
from cube_demper.domain.lawyer import corpus
from cube_demper.domain.lawyer.ports import Vectors
from cube_demper.domain.lawyer.schemas import Key
from cube_demper.integrations.embeddings.local import LocalEmbedder
from cube_demper.integrations.law_files.labels import Given
from cube_demper.integrations.law_files.reader import find_files, read_acts
from tests.benchmarks._stage import ROOT, servers

LAWS = Path(os.environ.get("CUBE_LAWS", ROOT.parent / "shared" / "law"))
"""Official texts are not part of the project; without them there is nothing to measure."""
_CACHE = Path(os.environ.get("CUBE_LEGAL_CACHE", tempfile.gettempdir())) / "v.sqlite"
_CODES = {
    "Z": "Z100000274_", "T": "K1500000414", "P": "K1500000375", "A": "K1400000235",
    "N": "K2500000214", "C": "K1500000377", "S": "K2300000224",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the articles any of which is right."""

    part: str
    kind: str
    text: str
    right: frozenset[Key]


def questions() -> list[Question]:
    """Read `legal_questions.txt`."""
    found, part = [], ""
    for line in (Path(__file__).parent / "legal_questions.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            part = line.strip("[]")
        elif line and not line.startswith("#"):
            kind, right, text = (it.strip() for it in line.split("|"))
            found.append(Question(part, kind, text, frozenset(_key(it) for it in right.split())))
    return found


def _key(short: str) -> Key:
    letter, number = short[0], short[1:]
    if letter == "G":
        return ("K940001000_" if int(number.split("-")[0]) <= 405 else "K990000409_", number)
    return (_CODES[letter], number)


class KeptEmbedder(LocalEmbedder):
    """The local embedder with a memory on the disk: tuning does not embed the laws again."""

    def __init__(self) -> None:
        """Open or make the memory."""
        super().__init__()
        self._kept = sqlite3.connect(_CACHE)
        self._kept.execute("CREATE TABLE IF NOT EXISTS v (k TEXT PRIMARY KEY, x BLOB)")

    async def _embed(self, kind: str, texts: Sequence[str]) -> Vectors:
        keys = [self._key(kind, it) for it in texts]
        missing = {key: it for key, it in zip(keys, texts, strict=True) if not self._find(key)}
        if missing:
            made = await super()._embed(kind, list(missing.values()))
            rows = [(key, array("f", it).tobytes()) for key, it in zip(missing, made, strict=True)]
            self._kept.executemany("INSERT OR IGNORE INTO v VALUES (?, ?)", rows)
            self._kept.commit()
        return [array("f", self._find(it) or b"").tolist() for it in keys]

    @staticmethod
    def _key(kind: str, text: str) -> str:
        return hashlib.sha256(
            ("" if kind == "passage" else f"{kind}\0").encode() + text.encode()
        ).hexdigest()

    def _find(self, key: str) -> bytes | None:
        row = self._kept.execute("SELECT x FROM v WHERE k = ?", (key,)).fetchone()
        return row[0] if row else None


@asynccontextmanager
async def library(embedder: LocalEmbedder) -> AsyncIterator[Database]:
    """Import every law into a throwaway database, with vectors."""
    with servers() as running:
        db = Database(running.database_url, pool_size=2, name="bench")
        try:
            for path in find_files((LAWS,)):
                for act in read_acts(path, Given()):
                    async with db.write() as tx:
                        await corpus.import_act(tx, SYSTEM, act)
            async for _ in corpus.embed(db, SYSTEM, embedder):
                pass
            yield db
        finally:
            await db.close()
