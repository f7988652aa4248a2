"""Finds a Chromium, and as a step of `make setup` installs one where none is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_browser() -> Path | None:
    """Return CHROMIUM_PATH, else Playwright's own Chromium, else the system's, else None."""
    if given := os.environ.get("CHROMIUM_PATH"):
        return Path(given)
    own = _playwright_chromium()
    if own is not None and own.exists():
        return own
    return next((Path(found) for name in _SYSTEM_NAMES if (found := shutil.which(name))), None)


def _playwright_chromium() -> Path | None:
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only developers have it
    except ImportError:
        return None
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def _install() -> None:
    """Install by the system's packages where we may, else by Playwright."""
    apt = shutil.which("apt-get")
    if apt and os.geteuid() == 0:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run([apt, "update", "-qq"], env=environment, check=False)
        command = [apt, "install", "-y", "-qq", "--no-install-recommends", "chromium"]
        subprocess.run(command, env=environment, check=False)
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def main() -> int:
    """Make sure there is a browser; 1 if there is none after all."""
    if find_browser() is None:
        _install()
    if find_browser() is None:
        sys.stderr.write(
            "Браузера нет: поставьте chromium или задайте CHROMIUM_PATH "
            "(нужен проверкам в браузере и входу в Kaspi)\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
