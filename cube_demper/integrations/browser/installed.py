"""Which Chromium of this machine is the lightest (for sign-ins and tests), and which opens a page at all."""

from __future__ import annotations

import shutil
from pathlib import Path

HEADLESS_SHELL = "chromium-headless-shell"
"""Debian's Chromium without windows: a sign-in takes 272 MB with it, 402 with the whole browser."""
_WHOLE = ("chromium", "chromium-browser", "google-chrome")


def light_browser(given: str | None, own: str) -> str | None:
    """Return CHROMIUM_PATH, else the system's headless shell, else what `any_browser` finds."""
    return given or shutil.which(HEADLESS_SHELL) or any_browser(None, own)


def any_browser(given: str | None, own: str) -> str | None:
    """Return CHROMIUM_PATH, else Playwright's `own` where it is installed, else the system's, else None."""
    if given or Path(own).exists():
        return given or own
    return next((path for name in _WHOLE if (path := shutil.which(name))), None)
