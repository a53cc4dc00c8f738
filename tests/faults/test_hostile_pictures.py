"""Pictures that would cost too much are read within bounds or refused, and hold up nobody else's."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from mnist_core.errors import UserError
from mnist_core.preprocessing.image_file import ink_from_bytes
from tests.faults.picture_costs import cost_of
from tests.faults.pictures import HOSTILE, ORDINARY, run_length_bmp


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a process so")
@pytest.mark.parametrize("name", HOSTILE)
def test_no_picture_costs_more_than_300_mb_and_2_s(name: str) -> None:
    cost = cost_of(HOSTILE[name]())
    assert cost.said in {"image_too_large", "image_unreadable"} or cost.said.startswith("(")
    assert cost.here_mb < 100
    assert cost.helper_mb < 300
    assert cost.cpu_s < 3  # two, and its start


def test_slow_pictures_are_ended_and_hold_up_nobody() -> None:
    slow = run_length_bmp(8192, 6000)
    quick = [ORDINARY[name]() for name in ("digit as PNG", "phone photo, 12 megapixels")]
    with ThreadPoolExecutor(3) as people:
        waiting = [people.submit(ink_from_bytes, slow) for _ in range(3)]
        for content in quick:
            ink_from_bytes(content)
        assert not any(one.done() for one in waiting)
        for one in waiting:
            with pytest.raises(UserError, match="more than 2 s or 300 MB") as error:
                one.result()
            assert error.value.code == "image_too_large"


def test_when_everybody_sends_slow_pictures_the_last_are_told_to_wait(monkeypatch) -> None:
    monkeypatch.setattr("mnist_core.preprocessing.image_file._LONGEST_WAIT_S", 0.1)
    slow = run_length_bmp(8192, 6000)
    with ThreadPoolExecutor(9) as people:
        said = {error.code for error in people.map(_error_of, [slow] * 9)}
    assert said == {"image_too_large", "image_busy"}


def test_when_no_process_can_be_started_a_picture_is_not_called_damaged(monkeypatch) -> None:
    def refuse(*_, **__) -> None:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(subprocess, "run", refuse)
    assert _error_of(run_length_bmp(2, 2)).code == "image_busy"


def _error_of(content: bytes) -> UserError:
    with pytest.raises(UserError) as error:
        ink_from_bytes(content)
    return error.value
