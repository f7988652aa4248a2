"""From Babel's catalogues (`locales/*.po`) to the module that the browser reads.

`python -m cube_demper.ui.catalogues` takes new texts from the sources into the .po files and writes
`assets/shared/catalogues.js`; a text without a translation stays Russian.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
LOCALES = Path(__file__).with_name("locales")
TARGET = ROOT / "assets" / "shared" / "catalogues.js"
_SOURCES = {
    "cube_demper/ui": [("**.py", "python")],
    "cube_demper/seller/frame": [("**.py", "python")],
    "cube_demper/seller": [("texts.py", "python"), ("navigation.py", "python")],
    "assets/shared": [("**.js", "javascript")],
}
_KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "tr": None,
    "marked": None,
    "translate": None,
    "tr_count": (2, 3),
}


def texts_in_sources() -> Iterator[str | tuple[str, ...]]:
    """Yield every text that the sources hand to `tr`, `marked` or `tr_count`."""
    for folder, methods in _SOURCES.items():
        found = extract_from_dir(
            ROOT / folder, method_map=methods, keywords=_KEYWORDS, comment_tags=()
        )
        for _file, _line, message, _comments, _context in found:
            if message and message[0]:
                yield message


def read(language: str) -> Catalog:
    """Return a language's catalogue."""
    with (LOCALES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def languages() -> list[str]:
    """Return the codes of the languages that have a catalogue."""
    return sorted(path.stem for path in LOCALES.glob("*.po"))


def for_browser() -> str:
    """Return the browser's module: text -> translation, counted word -> its forms."""
    content = {
        language: {
            (entry.id[0] if isinstance(entry.id, tuple) else entry.id): entry.string
            for entry in read(language)
            if entry.id and entry.string and any(entry.string)
        }
        for language in languages()
    }
    body = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
    return f"// Made by `python -m cube_demper.ui.catalogues`.\nexport const catalogues = {body};\n"


def update() -> None:
    """Bring the .po files up to the sources and write the browser's module."""
    wanted = Catalog(fuzzy=False)
    for text in texts_in_sources():
        wanted.add(text)
    for language in languages():
        catalogue = read(language)
        catalogue.update(wanted, no_fuzzy_matching=True)
        with (LOCALES / f"{language}.po").open("wb") as file:
            write_po(
                file,
                catalogue,
                no_location=True,
                ignore_obsolete=True,
                omit_header=True,
                sort_output=True,
            )
    TARGET.write_text(for_browser(), "utf-8")


if __name__ == "__main__":
    update()
    sys.stdout.write(f"{TARGET.relative_to(ROOT)}: {', '.join(languages())}\n")
