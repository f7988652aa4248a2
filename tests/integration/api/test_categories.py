"""The route behind the category picker: for sellers alone, a level or a search at a time."""

from __future__ import annotations

from web_stage import Site

PLACE = "/api/categories"


async def test_only_a_seller_chooses_categories(site: Site) -> None:
    assert (await site.client.get(PLACE)).is_error
    await site.scene.add("a@example.kz")
    await site.open(await site.scene.code("a@example.kz"))
    top = (await site.client.get(PLACE)).json()
    assert 10 < len(top["rows"]) < 50
    phones = next(it for it in top["rows"] if it["value"] == "Телефоны и гаджеты")
    assert (phones["note"], phones["parts"], phones["above"]) == ("12,5–15,5\u00a0%", 8, "")
    level = await site.client.get(PLACE, params={"under": phones["value"]})
    mixed = next(it for it in level.json()["rows"] if it["name"] == "Аксессуары для телефонов")
    assert not mixed["canBeTaken"]
    found = (await site.client.get(PLACE, params={"q": "чехлы смартфон"})).json()
    assert found["rows"][0]["value"].endswith("Аксессуары для телефонов > Чехлы для смартфонов")
    near = (await site.client.get(PLACE, params={"q": "Утюжки"})).json()
    assert near["isNear"]
    assert (await site.client.get(PLACE, params={"q": "а" * 2_000})).is_error
