"""Points on the map out of links and numbers."""

from __future__ import annotations

import pytest

from cube_demper.core.errors import InvalidInput
from cube_demper.domain.messaging.enclosures import Enclosure, EnclosureKind, enclosure_of
from cube_demper.domain.messaging.inbox.places import read_place


@pytest.mark.parametrize(
    "text",
    [
        "43.238949, 76.889709",
        "43.238949 76.889709",
        "https://2gis.kz/almaty/geo/76.889709%2C43.238949",
        "https://2gis.kz/almaty?m=76.889709%2C43.238949%2F16.5",
        "https://yandex.kz/maps/?ll=76.889709%2C43.238949&z=16",
        "https://www.google.com/maps/place/X/@43.238949,76.889709,17z/data=!3m1",
        "https://maps.google.com/?q=43.238949,76.889709",
    ],
)
def test_links_and_numbers_name_the_same_place(text: str) -> None:
    found = read_place(text, "  Пункт   выдачи ")
    assert (found.latitude, found.longitude, found.name) == (43.238949, 76.889709, "Пункт выдачи")


@pytest.mark.parametrize(
    ("text", "title", "field"),
    [
        ("улица Абая, 1", "Т", "place"),
        ("", "Т", "place"),
        ("143.238949, 76.889709", "Т", "place"),
        ("43.238949, 76.889709", " ", "caption"),
        ("43.238949, 76.889709", "Т" * 101, "caption"),
    ],
)
def test_what_is_no_place_names_its_field(text: str, title: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_place(text, title)
    assert refused.value.field == field


def test_both_fields_are_told_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_place("дом у реки", "")
    assert list(refused.value.faults) == ["place", "caption"]


def test_an_enclosure_survives_the_database() -> None:
    place = Enclosure(EnclosureKind.LOCATION, "Нулевой меридиан", latitude=51.0, longitude=0.0)
    assert enclosure_of(place.as_json()) == place
    assert enclosure_of(None) is None


def test_rows_from_before_enclosures_are_still_read() -> None:
    assert enclosure_of({"mimetype": "?"}) == Enclosure(EnclosureKind.OTHER, mimetype="?")
    found = enclosure_of({"mimetype": "image/jpeg"})
    assert found is not None
    assert found.kind is EnclosureKind.IMAGE
