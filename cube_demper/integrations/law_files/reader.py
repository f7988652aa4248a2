"""Reads a file, or all files of a folder, as editions of acts; says in words why one cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from cube_demper.domain.lawyer.errors import UnreadableLaw
from cube_demper.domain.lawyer.schemas import Act
from cube_demper.integrations.law_files import adilet, docx, jsonl, pdf
from cube_demper.integrations.law_files.articles import split_articles
from cube_demper.integrations.law_files.labels import Given, label
from cube_demper.integrations.law_files.text import Text

MOST_BYTES: Final = 64 << 20
_TEXTS: Final[Mapping[str, Callable[[bytes], Text]]] = {
    ".docx": docx.read,
    ".pdf": pdf.read,
    ".html": adilet.read,
    ".htm": adilet.read,
}
KINDS: Final = (".jsonl", *_TEXTS)


def find_files(paths: tuple[Path, ...]) -> list[Path]:
    """Return the files to read, those of folders included, each once. Raises UnreadableLaw for none."""
    found: dict[Path, None] = {}
    for path in paths:
        inside = (
            sorted(it for it in path.rglob("*") if it.suffix.lower() in KINDS)
            if path.is_dir()
            else [path]
        )
        found |= dict.fromkeys(inside)
    if not found:
        raise UnreadableLaw(f"Нет ни одного файла {', '.join(KINDS)}.")
    return list(found)


def read_acts(path: Path, given: Given) -> Iterator[Act]:
    """Read a file. Raises UnreadableLaw with the file's name and what is wrong with it."""
    content = _content(path)
    kind = path.suffix.lower()
    if kind == ".jsonl":
        yield from jsonl.read(path.name, content)
        return
    if kind not in _TEXTS:
        raise UnreadableLaw(f"{path.name}: такой файл не читаем. Годятся {', '.join(KINDS)}.")
    text = _read_text(path.name, _TEXTS[kind], content)
    head, articles = split_articles(text.lines)
    if not articles:
        raise UnreadableLaw(
            f"{path.name}: нет ни одной строки «Статья 1. …» или «1-бап. …». "
            "Нужен текст закона по статьям, не скан и не пересказ."
        )
    it = label(path.name, head, "\n".join(text.lines), given, text.source)
    yield Act(it.law_code, it.language, it.title, it.number, it.edition, it.url, articles)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableLaw(f"{path.name}: больше {MOST_BYTES >> 20} МБ.")
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableLaw(f"{path}: не открывается ({error.strerror}).") from None
    if not content.strip():
        raise UnreadableLaw(f"{path.name}: пустой файл.")
    return content


def _read_text(name: str, read: Callable[[bytes], Text], content: bytes) -> Text:
    try:
        return read(content)
    except UnreadableLaw as error:
        raise UnreadableLaw(f"{name}: {error.message}") from None
