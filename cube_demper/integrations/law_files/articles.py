"""A law's text as lines → its articles, chapters and the words at its head. Pure; Russian and Kazakh."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from cube_demper.domain.lawyer.schemas import ArticleText

_ARTICLE: Final = re.compile(
    r"^(?:Статья\s+(?P<ru>\d+(?:-\d+)*)|(?P<kk>\d+(?:-\d+)*)[-–]бап)\s*[.:]?\s*(?P<title>.*)$"
)
_LEVELS: Final = (
    re.compile(r"^(?:ОБЩАЯ ЧАСТЬ|ОСОБЕННАЯ ЧАСТЬ|ЖАЛПЫ БӨЛІК|ЕРЕКШЕ БӨЛІК)"),
    re.compile(r"^(?:раздел\s+[\dIVX]+|\d+[-–]бөлім)\b", re.IGNORECASE),
    re.compile(r"^(?:подраздел\s+\d+|\d+[-–]кіші бөлім)\b", re.IGNORECASE),
    re.compile(r"^(?:глава\s+\d+|\d+(?:-\d+)?[-–]тарау)\b", re.IGNORECASE),
    re.compile(r"^(?:параграф\s+\d+|§\s*\d+|\d+[-–]параграф)", re.IGNORECASE),
)
_NOTE: Final = re.compile(r"^(?:Сноска\.|Ескерту\.|Примечание ИЗПИ|ЗҚАИ-ның ескертпесі)")
_REPEALED: Final = re.compile(
    r"^\(?\s*(?:исключен|утратил|алып тасталды|күші жойылды)", re.IGNORECASE
)


@dataclass(slots=True)
class _Draft:
    number: str
    title: str
    chapter: str
    lines: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def finish(self) -> ArticleText:
        body = "\n".join(self.lines)
        is_repealed = any(_REPEALED.match(it) for it in (self.title, body)) or (
            not body and any("исключен" in it.lower() for it in self.notes)
        )
        return ArticleText(
            self.number, self.title, self.chapter, body, "\n".join(self.notes), is_repealed
        )


def split_articles(lines: Iterable[str]) -> tuple[tuple[str, ...], tuple[ArticleText, ...]]:
    """Return the lines above the first article and the articles.

    A contents table at the head gives the same numbers first without a body: the later one counts.
    """
    head: list[str] = []
    drafts: dict[str, _Draft] = {}
    chapters: dict[int, str] = {}
    now: _Draft | None = None
    for line in (" ".join(it.split()) for it in lines):
        if not line:
            continue
        if found := _ARTICLE.match(line):
            number = found["ru"] or found["kk"]
            now = _Draft(number, found["title"].strip(), " / ".join(chapters.values()))
            drafts.pop(number, None)
            drafts[number] = now
        elif (level := _level(line)) is not None:
            chapters = {at: it for at, it in chapters.items() if at < level} | {level: line}
            now = None
        elif now is not None:
            (now.notes if _NOTE.match(line) else now.lines).append(line)
        elif not drafts:
            head.append(line)
    return tuple(head), tuple(it.finish() for it in drafts.values())


def _level(line: str) -> int | None:
    return next((at for at, it in enumerate(_LEVELS) if it.match(line)), None)


_STARTS: Final = re.compile(
    r"^(?:Статья\s|\d+(?:-\d+)*(?:[.)]\s|[-–]бап)|Сноска|Ескерту|Примечание|[а-яё]\))"
)
_ENDS: Final = (".", ";", ":", "–", "-", "—", "!", "?", "»", ")")


def join_wrapped(lines: Sequence[str]) -> list[str]:
    """Join lines that a page's width has broken: what begins small, and what goes on from a full line."""
    stripped = [it for it in (it.strip() for it in lines) if it]
    full = 0.6 * sorted(map(len, stripped))[len(stripped) * 9 // 10] if stripped else 0
    joined: list[str] = []
    before = ""
    for line in stripped:
        if joined and _goes_on(before, line, full):
            whole = joined[-1]
            joined[-1] = f"{whole[:-1]}{line}" if whole.endswith("\u00ad") else f"{whole} {line}"
        else:
            joined.append(line)
        before = line
    return joined


def _goes_on(before: str, line: str, full: float) -> bool:
    if _STARTS.match(line) or _level(line) is not None:
        return False
    is_heading = bool(_ARTICLE.match(before)) or _level(before) is not None
    is_broken = len(before) >= full and not (is_heading or before.endswith(_ENDS))
    return line[:1].islower() or is_broken
