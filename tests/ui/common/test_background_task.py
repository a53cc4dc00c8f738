import threading

import pytest

from mnist_core.errors import UserError
from mnist_core.ui.common.background_task import BackgroundTask
from tests.patience import PATIENCE_S


def test_it_is_made_once_while_others_look_on() -> None:
    go_on = threading.Event()

    def make(progress):
        progress(0.5)
        go_on.wait(PATIENCE_S)
        progress(7.0)
        return "made"

    preparing = BackgroundTask(make)
    assert not preparing.wait(0.05)
    assert preparing.share == 0.5
    go_on.set()
    assert preparing.wait(PATIENCE_S)
    assert (preparing.result(), preparing.share) == ("made", 1.0)


def test_what_goes_wrong_is_told_to_everyone_who_waits() -> None:
    def make(progress):
        raise UserError("mnist_missing", "gone", "fetch it")

    preparing = BackgroundTask(make)
    for _ in range(2):
        with pytest.raises(UserError, match="gone"):
            preparing.result()
