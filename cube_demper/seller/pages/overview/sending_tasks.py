"""What sending asks of the seller: changes that do not fit Kaspi's limit, prices it never showed."""

from __future__ import annotations

from collections.abc import Iterator

from cube_demper.seller.pages.bot.shortage import shortage_of
from cube_demper.seller.pages.overview.reading import Picture
from cube_demper.seller.pages.overview.task import Task
from cube_demper.ui.format import counted


def sending_tasks(picture: Picture) -> Iterator[Task]:
    """Return one line for each trouble of each store shown."""
    for status in picture.status.stores:
        store = status.store
        if picture.store_id not in {None, store.id}:
            continue
        proof = picture.proofs.get(store.id)
        if proof is not None and proof.not_shown:
            prices = counted(len(proof.not_shown), "цену", "цены", "цен")
            yield Task(
                id=f"not_shown:{store.id}",
                icon="circle-alert",
                tone="red",
                title=f"«{store.name}»: Kaspi не показал {prices}",
                text="Принял дважды, а на витрине нет. Проверьте товары в кабинете",
                verb="Посмотреть",
                link=f"/bot?store={store.id}#proof",
            )
        short = shortage_of(status, picture.forecasts.get(store.id), picture.now)
        if short.title:
            yield Task(
                id=f"short:{store.id}",
                icon="hourglass",
                title=f"«{store.name}»: изменений больше, чем принимает Kaspi",
                text=short.text.removesuffix("."),
                verb="Что поможет",
                link=f"/bot?store={store.id}",
            )
