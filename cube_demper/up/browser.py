"""Finds a Chromium, and as a step of `make setup` installs one where none is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from cube_demper.integrations.browser.installed import HEADLESS_SHELL, any_browser


def find_browser() -> Path | None:
    """Return CHROMIUM_PATH, else Playwright's own Chromium, else the system's, else None."""
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    found = any_browser(os.environ.get("CHROMIUM_PATH"), own)
    return Path(found) if found else None


def _install() -> None:
    """Install by the system's packages where we may, else by Playwright."""
    _apt("update")
    if not _apt("install", "-y", "--no-install-recommends", "chromium"):
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def _install_shell() -> None:
    """Add the small build that signs in to Kaspi, where the system has it and nothing must go for it."""
    if shutil.which(HEADLESS_SHELL) is None:
        _apt("install", "-y", "--no-install-recommends", "--no-remove", HEADLESS_SHELL)


def _apt(*words: str) -> bool:
    """Run apt-get quietly; False where there is none, we may not, or it failed."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run([apt, "-qq", *words], env=environment, check=False, capture_output=True)
    return done.returncode == 0


def main() -> int:
    """Make sure there is a browser; 1 if there is none after all."""
    if find_browser() is None:
        _install()
    if not os.environ.get("CHROMIUM_PATH"):
        _install_shell()
    if find_browser() is None:
        sys.stderr.write(
            "Браузера нет: поставьте chromium или задайте CHROMIUM_PATH "
            "(нужен проверкам в браузере и входу в Kaspi)\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
