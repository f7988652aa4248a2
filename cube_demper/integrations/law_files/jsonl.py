"""JSONL, an article a line: law, law_code, edition, article, title, text; the rest may be missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import orjson

from cube_demper.domain.lawyer.errors import UnreadableLaw
from cube_demper.domain.lawyer.schemas import Act, ArticleText
from cube_demper.integrations.law_files.labels import Label

_Row = dict[str, Any]


def read(name: str, content: bytes) -> Iterator[Act]:
    """Read every edition in the file. Raises UnreadableLaw naming the line; then nothing is given."""
    labels: dict[tuple[str, str, date], Label] = {}
    articles: dict[tuple[str, str, date], list[ArticleText]] = {}
    for at, line in enumerate(content.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
            it, article = _label(row), _article(row)
        except orjson.JSONDecodeError:
            raise UnreadableLaw(f"{name}, строка {at}: это не JSON.") from None
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UnreadableLaw(
                f"{name}, строка {at}: нет нужного поля или оно неверное ({error})."
            ) from None
        key = (it.law_code, it.language, it.edition)
        labels.setdefault(key, it)
        articles.setdefault(key, []).append(article)
    for key, it in labels.items():
        yield Act(
            it.law_code, it.language, it.title, it.number, it.edition, it.url, tuple(articles[key])
        )


def _label(row: _Row) -> Label:
    code = _text(row, "law_code")
    if not code:
        raise ValueError("law_code пуст")
    language = _text(row, "language", "ru")
    if language not in ("ru", "kk"):
        raise ValueError(f"language: «{language}» вместо ru или kk")
    return Label(
        code,
        date.fromisoformat(_text(row, "edition")[:10]),
        language,
        _text(row, "law"),
        _text(row, "number", ""),
    )


def _article(row: _Row) -> ArticleText:
    number = _text(row, "article").strip()
    if not number:
        raise ValueError("article пуст")
    return ArticleText(
        number,
        _text(row, "title").strip(),
        _text(row, "chapter", ""),
        _text(row, "text").strip(),
        _text(row, "notes", ""),
        _text(row, "status", "active") not in ("active", ""),
    )


def _text(row: _Row, name: str, default: str | None = None) -> str:
    value = row.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise ValueError(f"{name}: нужен текст")  # noqa: TRY004 - a wrong line, whatever is wrong in it
    return value.replace("\0", "")
