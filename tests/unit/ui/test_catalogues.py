"""Translations: the browser has what the catalogues say, and the kit is wholly translated."""

from __future__ import annotations

import re

import pytest

from cube_demper.ui import catalogues
from cube_demper.ui.i18n import LANGUAGES

_HOLE = re.compile(r"\{\w+\}")


def test_the_browsers_module_is_made_of_the_catalogues() -> None:
    made = catalogues.for_browser()
    assert catalogues.TARGET.read_text("utf-8") == made, "run: python -m cube_demper.ui.catalogues"


def test_every_language_of_the_menu_but_the_source_has_a_catalogue() -> None:
    assert [*catalogues.languages(), "ru"] == sorted(
        LANGUAGES, key=lambda code: (code == "ru", code)
    )


@pytest.mark.parametrize("language", ["kk", "en"])
def test_every_text_of_the_kit_and_the_frame_is_translated(language: str) -> None:
    catalogue = catalogues.read(language)
    untranslated = [
        text
        for text in catalogues.texts_in_sources()
        if not (entry := catalogue.get(text)) or not entry.string
    ]
    assert untranslated == [], "add them to locales/*.po; python -m cube_demper.ui.catalogues"


@pytest.mark.parametrize("language", ["kk", "en"])
def test_a_translation_keeps_the_places_for_values(language: str) -> None:
    for entry in catalogues.read(language):
        if isinstance(entry.id, str) and isinstance(entry.string, str):
            assert sorted(_HOLE.findall(entry.id)) == sorted(_HOLE.findall(entry.string)), entry.id
