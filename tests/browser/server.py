"""A real server and a real browser on this machine, for measuring, for the tests and for taking screenshots."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mnist_core.errors import UserError
from tests.patience import PATIENCE_S

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, Playwright

ROOT = Path(__file__).parents[2]

_STOP_S = 20

# Without these, Chromium looks up its maker's hosts by itself.
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",  # what a page asks for is seen all the same
]

# Clicks, and looks at every frame whether it is shown; so the driver's own ways to and fro are not timed. Parts that
# bring their own JavaScript are looked into.
_TIME_CLICK = """async (element, wanted) => {
  const parts = () => [...document.querySelectorAll('*')].map((one) => one.shadowRoot).filter(Boolean);
  const all = (selector) => [document, ...parts()].flatMap((root) => [...root.querySelectorAll(selector)]);
  const start = performance.now();
  element.click();
  for (;;) {
    const found = all(wanted.selector);
    if (found.length && found.every((one) => one.outerHTML.includes(wanted.words))) return performance.now() - start;
    await new Promise(requestAnimationFrame);
  }
}"""


@dataclass(frozen=True, slots=True)
class Server:
    """A Digit Clinic that runs: where it is found, and its own process (its workers are others)."""

    address: str
    process_id: int


def find_chromium() -> str | None:
    """Where a Chromium is (the environment variable CHROMIUM may name one); None when there is none.

    First, the one that cannot open a window, as Playwright's own: a page takes it a third less of the processor.
    """
    named = os.environ.get("CHROMIUM")
    known = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return named or next(filter(None, map(shutil.which, known)), None)


def open_browser(playwright: "Playwright", executable: str) -> "Browser":
    """That Chromium without a window, asking nobody outside this machine."""
    return playwright.chromium.launch(executable_path=executable, args=_QUIET)


def is_local(url: str) -> bool:
    """Whether a request stays on this machine."""
    return re.match(r"(data|blob):|(http|ws)://localhost[:/]", url) is not None


def wait_until(page: "Page", script: str, argument: object = None) -> None:
    """Until the script says so. Playwright's own way would have the page evaluate a text, which pages may not do here.

    Raises:
        TimeoutError: When it never does.
    """
    give_up_at = time.monotonic() + PATIENCE_S
    while not page.evaluate(script, argument):
        if time.monotonic() > give_up_at:
            raise TimeoutError(script)
        page.wait_for_timeout(10)


def time_click(button: "Locator", selector: str, words: str = "") -> float:
    """Milliseconds from a click on the button until `selector` is on the page, and all that it finds hold `words`."""
    taken_ms: float = button.evaluate(_TIME_CLICK, {"selector": selector, "words": words})
    return taken_ms


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.create_server(("localhost", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def chromium() -> "Iterator[Browser]":
    """This machine's Chromium, to measure in.

    Raises:
        UserError: `browser_missing` without Playwright or Chromium.
    """
    executable = find_chromium()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        executable = None
    if executable is None:
        mend = "Install Chromium, and Playwright with pip install -r tests/requirements.txt."
        raise UserError("browser_missing", "There is no browser to measure in.", mend)
    with sync_playwright() as playwright:
        yield open_browser(playwright, executable)


@contextmanager
def serve(folder: Path, **environment: str) -> Iterator[str]:
    """Digit Clinic on a free port, its database and its log in that folder; yields its address.

    Raises:
        RuntimeError: When it does not start.
    """
    with start(folder, **environment) as server:
        yield server.address


@contextmanager
def start(
    folder: Path, *options: str, script: str = "app.py", within: Sequence[str] = (), **environment: str
) -> Iterator[Server]:
    """As `serve`, for whoever wants to know more of it than its address, or has options for Streamlit.

    Args:
        folder, environment: Where its database and its log are, and what else it is told.
        options: Of `streamlit run`.
        script: What it runs.
        within: The command that starts it, in front of Python's.
    """
    port = free_port()
    database = f"sqlite:///{folder / 'runs.sqlite'}"
    command = [*within, sys.executable, "-m", "streamlit", "run", script, "--server.headless", "true"]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--server.port", str(port), *options],
            cwd=ROOT,
            env={**os.environ, "DIGIT_CLINIC_DATABASE": database, **environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(f"http://localhost:{port}/_stcore/health", process)
            yield Server(f"http://localhost:{port}", process.pid)
        finally:
            process.terminate()
            try:
                process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    give_up_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up_at and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start; its log says why")
