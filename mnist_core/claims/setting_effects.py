"""What the claims measured of single settings, for the help of each setting.

It stands in a file beside this one, three texts a setting, which `python -m tests.write_docs` writes from the results:
a page that shows a setting needs neither the results nor the statistics.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_suffix(".json")


@dataclass(frozen=True, slots=True)
class SettingEffect:
    """One measured effect of a setting.

    Attributes:
        claim: The id of the claim that tests it.
        title: The claim's title.
        text: What was changed, on what it was measured, the effect with its interval, and the number of seeds.
    """

    claim: str
    title: str
    text: str


def setting_effect(field: str) -> SettingEffect | None:
    """What was measured of the field of that name; None for those that no claim tests alone."""
    return _kept().get(field)


def measure() -> dict[str, SettingEffect]:
    """The effects as the shipped results have them, by the names of fields.

    Of a setting with several comparisons, the first one that decides a claim by accuracy on the test set; where there
    is none, the first one by that accuracy, then the first one that decides by something else, then any.
    """
    from mnist_core.claims.catalog import CLAIMS
    from mnist_core.claims.outcome import shipped
    from mnist_core.claims.wording import finding_text, seeds_text

    ranked: dict[str, tuple[int, SettingEffect]] = {}
    for claim in CLAIMS.values():
        outcome = shipped(claim.id)
        if outcome is None or not outcome.fits(claim):
            continue
        for found in outcome.findings(claim):
            one = found.comparison
            field = claim.arm(one.control).only_difference(claim.arm(one.treatment))
            by_accuracy, decides = one.metric == "test_accuracy", one in claim.primary
            rank = 2 * by_accuracy + decides
            if field and rank > ranked.get(field, (-1, None))[0]:
                text = f"{finding_text(found)}, {seeds_text(found.effect.n)}"
                ranked[field] = rank, SettingEffect(claim.id, claim.title, text)
    return {field: effect for field, (_, effect) in sorted(ranked.items())}


def write() -> None:
    """Write the file from the results."""
    told = {field: [effect.claim, effect.title, effect.text] for field, effect in measure().items()}
    FILE.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", "utf-8")


@cache
def _kept() -> dict[str, SettingEffect]:
    return {field: SettingEffect(*told) for field, told in json.loads(FILE.read_text("utf-8")).items()}
