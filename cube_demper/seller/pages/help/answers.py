"""All answers, and the search over them. `/help#at-the-floor` is the address of one."""

from __future__ import annotations

from cube_demper.seller.pages.help.account_answers import ACCOUNT, MESSAGES
from cube_demper.seller.pages.help.bot_answers import BOT
from cube_demper.seller.pages.help.price_answers import PRICES
from cube_demper.seller.pages.help.shapes import Answer, Topic

TOPICS: tuple[Topic, ...] = (BOT, PRICES, ACCOUNT, MESSAGES)


def found(search: str) -> list[str]:
    """Return the slugs of answers that hold every word searched for; all of them for no words."""
    words = search.lower().replace("ё", "е").split()
    return [
        answer.slug
        for topic in TOPICS
        for answer in topic.answers
        if all(word in _searchable(topic, answer) for word in words)
    ]


def _searchable(topic: Topic, answer: Answer) -> str:
    parts = (topic.title, answer.question, *answer.text, answer.also)
    return " ".join(parts).lower().replace("ё", "е")
