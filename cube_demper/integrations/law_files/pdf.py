"""Lines of a PDF that has text in it; lines that the page's width broke are joined."""

from __future__ import annotations

import re
from collections import Counter
from io import BytesIO
from typing import Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from cube_demper.domain.lawyer.errors import UnreadableLaw
from cube_demper.integrations.law_files.articles import join_wrapped
from cube_demper.integrations.law_files.text import Text

_PAGE_NUMBER: Final = re.compile(r"^[-–—\s]*(?:стр\.?\s*)?\d+[-–—\s]*$")
_MOST_PAGES: Final = 3000


def read(content: bytes) -> Text:
    """Read the pages. Raises UnreadableLaw for a password, a scan and a broken file."""
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted:
            raise UnreadableLaw("PDF защищён паролем. Сохраните его без пароля.")
        if len(reader.pages) > _MOST_PAGES:
            raise UnreadableLaw(f"больше {_MOST_PAGES} страниц.")
        pages = [page.extract_text().splitlines() for page in reader.pages]
    except (PyPdfError, ValueError, KeyError, TypeError, OSError) as error:
        raise UnreadableLaw("это не PDF или файл повреждён.") from error
    lines = _without_running_heads(pages)
    if not lines:
        raise UnreadableLaw("в PDF нет текста: это скан. Нужен файл, в котором текст выделяется.")
    return Text(tuple(join_wrapped(lines)))


def _without_running_heads(pages: list[list[str]]) -> list[str]:
    """Leave out page numbers and what stands at the edge of most pages."""
    edges = Counter(it.strip() for page in pages for it in {*page[:1], *page[-1:]})
    running = {it for it, times in edges.items() if len(pages) > 3 and times > len(pages) / 2}
    return [
        line
        for page in pages
        for line in page
        if line.strip() and line.strip() not in running and not _PAGE_NUMBER.match(line)
    ]
