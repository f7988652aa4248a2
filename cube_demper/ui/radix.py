"""Radix Themes with only that of its code and of its styles which our pages use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reflex.plugins import RadixThemesPlugin
from reflex_base.constants import Dirs

_TRIM = "radix_trim.js"
_AFTER_IMPORTS = '"postcss-import": {},'


@dataclass
class TrimmedRadixPlugin(RadixThemesPlugin):  # type: ignore[misc] # Reflex names it lazily
    """Leaves out of a build the components and the colours that no page of the app uses."""

    def get_frontend_dependencies(self, **context: Any) -> tuple[str, ...]:  # noqa: ARG002 - Reflex's
        """Name nothing: the components bring their package themselves.

        What is named here Reflex puts whole into every page, for components made on the server.
        """
        return ()

    def get_static_assets(self, **context: Any) -> Sequence[tuple[Path, str | bytes]]:
        """Put the PostCSS plugin beside its configuration."""
        code = Path(__file__).with_name(_TRIM).read_text()
        return [*super().get_static_assets(**context), (Path(_TRIM), code)]

    def pre_compile(self, **context: Any) -> None:
        """Name it in that configuration."""
        super().pre_compile(**context)
        context["add_modify_task"](Dirs.POSTCSS_JS, _with_trim)


def _with_trim(configuration: str) -> str:
    """Add our plugin. Raises ValueError when Reflex writes that file in another way than we know."""
    if _TRIM in configuration:
        return configuration
    if _AFTER_IMPORTS not in configuration:
        raise ValueError(f"postcss.config.js has no {_AFTER_IMPORTS}")
    return configuration.replace(_AFTER_IMPORTS, f'{_AFTER_IMPORTS}\n    "./{_TRIM}": {{}},')
