from __future__ import annotations

import pytest

from cube_demper.core.errors import ConfigurationError
from cube_demper.core.settings import CubeApp, Settings
from cube_demper.up.apps import app_origins, chosen_app, find_app, find_reflex_redis_url


def settings(**given: object) -> Settings:
    return Settings(_env_file=None, **given)


def test_seller_is_the_default() -> None:
    assert chosen_app({}).module == "cube_demper.app"
    assert chosen_app({"CUBE_APP": ""}).name is CubeApp.SELLER


@pytest.mark.parametrize("name", ["office", "shop", "SELLER"])
def test_unknown_app_is_one_line_with_those_that_exist(name: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        find_app(name)
    assert (
        refused.value.message
        == f"CUBE_APP={name}: такого приложения нет, есть seller, admin, support, partner"
    )


@pytest.mark.parametrize(
    ("name", "number"),
    [(CubeApp.SELLER, 1), (CubeApp.ADMIN, 2), (CubeApp.SUPPORT, 3), (CubeApp.PARTNER, 4)],
)
def test_states_of_each_app_have_a_redis_database(name: CubeApp, number: int) -> None:
    given = settings(REDIS_URL="redis://:secret@127.0.0.1:3031/0")
    assert find_reflex_redis_url(given, name) == f"redis://:secret@127.0.0.1:3031/{number}"


def test_build_without_redis_is_possible() -> None:
    assert find_reflex_redis_url(settings(REDIS_URL=None), CubeApp.SELLER) is None


def test_only_the_apps_own_address_may_open_a_socket() -> None:
    given = settings(CUBE_PORT_BASE=4000, PUBLIC_URL=None)
    assert app_origins(given, CubeApp.SELLER) == ("http://localhost:4000", "http://127.0.0.1:4000")


def test_production_has_one_origin() -> None:
    given = settings(CUBE_ENV="production", PUBLIC_URL="https://cube.example.kz/")
    assert app_origins(given, CubeApp.SELLER) == ("https://cube.example.kz",)
