"""The browser apps that exist and what Reflex has to know about each; rxconfig.py is built on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from cube_demper.core.errors import ConfigurationError
from cube_demper.core.settings import CubeApp, Settings, load_settings
from cube_demper.embedded import load_attached_settings


@dataclass(frozen=True)
class App:
    """One Reflex app: `module` holds its `app`; `own`: the paths that no other app is built from.

    Without `own` that is its package.
    """

    name: CubeApp
    package: str
    module: str
    own: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the paths that a build is made of: every app is drawn with the same kit."""
        return tuple(dict.fromkeys((_SHARED, self.package)))

    @property
    def foreign(self) -> tuple[str, ...]:
        """Return the paths inside its sources that are another app's alone."""
        others = (app.own or (app.package,) for app in _ALL if app is not self)
        return tuple(path for own in others for path in own)


_SHARED = "cube_demper"
_ALL = (
    App(
        CubeApp.SELLER,
        "cube_demper",
        "cube_demper.app",
        ("cube_demper/seller", "cube_demper/app.py"),
    ),
    App(CubeApp.ADMIN, "admin", "admin.app"),
    App(CubeApp.SUPPORT, "support", "support.app"),
    App(CubeApp.PARTNER, "partner", "partner.app"),
)
APPS = {app.name: app for app in _ALL}


def find_app(name: str) -> App:
    """Return an app by its name. Raises ConfigurationError listing those that exist."""
    try:
        return APPS[CubeApp(name)]
    except (ValueError, KeyError):
        known = ", ".join(APPS)
        raise ConfigurationError(f"CUBE_APP={name}: такого приложения нет, есть {known}") from None


def chosen_app(environment: Mapping[str, str]) -> App:
    """Return the app that CUBE_APP names, the seller's by default."""
    return find_app(environment.get("CUBE_APP") or CubeApp.SELLER)


def settings_for_app() -> Settings:
    """Return the settings, borrowing from a running `cube up` where there is one.

    A build needs no database: what is missing is refused when the app starts.
    """
    try:
        return load_attached_settings()
    except ConfigurationError:
        return load_settings()


def find_reflex_redis_url(settings: Settings, name: CubeApp) -> str | None:
    """Return the Redis database where Reflex keeps an app's states: ours is 0, the apps' 1…4."""
    if settings.redis_url is None:
        return None
    parts = urlsplit(settings.redis_url.get_secret_value())
    number = list(CubeApp).index(name) + 1
    return urlunsplit(parts._replace(path=f"/{number}"))


def app_origins(settings: Settings, name: CubeApp) -> tuple[str, ...]:
    """Return the app's own address; in development also its twin by number."""
    own = settings.app_url(name)
    if settings.is_production:
        return (own,)
    return (own, f"http://127.0.0.1:{settings.app_port(name)}")
