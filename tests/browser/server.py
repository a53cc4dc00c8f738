"""What the browser tests ask of a server and a browser beyond what the benches do."""

import re

from tests.benchmarks.browser import ROOT, find_chromium, open_browser, serve

__all__ = ["ROOT", "find_chromium", "is_local", "open_browser", "serve"]


def is_local(url: str) -> bool:
    """Whether a request stays on this machine."""
    return re.match(r"(data|blob):|(http|ws)://localhost[:/]", url) is not None
