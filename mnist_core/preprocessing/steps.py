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
        "Finds out whether the ink is darker or lighter than the paper, and turns dark ink on light paper over.",
        "MNIST is white on black: to the model, a black digit on white paper is a white square with a hole.",
    ),
    Step(
        "contrast",
        "Full contrast",
        "Makes the paper all black and the ink all white; shadows, grain and the noise of a JPEG vanish.",
        "Grey paper is ink everywhere to the model, and a pale pencil is hardly any.",
    ),
    Step(
        "crop",
        "Cropped to the ink",
        "Finds the box around the ink, passing over specks, and cuts away the paper outside it.",
        "A digit drawn small stays small, far from the size that the model has learned.",
    ),
    Step(
        "deslant",
        "Set upright",
        "Slants the digit back until its ink stands upright, as italic letters do not.",
        "MNIST's digits were left as slanted as they were written: a model has learned slants.",
        by_mnist=False,
    ),
    Step(
        "stroke_width",
        "Usual pen",
        "Thickens or thins the strokes until they are as wide as most in MNIST.",
        "MNIST's pens were left as they were; thinning can break a stroke, thickening can close a hole.",
        by_mnist=False,
    ),
    Step(
        "keep_aspect",
        "Proportions kept",
        "Gives both sides the same scale when the digit is resized.",
        "Both sides are stretched to fill the box: a 1 becomes a thick bar.",
    ),
    Step(
        "fit_20x20",
        "Fitted to 20 x 20",
        "Resizes the digit to fit a box of 20 x 20 pixels inside the 28 x 28, as MNIST does: a black frame is left.",
        "The digit fills all 28 x 28 pixels: larger and bolder than any in MNIST.",
    ),
    Step(
        "antialias",
        "Area averaged",
        "Each small pixel is the mean of all the large pixels that it stands for.",
        "Each small pixel looks at one spot of the large picture: thin strokes break up.",
    ),
    Step(
        "center",
        "Centred by mass",
        "Moves the digit by whole pixels until its centre of mass stands at pixel (14, 14), as MNIST does.",
        "The box of the digit is centred instead: a 7 or a 9 stands a pixel or two off.",
    ),
    Step(
        "normalize",
        "Scaled to 0..1",
        "Divides the grey levels 0..255 by 255.",
        "The model gets numbers 255 times as large as those that it has learned from.",
    ),
)

STEP_NAMES = tuple(step.name for step in STEPS)
"""The names of all steps, in their order."""

MNIST_STEPS = frozenset(step.name for step in STEPS if step.by_mnist)
"""MNIST's own way, the default."""

RAW = frozenset({"normalize"})
"""A plain resize of the whole picture to 28 x 28 and nothing else."""
