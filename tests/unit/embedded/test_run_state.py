from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from cube_demper.core.errors import ConfigurationError
from cube_demper.embedded.processes import ProcessMark
from cube_demper.embedded.run_state import RunState, Secrets, find_run_state


def running(owner: ProcessMark) -> RunState:
    return RunState(owner, "postgresql://database", "redis://redis", {"PUBLIC_URL": "http://x"})


class TestSecrets:
    def test_they_survive_a_restart(self, tmp_path: Path) -> None:
        assert Secrets.of(tmp_path) == Secrets.of(tmp_path)

    def test_each_folder_has_its_own(self, tmp_path: Path) -> None:
        first, second = tmp_path / "a", tmp_path / "b"
        first.mkdir()
        second.mkdir()
        assert Secrets.of(first).secret_keys != Secrets.of(second).secret_keys

    def test_only_the_owner_reads_them(self, tmp_path: Path) -> None:
        Secrets.of(tmp_path)
        assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600

    def test_a_broken_file_is_said_and_kept(self, tmp_path: Path) -> None:
        (tmp_path / "secrets.json").write_text('{"identity": "x"')
        with pytest.raises(ConfigurationError, match="испорчен"):
            Secrets.of(tmp_path)
        assert (tmp_path / "secrets.json").read_text() == '{"identity": "x"'


class TestRunState:
    def test_living_owner_is_found(self, tmp_path: Path) -> None:
        state = running(ProcessMark.of_self())
        state.write(tmp_path)
        assert find_run_state(tmp_path) == state

    def test_only_the_owner_reads_it(self, tmp_path: Path) -> None:
        running(ProcessMark.of_self()).write(tmp_path)
        assert (tmp_path / "run.json").stat().st_mode & 0o777 == 0o600

    def test_file_of_a_dead_owner_counts_as_nothing(self, tmp_path: Path) -> None:
        child = os.fork()
        if child == 0:
            os._exit(0)
        mark = ProcessMark(child, ProcessMark.of_self().started)
        os.waitpid(child, 0)
        running(mark).write(tmp_path)
        assert find_run_state(tmp_path) is None

    def test_pid_that_went_to_another_process_is_no_owner(self, tmp_path: Path) -> None:
        us = ProcessMark.of_self()
        running(replace(us, started=us.started - 100)).write(tmp_path)
        assert find_run_state(tmp_path) is None

    @pytest.mark.parametrize("text", ["", "{}", "[]", '{"owner": {"pid": 1}}'])
    def test_half_written_file_counts_as_nothing(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "run.json").write_text(text)
        assert find_run_state(tmp_path) is None

    def test_withdrawn_file_is_gone(self, tmp_path: Path) -> None:
        running(ProcessMark.of_self()).write(tmp_path)
        RunState.withdraw(tmp_path)
        RunState.withdraw(tmp_path)
        assert find_run_state(tmp_path) is None

    def test_it_is_plain_json(self, tmp_path: Path) -> None:
        running(ProcessMark.of_self()).write(tmp_path)
        assert json.loads((tmp_path / "run.json").read_text())["owner"]["pid"] == os.getpid()
