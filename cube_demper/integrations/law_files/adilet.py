"""A saved page of adilet.zan.kz: the paragraphs of its article block, else of the whole page."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

from cube_demper.domain.lawyer.errors import UnreadableLaw
from cube_demper.integrations.law_files.text import Text

_BLOCKS: Final = frozenset(
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "tr", "div", "br", "td", "title"}
)
_SILENT: Final = frozenset(
    {"script", "style", "noscript", "nav", "footer", "header", "select", "button"}
)
_CHARSET: Final = re.compile(rb"charset=[\"']?([\w-]+)", re.IGNORECASE)


def read(content: bytes) -> Text:
    """Read the page. Raises UnreadableLaw when it is no page."""
    page = _decode(content)
    if "<" not in page:
        raise UnreadableLaw("это не страница HTML.")
    parser = _Paragraphs()
    parser.feed(page)
    parser.close()
    return Text(tuple(parser.lines()), parser.address)


def _decode(content: bytes) -> str:
    named = _CHARSET.search(content[:4096])
    for encoding in (named[1].decode("ascii") if named else "utf-8", "utf-8-sig", "cp1251"):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    raise UnreadableLaw("кодировка страницы неизвестна.")


class _Paragraphs(HTMLParser):
    """Collects text by block; what is inside `<article>` wins, if there is such a block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.address = ""
        self._whole: list[str] = [""]
        self._inner: list[str] = [""]
        self._silent = 0
        self._articles = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a paragraph; remember the page's own address."""
        given = dict(attrs)
        if tag == "link" and given.get("rel") == "canonical":
            self.address = given.get("href") or ""
        self._silent += tag in _SILENT
        self._articles += tag == "article"
        if tag in _BLOCKS:
            self._begin()

    def handle_endtag(self, tag: str) -> None:
        """End a paragraph."""
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        if tag == "article":
            self._articles = max(0, self._articles - 1)
        if tag in _BLOCKS:
            self._begin()

    def handle_data(self, data: str) -> None:
        """Add to the paragraph."""
        if self._silent:
            return
        self._whole[-1] += data
        if self._articles:
            self._inner[-1] += data

    def lines(self) -> list[str]:
        """Return the paragraphs."""
        inner = [it for it in self._inner if it.strip()]
        return inner or [it for it in self._whole if it.strip()]

    def _begin(self) -> None:
        self._whole.append("")
        self._inner.append("")
