"""Pieces of an article: nothing of it is lost, each says what it is about, none is too long."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cube_demper.domain.lawyer.chunks import CHUNK_CHARACTERS, chunks_of

_WORD = st.text("абвгдеё", min_size=1, max_size=12)
_PARAGRAPH = st.lists(_WORD, min_size=1, max_size=300).map(" ".join)


@given(st.lists(_PARAGRAPH, max_size=8))
@settings(deadline=None, max_examples=50)
def test_every_word_is_in_some_piece_in_its_order(paragraphs: list[str]) -> None:
    pieces = chunks_of("Заголовок", "Раздел 1. ПРОДАЖА / Глава 2. ВОЗВРАТ", "\n".join(paragraphs))
    bodies = [it.removeprefix("Возврат. Заголовок").strip() for it in pieces]
    assert all(len(it) <= CHUNK_CHARACTERS for it in bodies)
    whole = "".join("".join(bodies).split())
    assert whole == "".join("".join(paragraphs).split())


def test_how_large_a_fine_is_does_not_drown_what_it_is_for() -> None:
    (piece,) = chunks_of(
        "Обман",
        "Глава 15. ТОРГОВЛЯ",
        "Обвес –\nвлечет штраф в размере десяти показателей.\nОбсчёт.",
    )
    assert piece == "Торговля. Обман\nОбвес –\nОбсчёт."


def test_article_without_text_is_its_heading() -> None:
    assert chunks_of("Возврат", "", "") == ("Возврат",)
