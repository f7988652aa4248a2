"""Where the servers live when their account cannot reach the data folder or the programs."""

from __future__ import annotations

import os
import pwd
import stat
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from embedded_owners import Place

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="a normal user reaches its own folder")


def modes(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path): (path.lstat().st_mode, path.lstat().st_uid)
        for path in [folder, *folder.rglob("*")]
        if "postgres" not in path.parts
    }


@pytest.fixture
def closed_place(open_folder: Path) -> Place:
    """A data folder behind a door that only root opens, as /root is."""
    home = open_folder / "home"
    home.mkdir(mode=0o700)
    made = Place(home / "project" / ".cube", open_folder / "system")
    yield made
    made.clean()


@needs_root
class TestUnreachableFolder:
    def test_servers_move_to_the_system_and_no_permission_changes(
        self, closed_place: Place
    ) -> None:
        closed_place.data_dir.mkdir(parents=True)
        home = closed_place.data_dir.parent.parent
        before = modes(home)
        owner = closed_place.own()
        assert Path(owner.said["folder"]).parent == closed_place.system_root
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        after = modes(home)
        assert {path: after[path] for path in before} == before
        assert sorted(path.name for path in closed_place.data_dir.iterdir()) == ["secrets.json"]

    def test_data_stays_there_when_the_folder_opens_later(self, closed_place: Place) -> None:
        first = closed_place.own()
        first.stop()
        closed_place.data_dir.parent.parent.chmod(0o755)
        assert closed_place.own().said["folder"] == first.said["folder"]

    def test_deleted_data_folder_starts_anew(self, closed_place: Place) -> None:
        first = closed_place.own()
        first.stop()
        (closed_place.data_dir / "secrets.json").unlink()
        second = closed_place.own()
        assert second.said["folder"] == first.said["folder"]
        assert second.said["database_url"] != first.said["database_url"]

    def test_two_clones_do_not_meet(self, closed_place: Place) -> None:
        neighbour = Place(closed_place.data_dir.parent / "other", closed_place.system_root)
        try:
            folders = {closed_place.own().said["folder"], neighbour.own().said["folder"]}
        finally:
            neighbour.clean()
        assert len(folders) == 2


def _python_of_everybody(uid: int) -> str | None:
    """Return a Python of our version that an account without rights can run."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (sys.executable, f"/usr/bin/{name}", f"/usr/local/bin/{name}"):
        command = ["/bin/sh", "-c", f"exec {candidate} -c ''"]
        if subprocess.run(command, user=uid, cwd="/", check=False).returncode == 0:
            return candidate
    return None


@needs_root
def test_normal_user_keeps_everything_in_its_own_folder(place: Place) -> None:
    nobody = pwd.getpwnam("nobody")
    python = _python_of_everybody(nobody.pw_uid)
    if python is None:
        pytest.skip("no Python here that a normal user can run")
    place.data_dir.mkdir()
    os.chown(place.data_dir, nobody.pw_uid, nobody.pw_gid)
    root = Path(__file__).parents[3]
    path = os.pathsep.join([str(root), sysconfig.get_path("purelib")])
    owner = place.own(
        python=python,
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
        environment={"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert owner.said["account"] is None
    assert owner.said["folder"] == str(place.data_dir)
    assert {server.username() for server in owner.servers} == {"nobody"}
    assert not place.system_root.exists()
