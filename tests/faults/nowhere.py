"""Digit Clinic and a browser in a network that leads nowhere: `python -m tests.faults.nowhere FOLDER`.

All packets that leave for anywhere else are counted and lost, those that ask for a name too. Prints what was seen as
JSON. To be run by root of a network namespace of its own (see `test_nothing_leaves`).
"""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import expect
from websockets import InvalidStatus

from tests.browser.server import chromium, start
from tests.faults.stranger import ask, visit
from tests.patience import PATIENCE_S

DEVICE = "nowhere"
OUTSIDE = "192.0.2.53"  # an address that nobody has
SHOWN = {
    "": "Draw a digit",
    "train": "Start training",
    "mistakes": "Compare with",
    "data": "Train on this",
    "claims": "Centring",
}


def cut_off(folder: Path) -> None:
    """Let all roads lead into a cable whose other end nobody holds."""
    (folder / "resolv.conf").write_text(f"nameserver {OUTSIDE}\n")
    for command in (
        "ip link set lo up",
        f"ip link add {DEVICE} type veth peer name end",
        f"ip link set {DEVICE} arp off addrgenmode none",
        "ip link set end arp off addrgenmode none",
        "ip link set end up",
        f"ip address add 192.0.2.1/24 dev {DEVICE}",
        f"ip link set {DEVICE} up",
        f"ip route add default dev {DEVICE}",
        f"mount --bind {folder}/resolv.conf /etc/resolv.conf",
    ):
        subprocess.run(command.split(), check=True)


def packets_out() -> int:
    shown = subprocess.run(["ip", "-s", "-j", "link", "show", DEVICE], capture_output=True, check=True)
    count: int = json.loads(shown.stdout)[0]["stats64"]["tx"]["packets"]
    return count


def seconds(act: Callable[[], object]) -> float:
    began_s = time.monotonic()
    act()
    return time.monotonic() - began_s


def is_refused(address: str) -> bool:
    try:
        with visit(address, origin="http://evil.example"):
            return False
    except InvalidStatus:
        return True


def look_at_all_pages(address: str) -> list[str]:
    """Open each page in Chromium; the addresses it asked for that are not the app's."""
    asked: list[str] = []
    with chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(1000 * PATIENCE_S)
        page.on("request", lambda request: asked.append(request.url))
        for name, words in SHOWN.items():
            page.goto(f"{address}/{name}")
            expect(page.get_by_text(words).first).to_be_visible(timeout=1000 * PATIENCE_S)
            expect(page.locator("[data-testid=stApp]")).to_have_attribute(
                "data-test-script-state", "notRunning", timeout=1000 * PATIENCE_S
            )
    return [url for url in asked if not url.startswith((address, address.replace("http", "ws", 1), "data:", "blob:"))]


def main(folder: Path) -> None:
    cut_off(folder)
    seen: dict[str, Any] = {"before": packets_out()}
    with start(folder, "--server.address", "0.0.0.0", DIGIT_CLINIC_CODE="none") as server:
        seen["asked"] = look_at_all_pages(server.address)
        seen["refused"] = is_refused(server.address)
        seen["refusal_s"] = seconds(lambda: is_refused(server.address))
        seen["page_s"] = seconds(lambda: ask(server.address))
        seen["sent"] = packets_out() - seen["before"]
    with socket.socket(type=socket.SOCK_DGRAM) as probe:
        probe.sendto(b"counted?", (OUTSIDE, 53))
    seen["counted"] = packets_out() - seen["before"] - seen["sent"]
    print(json.dumps(seen))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
