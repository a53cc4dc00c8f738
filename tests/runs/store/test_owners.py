import platform
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import psutil
import pytest

from mnist_core.runs.store import owners
from mnist_core.runs.store.owners import is_dead, this_process
from tests.clock import FakeTime
from tests.patience import PATIENCE_S


def owner_of_a_child(then: str) -> tuple[str, subprocess.Popen]:
    code = f"from mnist_core.runs.store.owners import this_process; print(this_process(), flush=True); {then}"
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    return child.stdout.readline().strip(), child


def test_this_process_lives_and_the_system_is_not_asked_whether_it_does(monkeypatch):
    owner = this_process()
    monkeypatch.delattr(psutil, "Process")
    assert not is_dead(owner)


def test_a_child_lives_until_it_ends():
    owner, child = owner_of_a_child("input()")
    assert not is_dead(owner)
    child.communicate("\n", timeout=PATIENCE_S)
    assert is_dead(owner)


def test_a_killed_child_is_gone_even_before_it_is_waited_for():
    owner, child = owner_of_a_child("input()")
    child.kill()
    while child.poll() is None:
        pass
    assert is_dead(owner)
    child.communicate()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process's start is no matter of the boot time")
@pytest.mark.parametrize("set_by_s", [-86_400, 3_600, 10**9])
def test_who_lives_lives_when_the_clock_is_set(monkeypatch, set_by_s):
    owner, child = owner_of_a_child("input()")
    booted_s = psutil.boot_time()
    monkeypatch.setattr("psutil._pslinux.BOOT_TIME", booted_s, raising=False)

    def told_s() -> float:  # as the system then tells it; older psutil counts from what it was told last
        monkeypatch.setattr("psutil._pslinux.BOOT_TIME", booted_s + set_by_s, raising=False)
        return booted_s + set_by_s

    monkeypatch.setattr("psutil._pslinux.boot_time", told_s)
    assert not is_dead(owner)
    assert not is_dead(this_process())
    child.communicate("\n", timeout=PATIENCE_S)
    assert is_dead(owner)


def test_a_process_of_another_start_of_the_machine_is_dead():
    host, process, started = this_process().split("|")
    boot, _, seconds = started.rpartition("+")
    assert not boot or is_dead(f"{host}|{process}|{'another-boot'}+{seconds}")
    assert is_dead(f"{host}|{process}|{boot}+{float(seconds) + 100}")


def test_the_owners_that_older_versions_wrote_are_known():
    process = psutil.Process()
    assert not is_dead(f"{platform.node()}|{process.pid}|{process.create_time():.2f}")
    assert is_dead(f"{platform.node()}|{process.pid}|{process.create_time() - 100:.2f}")


def test_of_other_hosts_only_their_signs_of_life_are_known(monkeypatch):
    clock = FakeTime(monkeypatch, owners)
    owner, first = "another.host|1|0.0", datetime(2026, 11, 30, tzinfo=UTC)
    assert not is_dead("another.host|1|0.0")
    for sign in (first, first + timedelta(minutes=1), first - timedelta(days=300)):  # a clock set back is a sign, too
        assert not is_dead(owner, sign)
        clock.sleep(owners.SILENCE_S - 1)
        assert not is_dead(owner, sign)
    clock.sleep(2)
    assert is_dead(owner, first - timedelta(days=300))
    assert not is_dead(owner, first)
    assert not is_dead(this_process(), first)  # of this host more is known
