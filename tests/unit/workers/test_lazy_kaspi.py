"""The way to Kaspi is built once, however many ask for it at the same moment, and closed."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from workers import lazy_kaspi
from workers.lazy_kaspi import LazyKaspi


class _Kaspi:
    def __init__(self) -> None:
        self.is_closed = False

    async def close(self) -> None:
        self.is_closed = True


async def test_two_at_once_share_one(monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[_Kaspi] = []

    async def build(_services: object) -> _Kaspi:
        await asyncio.sleep(0)
        built.append(_Kaspi())
        return built[-1]

    monkeypatch.setattr(lazy_kaspi, "build_kaspi", build)
    services: Any = object()
    way = LazyKaspi(services)
    await way.close()
    first, second = await asyncio.gather(way.get(), way.get())
    assert first is second is built[0]
    await way.close()
    assert [it.is_closed for it in built] == [True]
