"""Photos of digits, for every test that uploads one."""

import io

from PIL import Image

from mnist_core.data.mnist_files import load_mnist


def photo_of(index: int) -> bytes:
    """A test image as people photograph a digit: large, black on white, a JPEG."""
    digit = Image.fromarray(255 - load_mnist().test_images[index].numpy()).resize((420, 420), Image.Resampling.BICUBIC)
    paper = Image.new("L", (700, 600), 255)
    paper.paste(digit, (180, 60))
    file = io.BytesIO()
    paper.save(file, "JPEG", quality=85)
    return file.getvalue()
