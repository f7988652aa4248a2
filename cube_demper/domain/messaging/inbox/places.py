"""A point on the map out of what a person pastes: a link of a map, or two numbers. Pure."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.messaging.enclosures import Enclosure, EnclosureKind

LONGEST_TITLE: Final = 100
_NUMBER: Final = r"(-?\d{1,3}\.\d{2,})"
_PAIR: Final = re.compile(rf"{_NUMBER}\s*[,;\s/]\s*{_NUMBER}")
_LONGITUDE_FIRST: Final = ("2gis.", "yandex.")
"""Their links name the longitude first; everybody else, and people, the latitude."""


def read_place(text: str, title: str) -> Enclosure:
    """Return the point. Raises InvalidInput naming `place` or `caption`."""
    words = " ".join(title.split())
    if not words:
        raise InvalidInput("Назовите место: покупатель увидит подпись у точки.", field="caption")
    if len(words) > LONGEST_TITLE:
        raise InvalidInput(f"Не больше {LONGEST_TITLE} знаков.", field="caption")
    plain = unquote(text.strip())
    found = None
    for found in _PAIR.finditer(plain):
        if plain[: found.start()].endswith(("@", "m=", "ll=", "pt=")):
            break
    if found is None:
        raise InvalidInput(
            "Не видим координат. Вставьте ссылку из 2ГИС, Яндекс или Google Карт либо два числа: "
            "43.238949, 76.889709.",
            field="place",
        )
    first, second = float(found[1]), float(found[2])
    if any(host in plain for host in _LONGITUDE_FIRST):
        first, second = second, first
    if not (-90 <= first <= 90 and -180 <= second <= 180):
        raise InvalidInput("Таких координат не бывает.", field="place")
    return Enclosure(EnclosureKind.LOCATION, words, latitude=first, longitude=second)
