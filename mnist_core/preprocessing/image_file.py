"""The safe door for pictures: bytes from a stranger in, grey pixels out, or one clear error.

Kind, size and structure are judged from the header (`image_header`), before anything is decoded. A file is opened by
the one reader that its first bytes name, never by guessing through all of Pillow's formats, and whatever a reader
raises on a hostile file leaves here as a `UserError`.

What is ordinary is decoded in this process, because its cost is known: at most 2 megapixels, or a sequential JPEG of
16, which is decoded at a fraction of its size. Everything else, and every TIFF, AVIF and HEIC, is decoded in a process
of its own that has 300 MB of memory and 2 s of processor time, four of them at a time.
"""

import os
import subprocess
import sys
import threading
import warnings

import numpy as np
import numpy.typing as npt
from PIL import Image

from mnist_core.errors import UserError
from mnist_core.preprocessing import image_decoder
from mnist_core.preprocessing.image_header import Examined, damaged, examine, too_large

Grey = npt.NDArray[np.uint8]

# Pillow warns on stderr of what it passes over in a damaged file. What can be read is read and the rest refused,
# so nobody needs to know; and catch_warnings, the narrower way, is not safe among threads.
warnings.filterwarnings("ignore", module=r"PIL\.")

WORKING_SIDE_PX = image_decoder.WORKING_SIDE_PX
"""The longest side that leaves this module: a digit needs no more, and what follows stays fast."""

_decoders = threading.BoundedSemaphore(4)  # of 300 MB each
_LONGEST_WAIT_S = 15  # for one of them, and for its answer: it has 2 s, but the machine may be busy


def ink_from_bytes(data: bytes) -> Grey:
    """The picture in these bytes as grey (H, W), 0 black to 255 white, upright, its longest side at most 1024 px.

    The kinds of `image_header.READ_KINDS` are read, in every mode they have, of several pictures in a file the
    first one; what is transparent is filled in so that the ink stays visible.

    Raises:
        UserError: `image_too_large` (over 10 MB, 8,192 px a side or 50 megapixels), `image_unsupported`
            (another kind of file), `image_unreadable` (truncated, damaged or no picture at all) or `image_busy`.
    """
    file = examine(data)
    try:
        image = image_decoder.decode(file.data, file.kind, file.size) if file.is_ordinary else _decode_elsewhere(file)
    except UserError:
        raise
    except Exception:  # Pillow promises no list of what its readers raise on damaged files
        raise damaged() from None
    if image.mode == "L":
        return np.array(image)
    grey, alpha = np.moveaxis(np.array(image), -1, 0)
    ignored = file.kind == "BMP" and not alpha.any()  # many programs leave a BMP's fourth byte at zero
    return grey if ignored else _fill_transparent(grey, alpha)


def _decode_elsewhere(file: Examined) -> Image.Image:
    """Decode it in a process with limits, which ends with the picture."""
    command = [sys.executable, "-P", image_decoder.__file__, file.kind, *map(str, file.size)]
    busy = UserError("image_busy", "Too many large pictures are being read.", "Try again in a moment.")
    if not _decoders.acquire(timeout=_LONGEST_WAIT_S):
        raise busy
    try:
        ended = subprocess.run(
            command,
            input=file.data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_LONGEST_WAIT_S,
            env={**os.environ, "MALLOC_ARENA_MAX": "1"},  # an arena for each thread would take 64 MB of the 300
        )
        code = ended.returncode
    except subprocess.TimeoutExpired:
        code = image_decoder.OVER_LIMIT
    except OSError:  # the system starts no more processes
        raise busy from None
    finally:
        _decoders.release()
    if code < 0 or code == image_decoder.OVER_LIMIT:  # the system ends a process that takes too long
        raise too_large(
            f"This picture takes more than {image_decoder.CPU_S} s or {image_decoder.MEMORY_BYTES // 2**20} MB to read."
        )
    if code:
        raise ValueError("it cannot be decoded")
    head, _, pixels = ended.stdout.partition(b"\n")
    mode, width, height = head.decode().split()
    return Image.frombytes(mode, (int(width), int(height)), pixels)


def _fill_transparent(grey: Grey, alpha: Grey) -> Grey:
    """Lay the picture on a ground that keeps its ink visible.

    Mostly opaque: holes in a sheet of paper, filled with the paper. Otherwise, or where all that is
    opaque has one tone, the shape is in the transparency: ink, laid on whichever of black and white is
    further from it.
    """
    opaque = grey[alpha >= 128]
    if 2 * opaque.size > grey.size and np.ptp(opaque) >= 32:
        ground = float(np.median(opaque))
    else:
        weight = float(alpha.sum(dtype=np.int64))
        ink = float((grey.astype(np.float64) * alpha).sum()) / weight if weight else 0.0
        ground = 255.0 if ink < 128 else 0.0
    share = alpha.astype(np.float32) / 255
    return np.rint(grey * share + np.float32(ground) * (1 - share)).astype(np.uint8)
