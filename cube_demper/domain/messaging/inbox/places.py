"""A point on the map out of what a person pastes: a link of a map, or two numbers. Pure."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from cube_demper.core.errors import InvalidFields
from cube_demper.domain.messaging.enclosures import Enclosure, EnclosureKind

LONGEST_TITLE: Final = 100
_NUMBER: Final = r"(-?\d{1,3}\.\d{2,})"
_PAIR: Final = re.compile(rf"{_NUMBER}\s*[,;\s/]\s*{_NUMBER}")
_LONGITUDE_FIRST: Final = ("2gis.", "yandex.")
"""Their links name the longitude first; everybody else, and people, the latitude."""


def read_place(text: str, title: str) -> Enclosure:
    """Return the point. Raises InvalidFields naming `place`, `caption` or both."""
    words, faults = " ".join(title.split()), {}
    point = _point(unquote(text.strip()))
    if point is None:
        faults["place"] = (
            "Не видим координат. Вставьте ссылку из 2ГИС, Яндекс или Google Карт либо два числа: "
            "43.238949, 76.889709."
        )
    elif not (-90 <= point[0] <= 90 and -180 <= point[1] <= 180):
        faults["place"] = "Таких координат не бывает."
    if not words:
        faults["caption"] = "Назовите место: покупатель увидит подпись у точки."
    elif len(words) > LONGEST_TITLE:
        faults["caption"] = f"Не больше {LONGEST_TITLE} знаков."
    if faults or point is None:
        raise InvalidFields(faults)
    return Enclosure(EnclosureKind.LOCATION, words, latitude=point[0], longitude=point[1])


def _point(plain: str) -> tuple[float, float] | None:
    """Return the latitude and the longitude."""
    found = None
    for found in _PAIR.finditer(plain):
        if plain[: found.start()].endswith(("@", "m=", "ll=", "pt=")):
            break
    if found is None:
        return None
    first, second = float(found[1]), float(found[2])
    is_turned = any(host in plain for host in _LONGITUDE_FIRST)
    return (second, first) if is_turned else (first, second)
