"""The steps from a picture to a digit: what each does, and what happens without it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way, which can be switched off by itself.

    Attributes:
        name: Its name in the URL, on the command line and in code.
        title: Its name for people.
        help: What it does, in plain words.
        without: What goes wrong when it is off; or, of a step that MNIST did without, what speaks against it.
        by_mnist: Whether MNIST's own digits were made with it.
    """

    name: str
    title: str
    help: str
    without: str
    by_mnist: bool = True


STEPS = (
    Step(
        "polarity",
        "White on black",
        "Detects whether the ink is darker or lighter than the paper, and inverts dark ink on light paper.",
        "MNIST is white on black: to the model, a black digit on white paper is a white square with a hole.",
    ),
    Step(
        "contrast",
        "Full contrast",
        "Makes the paper black and the ink white; shadows, background noise and JPEG artefacts vanish.",
        "To the model, grey paper is ink everywhere, and a pale pencil is hardly any ink.",
    ),
    Step(
        "crop",
        "Cropped to the ink",
        "Finds the bounding box of the ink, ignoring specks, and cuts away the paper outside it.",
        "A digit drawn small stays small, unlike any digit the model has learned from.",
    ),
    Step(
        "deslant",
        "Straightened",
        "Removes the slant, so that the digit stands upright.",
        "MNIST's digits keep the slant of the handwriting, so models have learned slants.",
        by_mnist=False,
    ),
    Step(
        "stroke_width",
        "Standard pen width",
        "Thickens or thins the strokes to the typical width in MNIST.",
        "MNIST keeps pen widths as they are; thinning can break a stroke, thickening can close a hole.",
        by_mnist=False,
    ),
    Step(
        "keep_aspect",
        "Proportions kept",
        "Width and height are scaled by the same factor.",
        "Width and height are stretched to fill the box: a 1 becomes a thick bar.",
    ),
    Step(
        "fit_20x20",
        "Resized to 20 x 20",
        "Resizes the digit to fit 20 x 20 of the 28 x 28 pixels, as in MNIST: this leaves a black margin.",
        "The digit fills all 28 x 28 pixels: larger and bolder than any in MNIST.",
    ),
    Step(
        "antialias",
        "Area averaged",
        "Each small pixel is the mean of all the large pixels it covers.",
        "Each small pixel samples one point of the large picture: thin strokes break up.",
    ),
    Step(
        "center",
        "Centred by mass",
        "Moves the digit by whole pixels until its centre of mass is at pixel (14, 14), as in MNIST.",
        "The bounding box is centred instead: a 7 or a 9 is a pixel or two off.",
    ),
    Step(
        "normalize",
        "Scaled to 0..1",
        "Divides the grey levels 0..255 by 255.",
        "The model gets numbers 255 times as large as those it has learned from.",
    ),
)

STEP_NAMES = tuple(step.name for step in STEPS)
"""The names of all steps, in their order."""

MNIST_STEPS = frozenset(step.name for step in STEPS if step.by_mnist)
"""MNIST's own way, the default."""

RAW = frozenset({"normalize"})
"""A plain resize of the whole picture to 28 x 28 and nothing else."""
