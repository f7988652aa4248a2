from __future__ import annotations

import re
from pathlib import Path

from cube_demper.domain.notifications.kinds import KINDS
from cube_demper.seller.pages.help.answers import TOPICS, found

ROOT = Path(__file__).resolve().parents[4]
SLUGS = [answer.slug for topic in TOPICS for answer in topic.answers]


def test_every_answer_has_its_own_address() -> None:
    assert len(set(SLUGS)) == len(SLUGS)


def test_links_into_the_help_lead_to_an_answer() -> None:
    linked = {kind.help for kind in KINDS.values() if kind.help}
    for path in (ROOT / "cube_demper").rglob("*.py"):
        linked |= set(re.findall(r"/help#([a-z-]+)", path.read_text()))
    linked -= {"{kind"}
    assert linked >= {"undo-hour", "urgent"}
    assert not linked - {*SLUGS, "support"}  # the card under the answers


def test_search_finds_by_the_words_of_sellers_and_of_errors() -> None:
    assert "too-many-requests" in found("429")
    assert found("НЕ  видно витрина")[0] == "price-not-shown"
    assert "empty-min-price" in found("пустая мин")
    assert found("") == SLUGS
    assert found("абракадабра") == []
