import subprocess
import sys
from datetime import UTC, datetime, timedelta

from mnist_core.runs.store.owners import is_dead, this_process
from tests.patience import PATIENCE_S


def owner_of_a_child(then: str) -> tuple[str, subprocess.Popen]:
    code = f"from mnist_core.runs.store.owners import this_process; print(this_process(), flush=True); {then}"
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    return child.stdout.readline().strip(), child


def test_this_process_lives():
    assert not is_dead(this_process())


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


def test_of_other_hosts_only_their_signs_of_life_are_known():
    now = datetime.now(UTC)
    assert not is_dead("another.host|1|0.0")
    assert not is_dead("another.host|1|0.0", now - timedelta(minutes=14))
    assert is_dead("another.host|1|0.0", now - timedelta(minutes=16))
    assert not is_dead(this_process(), now - timedelta(days=1))  # of this host more is known
