"""What it costs to read pictures, ordinary ones and hostile ones: `python -m tests.faults.picture_costs`."""

import io
import json
import subprocess
import sys
import time
import zipfile
import zlib
from dataclasses import dataclass

from mnist_core.preprocessing.digit_collection import MyDigit, from_zip, to_zip
from tests.faults.pictures import HOSTILE, ORDINARY
from tests.preprocessing.examples import SEVEN, png_chunk

# A process that has loaded nothing else: the system counts what it uses for the process that it starts, too.
_READ = """
import json, resource, sys, time
from mnist_core.errors import UserError
from mnist_core.preprocessing.image_file import ink_from_bytes

def peak_mb():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))

content = sys.stdin.buffer.read()
before_mb, began_s, used_s = peak_mb(), time.perf_counter(), time.process_time()
try:
    said = str(ink_from_bytes(content).shape)
except UserError as error:
    said = error.code
wall_s, used_s = time.perf_counter() - began_s, time.process_time() - used_s
helper = resource.getrusage(resource.RUSAGE_CHILDREN)
cpu_s = used_s + helper.ru_utime + helper.ru_stime
print(json.dumps([said, peak_mb() - before_mb, helper.ru_maxrss / 1024, cpu_s, wall_s]))
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Of reading one picture, in a process that has read none before.

    Attributes:
        said: The error's code, or the picture's height and width.
        here_mb: Memory of the process that asked, beyond what it had.
        helper_mb: Memory of the process that decoded it; 0 when that was the same one.
        cpu_s: Processor time of both.
        wall_s: How long it took.
    """

    said: str
    here_mb: float
    helper_mb: float
    cpu_s: float
    wall_s: float


def cost_of(content: bytes) -> Cost:
    found = subprocess.run([sys.executable, "-c", _READ], input=content, stdout=subprocess.PIPE, check=True)
    return Cost(*json.loads(found.stdout))


def zip_cost_s(notes: int) -> float:
    """The processor time for reading a zip of 500 digits, each with so many notes that unpack to a megabyte."""
    picture = SEVEN.render()
    note = png_chunk(b"zTXt", b"x\0\0" + zlib.compress(bytes(1_000_000)))
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(to_zip([MyDigit(picture, 7)] * 500))) as plain, zipfile.ZipFile(file, "w") as made:
        for name in plain.namelist():
            content = plain.read(name)
            made.writestr(name, content[:33] + note * notes + content[33:] if name.endswith(".png") else content)
    began_s = time.process_time()
    assert len(from_zip(file.getvalue()).digits) == 500
    return time.process_time() - began_s


if __name__ == "__main__":
    print("| picture | file | answer | processor | memory here | of its process |\n|---|---|---|---|---|---|")
    for name, make in (ORDINARY | HOSTILE).items():
        content = make()
        cost = cost_of(content)
        size = f"{len(content) / 1e6:.1f} MB" if len(content) > 1e5 else f"{len(content):,} bytes"
        helper = f"{cost.helper_mb:.0f} MB" if cost.helper_mb else "-"
        answer = cost.said.strip("()").replace(", ", " x ")
        print(f"| {name} | {size} | {answer} | {cost.cpu_s:.2f} s | {cost.here_mb:.0f} MB | {helper} |", flush=True)
    for notes in (0, 39):
        print(f"\nA zip of 500 digits with {notes} packed notes each: {zip_cost_s(notes):.1f} s")
