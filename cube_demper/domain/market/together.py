"""Does a rival that moved on one card move on its others too? Learned rival by rival. Pure.

Many sellers upload a whole price list: all of their prices change at once. Who was seen to do so is
looked at elsewhere at once; who is not is tried now and then.
"""

from __future__ import annotations

ELSEWHERE_AT_MOST = 30
_BELIEF, _DOUBT = 1.0, 3.0
_WEIGHT = 0.2
"""Of one look: those that follow one move tell much the same."""
_WORTH_SOME, _WORTH_ONE = 0.15, 0.03


def how_many_elsewhere(tried: float, together: float) -> int:
    """Return on how many other goods to look for a rival that has just moved on one.

    `tried`: how many looks were made for this rival; `together`: how many saw that it had moved there too.
    """
    likely = (together * _WEIGHT + _BELIEF) / (tried * _WEIGHT + _BELIEF + _DOUBT)
    if likely >= _WORTH_SOME:
        return round(ELSEWHERE_AT_MOST * likely)
    return 1 if likely >= _WORTH_ONE else 0
