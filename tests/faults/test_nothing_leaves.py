"""No request leaves the machine, neither a page's nor the server's, and a name server that is dead stops nothing."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.server import ROOT, find_chromium
from tests.patience import PATIENCE_S

OWN_NETWORK = ["unshare", "--map-root-user", "--net", "--mount"]


def test_in_a_network_that_leads_nowhere_all_works_and_not_a_packet_is_sent(tmp_path: Path) -> None:
    if not find_chromium():
        pytest.skip("no Chromium on this machine (the environment variable CHROMIUM may name one)")
    if not shutil.which("ip") or not shutil.which("unshare"):
        pytest.skip("no `unshare` and `ip` on this machine (Linux: util-linux and iproute2)")
    if subprocess.run([*OWN_NETWORK, "ip", "link", "add", "x", "type", "veth"], capture_output=True).returncode:
        pytest.skip("this account may not make a network of its own (Linux: user namespaces)")
    command = [*OWN_NETWORK, sys.executable, "-m", "tests.faults.nowhere", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=3 * PATIENCE_S, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["counted"] == 1  # a packet that leaves is seen
    assert (seen["sent"], seen["asked"]) == (0, [])
    assert seen["refused"]
    assert max(seen["refusal_s"], seen["page_s"]) < 5  # with a dead name server, a stranger froze the app for 20 s
    assert "external IP" not in (tmp_path / "server.log").read_text()
