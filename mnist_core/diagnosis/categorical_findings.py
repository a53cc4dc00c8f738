"""What of a drawing comes in a few kinds, or is always the same in MNIST: polarity, contrast, grain, shapes."""

from dataclasses import dataclass

from mnist_core.diagnosis.finding import Finding, Histogram, share_in_words
from mnist_core.diagnosis.reference import ALL, MOST_SHAPES, load_reference
from mnist_core.diagnosis.scale_findings import USUAL_SHARE
from mnist_core.preprocessing.segmentation import Segmentation

_FAR_OFF = 10.0  # standard deviations: what MNIST does not hold at all
_NO_GRAIN = 0.03  # of full ink: what `segment` takes for noise at least
_GRAIN_BIN, _GRAIN_BINS = 0.1, 5  # up to half of full ink
_CONTRAST_BIN, _CONTRAST_BINS = 32, 8


@dataclass(frozen=True, slots=True)
class _Kind:
    """How it is talked about.

    Attributes:
        name, title, unit, help, usual_words: As in `Finding`.
        common, rare: The sentence for what is usual and what is not.
        bins, ends: As in `Histogram`.
    """

    name: str
    title: str
    unit: str
    help: str
    usual_words: str
    common: str
    rare: str
    bins: tuple[str, ...] = ()
    ends: tuple[str, str] = ("", "")


_POLARITY = _Kind(
    "polarity",
    "Ink and paper",
    "",
    "Whether the ink is lighter or darker than the paper.",
    "light on dark, always",
    "All of MNIST's {digit}s are light ink on dark paper, and so is this one.",
    "All of MNIST's {digit}s are light ink on dark paper; to the model, this is a light square with a dark hole.",
    bins=("light on dark", "dark on light"),
)
_CONTRAST = _Kind(
    "contrast",
    "Contrast",
    "levels",
    "The difference between ink and paper in grey levels.",
    "all 255 levels",
    "The contrast is as high as in MNIST's {digit}s.",
    "The contrast is lower than in all of MNIST's {digit}s.",
    ends=("0", "255 levels"),
)
_GRAIN = _Kind(
    "grain",
    "Background noise",
    "%",
    "How strong the noise of the background is, as a share of full ink.",
    "none",
    "The background is as clean as in MNIST's {digit}s.",
    "The background is noisier than in all of MNIST's {digit}s: the model may take the noise for ink.",
    ends=("none", "50 % of the ink"),
)
_SHAPES = _Kind(
    "shapes",
    "Separate shapes",
    "",
    "The number of separate pieces of ink. Specks are not counted.",
    "one piece",
    "{share} of MNIST's {digit}s are in {words} ({of_all} of all its digits).",
    "{share} of MNIST's {digit}s are in {words} ({of_all} of all its digits).",
    bins=(*map(str, range(1, MOST_SHAPES)), f"{MOST_SHAPES}+"),
)


def find_polarity(inked: Segmentation, digit: int, *, turned: bool) -> Finding:
    """Light ink on dark or the other way round; `turned` when the model sees it turned over."""
    before, now = int(inked.dark_ink), int(inked.dark_ink and not turned)
    words = _POLARITY.bins
    return _find(_POLARITY, (now, before), (words[now], words[before]), (now, before), digit, _always(0, 2))


def find_contrast(inked: Segmentation, digit: int, *, stretched: bool) -> Finding:
    """From paper to ink; `stretched` when the model sees it at its full."""
    before = min(255.0, inked.contrast_levels)
    now = 255.0 if stretched else before
    places = _bin(now / _CONTRAST_BIN, _CONTRAST_BINS), _bin(before / _CONTRAST_BIN, _CONTRAST_BINS)
    words = f"{now:.0f} of 255", f"{before:.0f} of 255"
    return _find(_CONTRAST, (now, before), words, places, digit, _always(_CONTRAST_BINS - 1, _CONTRAST_BINS))


def find_grain(inked: Segmentation, digit: int, *, wiped: bool) -> Finding:
    """What the paper holds beside ink; `wiped` when the model does not see it."""
    before = inked.noise_share if inked.noise_share > _NO_GRAIN else 0.0
    now = 0.0 if wiped else before
    words = tuple(f"{grain:.0%} of the ink" if grain else "none" for grain in (now, before))
    places = _bin(now / _GRAIN_BIN, _GRAIN_BINS), _bin(before / _GRAIN_BIN, _GRAIN_BINS)
    return _find(_GRAIN, (100 * now, 100 * before), (words[0], words[1]), places, digit, _always(0, _GRAIN_BINS))


def find_shapes(count: int, digit: int) -> Finding:
    """How many pieces the ink is made of, 1 up."""
    place = min(count, MOST_SHAPES) - 1
    words = "one piece" if count == 1 else f"{count} pieces" if count < MOST_SHAPES else f"{MOST_SHAPES} or more pieces"
    shares = load_reference().shapes[[digit, ALL]].tolist()
    return _find(_SHAPES, (count, count), (words, words), (place, place), digit, (shares[0], shares[1]))


def _find(
    kind: _Kind,
    values: tuple[float, float],
    words: tuple[str, str],
    places: tuple[int, int],
    digit: int,
    shares: tuple[list[float], list[float]],
) -> Finding:
    """The finding of a value and the value before any step, and of the bins that they fall into."""
    share, of_all = (row[places[0]] for row in shares)
    unusual = share < 1 - USUAL_SHARE
    said = (kind.rare if unusual else kind.common).format(
        digit=digit, words=words[0], share=share_in_words(share).capitalize(), of_all=share_in_words(of_all)
    )
    return Finding(
        name=kind.name,
        title=kind.title,
        unit=kind.unit,
        help=kind.help,
        value=values[0],
        before=values[1],
        words=words[0],
        words_before=words[1],
        sentence=said,
        ranks=None,
        usual=None,
        usual_words=kind.usual_words,
        unusual=unusual,
        far=_FAR_OFF * (1 - share),
        histogram=_histogram(kind, places, shares),
    )


def _histogram(kind: _Kind, places: tuple[int, int], shares: tuple[list[float], list[float]]) -> Histogram:
    count = len(shares[0])
    middle, before = ((place + 0.5) / count for place in places)
    usual = [place for place, share in enumerate(shares[0]) if share >= 1 - USUAL_SHARE]
    fullest = max(max(row) for row in shares)
    return Histogram(
        of_class=tuple(round(share / fullest, 4) for share in shares[0]),
        of_all=tuple(round(share / fullest, 4) for share in shares[1]),
        bins=kind.bins,
        ends=kind.ends,
        at=middle,
        at_before=before,
        usual=(usual[0] / count, (usual[-1] + 1) / count),
    )


def _bin(place: float, count: int) -> int:
    return min(count - 1, int(place))


def _always(place: int, count: int) -> tuple[list[float], list[float]]:
    """All digits of every class in one bin."""
    row = [float(other == place) for other in range(count)]
    return row, row
