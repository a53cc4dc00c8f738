"""Effects and their intervals in plain words."""

from mnist_core.claims.claim import Comparison
from mnist_core.claims.effect import Effect
from mnist_core.claims.metrics import METRICS, Metric

INTERVAL_HELP = (
    "The 95 % interval: trained again and again with other seeds, the true mean effect would lie within such an "
    "interval in 95 of 100 cases (Student's t on the differences of pairs with the same seed)."
)
PAIRED_HELP = (
    "Both arms are trained with the same seeds, so that chance (first weights, order of the images) is the same in "
    "each pair; the effect is the mean difference of the pairs."
)


def metric_of(comparison: Comparison) -> Metric:
    """What the comparison compares."""
    return METRICS[comparison.metric]


def effect_words(effect: Effect, metric: Metric) -> str:
    """By how much the treatment's metric differs, with its interval: `5.0 points higher (4.9 to 5.1)`."""
    if effect.n == 0:
        return "could not be measured"
    if effect.n == 1:
        return f"{_amount(effect.mean, metric)}, with one seed: nobody knows how sure that is"
    if effect.low <= 0 <= effect.high:
        if effect.low == effect.high:
            return "no difference at all"
        return f"no clear difference: between {_amount(effect.low, metric)} and {_amount(effect.high, metric)}"
    near, far = sorted((abs(effect.low), abs(effect.high)))
    return f"{_amount(effect.mean, metric)} ({_bare(near, metric)} to {_bare(far, metric)})"


def sentence(comparison: Comparison, effect: Effect) -> str:
    """The comparison and what came of it: `With light: test accuracy 5.0 points higher (4.9 to 5.1)`."""
    metric = metric_of(comparison)
    measured = "" if names_its_metric(comparison) else f"{in_a_sentence(metric.title)} "
    return f"{comparison.words}: {measured}{effect_words(effect, metric)}"


def names_its_metric(comparison: Comparison) -> bool:
    """Whether the comparison's own words say what is measured: `Few fours, fours read as 9`."""
    return comparison.words.lower().endswith(metric_of(comparison).title.lower())


def interval_words(effect: Effect, metric: Metric) -> str:
    """The interval with signs, for a table: `+4.9 to +5.1 points`; empty where there is none."""
    if effect.n < 2:
        return ""
    low, unit = _parted(metric.write_effect(effect.low))
    return f"{low} to {_parted(metric.write_effect(effect.high))[0]}{unit}"


def seeds_words(count: int) -> str:
    """`5 seeds`."""
    return f"{count} seed{'' if count == 1 else 's'}"


def in_a_sentence(title: str) -> str:
    """A title as it stands within a sentence."""
    return title[0].lower() + title[1:] if title[1:2].islower() else title


def _amount(value: float, metric: Metric) -> str:
    """`5.0 points higher`."""
    if value == 0:
        return "no difference"
    number, unit = _parted(metric.write_effect(abs(value)))
    return f"{number.lstrip('+')}{unit} {'higher' if value > 0 else 'lower'}"


def _bare(value: float, metric: Metric) -> str:
    return _parted(metric.write_effect(value))[0].lstrip("+−")


def _parted(written: str) -> tuple[str, str]:
    """A written difference as its number, and its unit with the space before it."""
    number, space, unit = written.partition(" ")
    return number, space + unit
