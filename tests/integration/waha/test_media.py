"""Pictures and places that buyers send: from the sandbox's phone to our route, and nobody else's."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from waha_scene import BUYER, Stage

from cube_demper.core.errors import Unreachable
from cube_demper.domain.messaging.enclosures import EnclosureKind, enclosure_of
from cube_demper.integrations.waha.mapping import file_path
from cube_demper.integrations.waha.media import read_media
from cube_demper.models.messages import WhatsAppMessage


async def test_a_picture_and_a_place_are_kept_and_the_picture_is_read(stage: Stage) -> None:
    await stage.linked()
    engine, buyer = stage.sandbox.waha, stage.sandbox.waha.buyer(BUYER)
    photo = engine.incoming_photo(stage.session, buyer, "Царапина")
    await stage.settle()
    stage.scene.clock.move(seconds=1)
    engine.incoming(stage.session, buyer, "Дом", kind="location", latitude=43.5, longitude=76.25)
    await stage.settle()

    async with stage.services.db.read() as tx:
        rows = (
            await tx.scalars(select(WhatsAppMessage).order_by(WhatsAppMessage.happened_at))
        ).all()
    image, place = (enclosure_of(row.media) for row in rows)
    assert image is not None
    assert place is not None
    assert (image.kind, image.mimetype) == (EnclosureKind.IMAGE, "image/png")
    assert (place.name, place.latitude, place.longitude) == ("Дом", 43.5, 76.25)
    waha = stage.services.settings.waha
    assert await read_media(waha, image.path) == engine.files[photo.id]
    engine.files.clear()
    with pytest.raises(Unreachable):
        await read_media(waha, image.path)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("http://localhost:3000/api/files/s/true_1@c.us_3EB0.jpg", "/api/files/s/true_1@c.us_3EB0.jpg"),
        ("http://evil.example/api/files/s/1.jpg", "/api/files/s/1.jpg"),
        ("http://localhost:3000/api/sessions", ""),
        ("http://localhost:3000/api/files/../sessions", ""),
        ("http://localhost:3000/api/files/%2e%2e/sessions", ""),
        ("file:///etc/passwd", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_only_files_of_our_own_waha_are_asked_for(url: str, path: str) -> None:
    assert file_path(url) == path
