"""Reflex settings of one of our apps: CUBE_APP says which (DESIGN §1). Reflex reads it by this name.

A mistake in the settings is one line and exit 2: Reflex would show a traceback otherwise.
"""

import os
import sys

import reflex as rx
from reflex.plugins import SitemapPlugin

from cube_demper.core.errors import ConfigurationError
from cube_demper.ui.bundle import FewerFilesPlugin
from cube_demper.ui.radix import TrimmedRadixPlugin
from cube_demper.up.apps import app_origins, chosen_app, find_reflex_redis_url, settings_for_app

# One list for all apps: with different ones `reflex.lock/` would flip at each build.
_FRONTEND_PACKAGES = ["@fontsource-variable/inter@5.3.0", "plotly.js-basic-dist-min@3.7.0"]
_THEME = rx.theme(accent_color="indigo", gray_color="slate", radius="medium", scaling="95%")

try:
    _settings = settings_for_app()
    _app = chosen_app(os.environ)
except ConfigurationError as error:
    sys.stderr.write(f"{error.message}\n")
    sys.exit(2)

os.environ.setdefault("REFLEX_WEB_WORKDIR", f".web/{_app.name}")
os.environ.setdefault("REFLEX_STATES_WORKDIR", f".states/{_app.name}")
# An inherited address would win over the config's and could be another app's.
os.environ.pop("REFLEX_REDIS_URL", None)
_redis_url = find_reflex_redis_url(_settings, _app.name)
if _redis_url is not None:
    os.environ["REFLEX_REDIS_URL"] = _redis_url

config = rx.Config(
    app_name=_app.package,
    app_module_import=_app.module,
    frontend_port=_settings.app_port(_app.name),
    backend_port=_settings.app_port(_app.name),
    api_url=_settings.app_url(_app.name),
    deploy_url=_settings.app_url(_app.name),
    backend_host=os.environ.get("HOST", "127.0.0.1"),
    cors_allowed_origins=app_origins(_settings, _app.name),
    redis_url=_redis_url,
    # An event that opens a page, or counts what 5,000 goods would change, holds its tab's lock for all its
    # readings. A lock that ends before its event loses what was read: on a busy machine 10 s were too few.
    redis_lock_expiration=30_000,
    redis_lock_warning_threshold=5_000,
    trusted_proxy_hops=_settings.trusted_proxy_hops,
    db_url=None,
    telemetry_enabled=False,
    show_built_with_reflex=False,
    frontend_packages=_FRONTEND_PACKAGES,
    plugins=[TrimmedRadixPlugin(theme=_THEME), FewerFilesPlugin()],
    disable_plugins=[SitemapPlugin],
)
