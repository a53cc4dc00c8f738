"""The measurements of a drawing: what can be measured of it, each beside the same in MNIST's training digits.

Measures are taken of what the model sees, by the steps that are switched on. Beside each stands what it was without
any step: the drawing as it came, merely resized. So the steps' work is seen, and what they cannot mend.
"""

from collections.abc import Set

import torch

from mnist_core.diagnosis.finding import (
    DISTANCE,
    SCALES,
    Finding,
    Histogram,
    Rows,
    find,
    share_in_words,
)
from mnist_core.diagnosis.neighbors import Near, Neighbors
from mnist_core.diagnosis.reference import ALL, MOST_SHAPES, USUAL_SHARE, load_reference
from mnist_core.preprocessing.measurements import count_shapes
from mnist_core.preprocessing.pipeline import Preprocessed
from mnist_core.preprocessing.segmentation import Segmentation
from mnist_core.preprocessing.steps import RAW

_INK_STEPS = frozenset({"polarity", "contrast", "normalize"})
_FAR_OFF = 10.0  # standard deviations: what MNIST does not hold at all
_NO_NOISE = 0.03  # of full ink: what `segment` takes for noise at least
_NOISE_BINS, _CONTRAST_BINS = 5, 8  # up to half of full ink, and up to 256 levels


def measurement_report(seen: Preprocessed, digit: int) -> tuple[Finding, ...]:
    """All that is measured of a drawing, the most unusual first, then what is usual in a fixed order.

    Args:
        seen: The drawing, by the steps that are switched on.
        digit: The class to compare with, 0 to 9.

    Returns:
        Nothing for a blank picture.
    """
    found, steps = seen.segmentation, seen.steps
    if found is None:
        return ()
    reference = load_reference()
    # With those steps, pixels are ink, 0 to 1, however light or dark the model sees it.
    now, before = (
        reference.measure(torch.from_numpy(seen.with_steps(chosen | _INK_STEPS).pixels)[None], digit)
        for chosen in (steps, RAW)
    )
    findings = [
        find(scale, float(now[scale.name]), float(before[scale.name]), digit,
             Rows(reference.values(digit, scale.name), reference.values(ALL, scale.name)))
        for scale in SCALES
    ]  # fmt: skip
    findings += [
        _shapes(count_shapes(seen.canonical), digit),
        _polarity(found, steps, digit),
        _contrast(found, steps, digit),
        _noise(found, steps, digit),
    ]
    # The most unusual first, then the usual ones as they come.
    return tuple(sorted(findings, key=lambda one: -one.far if one.unusual else 0.0))


def nearness(neighbors: Neighbors, near: Near, digit: int) -> Finding:
    """How far the nearest training digit is in the model's features, beside the validation digits' distances."""
    rows = Rows.of(neighbors.usual[neighbors.usual_labels == digit], neighbors.usual)
    return find(DISTANCE, float(near.distances[0]), None, digit, rows)


# --- what comes in a few kinds, or is always the same in MNIST ------------------------------------------


def _shapes(count: int, digit: int) -> Finding:
    place = min(count, MOST_SHAPES) - 1
    words = "one piece" if count == 1 else f"{count} pieces" if count < MOST_SHAPES else f"{MOST_SHAPES} or more pieces"
    of_class, of_all = load_reference().shapes[[digit, ALL]].tolist()
    share, share_of_all = share_in_words(of_class[place]).capitalize(), share_in_words(of_all[place])
    said = f"{share} of MNIST's {digit}s are in {words} ({share_of_all} of all its digits)."
    return _finding(
        ("shapes", "Separate shapes", "The number of separate pieces of ink. Specks are not counted."),
        (count, count), (words, words), (place, place), (of_class, of_all), (said, said), "one piece",
        bins=(*map(str, range(1, MOST_SHAPES)), f"{MOST_SHAPES}+"),
    )  # fmt: skip


