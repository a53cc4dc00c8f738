"""How the command line is entered: by its commands, their old names, and as `digit-clinic`."""

import os
import signal
import subprocess
import sys
import time
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from mnist_core.cli import main
from tests.browser.server import free_port
from tests.patience import PATIENCE_S


@pytest.mark.parametrize(("old", "new"), [("causes", "claims"), ("build-checkpoints", "ship")])
def test_a_command_goes_by_its_other_name_too(old, new):
    helped = [CliRunner().invoke(main.cli, [name, "--help"], prog_name="x").stdout for name in (old, new)]
    assert helped[0].replace(old, new) == helped[1]
    assert f"  {old} " not in CliRunner().invoke(main.cli, ["--help"]).stdout


@pytest.mark.parametrize("name", main.cli.commands)
def test_every_command_and_option_is_explained(name):
    command = main.cli.commands[name]
    assert command.help
    assert all(option.help or option.hidden for option in command.params if option.param_type_name == "option")


def enter(*words, **environment):
    code = "from mnist_core.cli.main import digit_clinic; digit_clinic()"
    return subprocess.Popen(
        [sys.executable, "-c", code, *words],
        env={**os.environ, "PYTHONPATH": str(main.APP.parent), **environment},
        stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def test_digit_clinic_with_a_command_is_the_command_line():
    with enter("export", "--help") as process:
        assert process.stdout.read().startswith("Usage: digit-clinic export")
    assert process.returncode == 0


@pytest.mark.parametrize(("options", "asks"), [([], False), (["--class"], True)])
def test_digit_clinic_opens_the_app_for_oneself_or_a_class_and_ctrl_c_closes_it(options, asks, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # wherever it is called
    port = free_port()
    with enter(*options, STREAMLIT_SERVER_PORT=str(port), STREAMLIT_SERVER_HEADLESS="true") as process:
        try:
            assert answers(process, f"http://localhost:{port}/_stcore/health") == b"ok"
        finally:
            os.killpg(process.pid, signal.SIGINT)
            said = process.stdout.read()
    assert process.returncode in (0, main.INTERRUPTED)
    assert f":{port}" in said
    assert ("join code" in said) == asks


def answers(process, url):
    until_s = time.monotonic() + PATIENCE_S
    while True:
        try:
            with urlopen(url) as answer:
                return answer.read()
        except OSError:
            if time.monotonic() > until_s or process.poll() is not None:
                raise
            time.sleep(0.2)
