"""The index that comes with the program."""

from __future__ import annotations

import re
from collections import Counter

from cube_demper.domain.lawyer import shipped, vocabulary


def test_every_entry_says_what_it_answers() -> None:
    entries = shipped.entries()
    assert len(entries) >= 150
    for it in entries:
        assert re.fullmatch(r"\d+(-\d+)?", it.number), it
        assert it.title, it
        assert it.summary, it
        assert it.russian, it
        act = shipped.act_of(it.law_code)
        assert act is not None
        assert act.url.startswith("https://adilet.zan.kz/rus/docs/")
        assert act.first <= int(it.number.split("-")[0]) <= act.last, it


def test_article_has_one_entry_and_a_phrase_stands_once_in_it() -> None:
    keys = Counter((it.law_code, it.number) for it in shipped.entries())
    assert not [key for key, times in keys.items() if times > 1]
    for it in shipped.entries():
        assert len(set(it.russian)) == len(it.russian), it
        assert len(set(it.kazakh)) == len(it.kazakh), it


def test_kazakh_is_asked_too() -> None:
    assert sum(bool(it.kazakh) for it in shipped.entries()) >= 100


def test_money_engine_counts_by_articles_that_the_index_knows() -> None:
    assert all(shipped.entry_of(*key) for _, keys in vocabulary.NORMS for key in keys)
    assert vocabulary.money_norms("сколько пени за просрочку")[0] == ("K940001000_", "353")
    assert "недостатки" in vocabulary.law_words("Пришёл брак")
