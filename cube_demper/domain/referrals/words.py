"""Words of bonuses for friends, for the seller's page and the operator's terminal."""

from __future__ import annotations

from typing import Final

from cube_demper.domain.partners.words import DOUBT_WORDS

_OWN_WORDS: Final = DOUBT_WORDS | {
    "own_card": "оплата картой, которой платили вы или другой ваш друг",
    "own_address": "друг входил с вашего интернет-адреса",
    "own_device": "друг входил с вашего устройства",
    "many_from_address": "несколько друзей с одного интернет-адреса",
}


def doubts_in_words(doubts: tuple[str, ...]) -> str:
    """Return the signs of fraud as the end of a sentence, said to the seller who invited."""
    return ", ".join(_OWN_WORDS[it] for it in doubts)
