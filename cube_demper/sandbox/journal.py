"""The log of everything that the sandbox received and did: a ring in memory and a file with a size cap."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import orjson

Entry = dict[str, Any]
_RING = 100_000
_FILE_CAP = 64 * 1024 * 1024


class Journal:
    """Numbered entries, oldest first. Two files at most: the current one and the one before."""

    def __init__(self, folder: Path | None = None, *, file_cap: int = _FILE_CAP) -> None:
        """Without a folder the log lives in memory only."""
        self.entries: deque[Entry] = deque(maxlen=_RING)
        self._folder = folder
        self._cap = file_cap
        self._file: IO[bytes] | None = None
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
            self.entries.extend(read_journal(folder))
            self._file = self._path.open("ab")
            self._end_cut_line()
        self._number = self.entries[-1]["n"] if self.entries else 0

    @property
    def _path(self) -> Path:
        assert self._folder is not None  # noqa: S101 - only called with a folder
        return self._folder / "journal.jsonl"

    @property
    def last_number(self) -> int:
        """Return the number of the newest entry."""
        return self._number

    def _end_cut_line(self) -> None:
        with self._path.open("rb") as file:
            file.seek(max(0, self._path.stat().st_size - 1))
            last = file.read(1)
        if self._file and last not in (b"", b"\n"):
            self._file.write(b"\n")

    def write(self, kind: str, at: float, **fields: Any) -> Entry:
        """Add an entry; `at` is seconds of the sandbox's clock."""
        self._number += 1
        moment = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
        entry: Entry = {"n": self._number, "kind": kind, "at": moment, **fields}
        self.entries.append(entry)
        if self._file:
            self._file.write(orjson.dumps(entry, option=orjson.OPT_APPEND_NEWLINE))
            if kind != "request":
                self._file.flush()
        return entry

    def since(self, number: int, *, kind: str | None = None) -> Iterator[Entry]:
        """Yield entries newer than `number`, of one kind if given."""
        return (e for e in self.entries if e["n"] > number and kind in (None, e["kind"]))

    def flush(self) -> None:
        """Hand what was written to the system and start a new file when this one is full."""
        if not self._file:
            return
        self._file.flush()
        if self._file.tell() > self._cap:
            self._file.close()
            self._path.replace(self._path.with_suffix(".1.jsonl"))
            self._file = self._path.open("ab")

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()
            self._file = None


def read_journal(folder: Path) -> Iterator[Entry]:
    """Yield the entries kept in a folder, oldest first; a line cut by a kill is left out."""
    for name in ("journal.1.jsonl", "journal.jsonl"):
        path = folder / name
        if not path.exists():
            continue
        with path.open("rb") as lines:
            for line in lines:
                try:
                    yield orjson.loads(line)
                except orjson.JSONDecodeError:
                    continue  # cut by a kill: what it told of never got its answer
