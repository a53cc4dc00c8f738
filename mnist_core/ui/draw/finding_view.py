"""A finding about a digit, as a small plot."""

from typing import TYPE_CHECKING

from mnist_core.ui.components.distribution_plots import Plot

if TYPE_CHECKING:
    from mnist_core.diagnosis.finding import Finding


def plot_of(finding: "Finding") -> Plot:
    """The finding as it is drawn; what it was before the steps only when they changed it."""
    has_moved, drawn = moved(finding), finding.histogram
    return Plot(
        name=finding.name,
        title=finding.title,
        help=finding.help,
        value=finding.words,
        before=finding.words_before if has_moved else "",
        sentence=finding.sentence,
        usual=finding.usual_words,
        unusual=finding.unusual,
        filled=drawn.of_class,
        outlined=drawn.of_all,
        bins=drawn.bins,
        ends=drawn.ends,
        at=drawn.at,
        at_before=drawn.at_before if has_moved else None,
        usual_at=drawn.usual,
    )


def moved(finding: "Finding") -> bool:
    """Whether the steps changed it, as far as people can read."""
    return finding.before is not None and finding.words != finding.words_before
