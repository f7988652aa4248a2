"""Builds an app's pages once per state of its sources, with Node from the wheel.

The address of the backend is part of a build, so another CUBE_PORT_BASE or PUBLIC_URL builds anew.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from cube_demper.up.apps import App
from cube_demper.up.child import Program, run_step

_SOURCES = ("assets", "rxconfig.py", "constraints.txt")
_LOCK = "reflex.lock"
_STAMP = "cube-build"
_PACKAGES = "node_modules"
_REFLEX = "import gc, runpy; gc.disable(); runpy.run_module('reflex', run_name='__main__', alter_sys=True)"
"""Reflex keeps all that it makes of pages to its end: looking for garbage among it took 10 s of 35."""


def web_dir(app: App, environment: Mapping[str, str]) -> Path:
    """Return the folder of an app's build, as rxconfig.py chooses it."""
    return Path(environment.get("REFLEX_WEB_WORKDIR") or f".web/{app.name}")


def sources_hash(root: Path, paths: Iterable[str]) -> str:
    """Return one hash of all files under `paths`, whatever their times."""
    total = hashlib.sha256()
    for path in paths:
        base = root / path
        files = sorted(base.rglob("*")) if base.is_dir() else [base]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                total.update(f"{file.relative_to(root)}\0{file.stat().st_size}\0".encode())
                total.update(file.read_bytes())
    return total.hexdigest()


async def build_app(
    app: App, root: Path, environment: Mapping[str, str], *, url: str, log_dir: Path
) -> bool:
    """Build the app unless its build is of today's sources. Returns whether it was built now."""
    target = root / web_dir(app, environment)
    stamp = target / _STAMP
    sources = f"{url} {sources_hash(root, (*app.sources, *_SOURCES))}"
    if stamp.exists() and stamp.read_text() == f"{sources} {sources_hash(root, [_LOCK])}":
        return False
    stamp.unlink(missing_ok=True)
    command = [sys.executable, "-c", _REFLEX, "export", "--frontend-only", "--no-zip"]
    program = Program(
        name=f"build-{app.name}",
        title=f"Сборка {app.name}",
        command=command,
        environment={**environment, **_node_environment(environment), "CUBE_APP": app.name},
    )
    await asyncio.to_thread(borrow_packages, target)
    files = [root / _LOCK / name for name in ("package.json", "package-lock.json")]
    before = [file.read_text() if file.exists() else "" for file in files]
    await run_step(program, log_dir)
    if names_no_more(files[0].read_text(), before[0]):
        for file, text in zip(files, before, strict=True):
            file.write_text(text)
    # Reflex itself writes the lock while it builds, so it is hashed after.
    stamp.write_text(f"{sources} {sources_hash(root, [_LOCK])}")
    return True


def borrow_packages(target: Path) -> None:
    """Give a build without packages those of a finished one beside it, as links: npm mends the rest.

    All apps have one lock, and unpacking 12,000 files costs ten times as much as linking them.
    """
    packages = target / _PACKAGES
    if packages.exists():
        return
    for stamp in sorted(target.parent.glob(f"*/{_STAMP}")):
        lent = stamp.with_name(_PACKAGES)
        if lent.is_dir():
            draft = target / f"{_PACKAGES}.new"
            shutil.rmtree(draft, ignore_errors=True)
            shutil.copytree(lent, draft, symlinks=True, copy_function=os.link)
            draft.rename(packages)
            return


def names_no_more(after: str, before: str) -> bool:
    """Tell whether a build needs nothing that the lock before it lacks.

    The lock is of all apps together; Reflex takes out of it what the app just built does without.
    """
    if not before:
        return False
    kinds = ("dependencies", "devDependencies")
    old, new = json.loads(before), json.loads(after)
    return all(new.get(kind, {}).items() <= old.get(kind, {}).items() for kind in kinds)


def _node_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what makes Reflex use the wheel's npm as the person has set npm up."""
    programs = f"{Path(sys.executable).parent}{os.pathsep}{environment.get('PATH', '')}"
    found = {"PATH": programs, "REFLEX_USE_NPM": "1", "REFLEX_CHECK_LATEST_VERSION": "false"}
    # A lock file with addresses in it would work only where that registry is.
    found["npm_config_omit_lockfile_registry_resolved"] = "true"
    if "NPM_CONFIG_REGISTRY" not in environment:
        # Without it Reflex measures registries of its own choice over the network.
        npm = Path(sys.executable).parent / "npm"
        found["NPM_CONFIG_REGISTRY"] = subprocess.run(
            [npm, "config", "get", "registry"], capture_output=True, text=True, check=True
        ).stdout.strip()
    return found


def serve_program(app: App, environment: Mapping[str, str], *, host: str, port: int) -> Program:
    """Return the program that serves a built app: pages and events on one port, no Node."""
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory"]
    address = ["--host", host, "--port", str(port), f"{app.module}:app"]
    return Program(
        name=app.name,
        title=f"Приложение {app.name}",
        command=[*command, *address],
        environment={
            **environment,
            "CUBE_APP": app.name,
            "REFLEX_ENV_MODE": "prod",
            "__REFLEX_SKIP_COMPILE": "true",
            "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        },
        ready_url=f"http://127.0.0.1:{port}/ping",
    )
