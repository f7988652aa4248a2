"""Does a rival that moved on one card move on its others too? Learned rival by rival. Pure.

Many sellers upload a whole price list: all of their prices change at once. Who was seen to do so is
looked at elsewhere at once; who is not is tried now and then.
"""

from __future__ import annotations

ELSEWHERE_AT_MOST = 20
_BELIEF, _DOUBT = 1.0, 3.0
_WORTH_A_LOOK = 0.15


def how_many_elsewhere(tried: float, together: float) -> int:
    """Return on how many other goods to look for a rival that has just moved on one.

    `tried`: how often that was done for this rival; `together`: how often it had moved there too.
    """
    likely = (together + _BELIEF) / (tried + _BELIEF + _DOUBT)
    return round(ELSEWHERE_AT_MOST * likely) if likely >= _WORTH_A_LOOK else 0