def _polarity(found: Segmentation, steps: Set[str], digit: int) -> Finding:
    words = "light on dark", "dark on light"
    before, now = int(found.dark_ink), int(found.dark_ink and "polarity" not in steps)
    always = f"All of MNIST's {digit}s are light ink on dark paper"
    return _finding(
        ("polarity", "Ink and paper", "Whether the ink is lighter or darker than the paper."),
        (now, before), (words[now], words[before]), (now, before), _always(0, 2),
        (f"{always}, and so is this one.", f"{always}; to the model, this is a light square with a dark hole."),
        "light on dark, always", bins=words,
    )  # fmt: skip


def _contrast(found: Segmentation, steps: Set[str], digit: int) -> Finding:
    before = min(255.0, found.contrast_levels)
    now = 255.0 if "contrast" in steps else before
    return _finding(
        ("contrast", "Contrast", "The difference between ink and paper in grey levels."),
        (now, before), (f"{now:.0f} of 255", f"{before:.0f} of 255"),
        (int(now / 256 * _CONTRAST_BINS), int(before / 256 * _CONTRAST_BINS)),
        _always(_CONTRAST_BINS - 1, _CONTRAST_BINS),
        (f"The contrast is as high as in MNIST's {digit}s.", f"The contrast is lower than in all of MNIST's {digit}s."),
        "all 255 levels", ends=("0", "255 levels"),
    )  # fmt: skip


def _noise(found: Segmentation, steps: Set[str], digit: int) -> Finding:
    before = found.noise_share if found.noise_share > _NO_NOISE else 0.0
    now = 0.0 if "contrast" in steps else before
    words = [f"{noise:.0%} of the ink" if noise else "none" for noise in (now, before)]
    return _finding(
        ("grain", "Background noise", "How strong the noise of the background is, as a share of full ink."),
        (100 * now, 100 * before), (words[0], words[1]),
        (min(_NOISE_BINS - 1, int(10 * now)), min(_NOISE_BINS - 1, int(10 * before))), _always(0, _NOISE_BINS),
        (
            f"The background is as clean as in MNIST's {digit}s.",
            f"The background is noisier than in all of MNIST's {digit}s: the model may take the noise for ink.",
        ),
        "none", ends=("none", "50 % of the ink"),
    )  # fmt: skip


def _always(place: int, count: int) -> tuple[list[float], list[float]]:
    """All digits of every class in one bin."""
    row = [float(other == place) for other in range(count)]
    return row, row


def _finding(
    facts: tuple[str, str, str],
    values: tuple[float, float],
    words: tuple[str, str],
    places: tuple[int, int],
    shares: tuple[list[float], list[float]],
    said: tuple[str, str],
    usual_words: str,
    bins: tuple[str, ...] = (),
    ends: tuple[str, str] = ("", ""),
) -> Finding:
    """The finding of a value, and of the value before any step.

    Args:
        facts: Its name, title and help.
        values, words, places: Now and before: the number, what people read, and the bin.
        shares: Which share of the class, and of all digits, is in each bin.
        said: The sentence for what is usual and what is not.
        usual_words, bins, ends: As in `Finding` and `Histogram`.
    """
    of_class, of_all = shares
    count, fullest, share = len(of_class), max(*of_class, *of_all), of_class[places[0]]
    usual = [place for place, one in enumerate(of_class) if one >= 1 - USUAL_SHARE]
    unusual = share < 1 - USUAL_SHARE
    histogram = Histogram(
        of_class=tuple(round(one / fullest, 4) for one in of_class),
        of_all=tuple(round(one / fullest, 4) for one in of_all),
        bins=bins,
        ends=ends,
        at=(places[0] + 0.5) / count,
        at_before=(places[1] + 0.5) / count,
        usual=(usual[0] / count, (usual[-1] + 1) / count),
    )
    return Finding(
        *facts, *values, *words, said[unusual], ranks=None, usual=None, usual_words=usual_words,
        unusual=unusual, far=_FAR_OFF * (1 - share), histogram=histogram,
    )  # fmt: skip
