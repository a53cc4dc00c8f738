"""Why a digit is misread: which correction makes it right, and what was wrong therefore.

A cause is named from evidence. For each known way in which a drawing can be wrong the drawing is put right in
that way, and two things are asked: does the model now read what was meant, and does the digit now look like
one of MNIST's? What answers both best is the likeliest cause. Thresholds alone would call every small digit
`too_small`, whether the model minds or not.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from mnist_core.diagnosis.causes import CAUSES, Cause, Evidence, candidate_repairs
from mnist_core.diagnosis.corruption_classifier import CLEAN, CORRUPTIONS, log_probs
from mnist_core.diagnosis.prediction import Prediction, predict, predict_batch
from mnist_core.diagnosis.reference import Reference, load_reference
from mnist_core.preprocessing.measurements import NAMES, measure_all
from mnist_core.preprocessing.pipeline import Preprocessed, preprocess
from mnist_core.preprocessing.pipeline_batched import FRAME_SCALE, VariantBatch, preprocess_batch
from mnist_core.preprocessing.repairs import Repair, apply_batch, apply_sequence
from mnist_core.preprocessing.steps import MNIST_STEPS, STEPS
from mnist_core.training.inference import predict_calibrated, predict_logits
from mnist_core.training.models import Classifier

SEARCH_PX = 112
"""The longest side of the picture that repairs are tried on: four points a pixel of the 28x28."""

_LEAST_LOG_PROBABILITY = -8.0  # below one in three thousand, less is no news
_TYPICAL_WEIGHT = 0.5  # of a normal distribution's log density: the measures say partly the same
_CLEAN_WEIGHT = 0.25  # of the log probability that a repaired digit looks usual
_CORRUPTED_WEIGHT = 0.3  # of the log probability that the drawing looks as if it had the cause
_OCCAM_WEIGHT = 0.5
_LEAST_CORRUPTION_LOG_PROBABILITY = -6.0
# These weights named the damage most often among MNIST's own validation digits, damaged as `bench` damages pen
# digits: first in 98.2 % of 80 misread ones a damage, noise aside.
_FAR = 4.0  # standard deviations: further is not more unusual
_JUDGED = torch.tensor([not name.startswith("mass") for name in NAMES])  # mass and box say nearly the same
_POLARITY_PENALTY = 8.0
_FAINT_SPREAD = 0.15  # of full contrast
_NOISE_FROM, _NOISE_SPREAD = 0.10, 0.05  # of full ink
_CLEARLY = 3.0  # times likelier than that nothing is wrong: worth a word although the answer is right
_NAMED, _LEAST_SCORE = 3, 0.01  # causes that are named at least, and how likely the others must be
_CHECKED = 6  # single repairs that are made again the exact way
_BEAM = 2  # single repairs that are continued when none is enough: each costs a quarter of all the time there is
_NO_CAUSE = ""  # the code of no cause at all


@dataclass(frozen=True, slots=True, eq=False)
class Fix:
    """The smallest change found that makes the answer right.

    Attributes:
        steps: Steps of `preprocessing.STEPS` to switch on, in their order.
        repairs: Corrections of the drawing, in the order to make them.
        digit: The drawing after the repairs, by the steps then switched on.
        reading: What it answers then.
    """

    steps: tuple[str, ...]
    repairs: tuple[Repair, ...]
    digit: Preprocessed
    reading: Prediction

    @property
    def parts(self) -> tuple[str, ...]:
        """Each part of the fix: a step's name, or a repair's words."""
        return (*self.steps, *(repair.words for repair in self.repairs))

    @property
    def words(self) -> tuple[str, ...]:
        """Each part of the fix in plain words."""
        titles = {step.name: step.title for step in STEPS}
        return (*(f"switch on “{titles[name]}”" for name in self.steps), *(repair.words for repair in self.repairs))


@dataclass(frozen=True, slots=True, eq=False)
class Diagnosis:
    """What is wrong with a digit that was meant to be `label`.

    Attributes:
        label: What was meant.
        reading: What the model answered.
        causes: The likeliest first. For a right answer, only what is likelier than all else together, and three
            times likelier than nothing.
        fix: The smallest change that makes the answer right; None when it is right, or when nothing helped.
        tried: How many changed drawings the model was asked about.
    """

    label: int
    reading: Prediction
    causes: tuple[Cause, ...]
    fix: Fix | None
    tried: int

    @property
    def correct(self) -> bool:
        """Whether the model answered what was meant."""
        return self.reading.digit == self.label


@dataclass(frozen=True, slots=True, eq=False)
class _Tried:
    """Variants of the drawing, each after the repairs that made it, and what became of it.

    Attributes:
        variants: The pictures.
        repairs: Of each variant.
        measures: Of what the model sees of each, (N, M), in the order of `MEASURES`.
        corruptions: The log probability that each is clean or corrupted, (N, 11), in the order of `CORRUPTIONS`.
        log_probability: Of the meant digit, (N,), floored.
        right: Whether the meant digit is the answer, (N,).
        score: Log probability, measures and corruptions together, (N,).
    """

    variants: VariantBatch
    repairs: list[tuple[Repair, ...]]
    measures: Tensor
    corruptions: Tensor
    log_probability: Tensor
    right: Tensor
    score: Tensor


def diagnose(model: Classifier, digit: Preprocessed, label: int) -> Diagnosis:
    """Find out why the model does not read `label` in the picture.

    Args:
        model: Which model to ask, in evaluation mode.
        digit: The picture, by the steps that are switched on; a large one is better made smaller before
            (`Preprocessed.downscaled`): the same is found sooner.
        label: The digit that was meant, 0 to 9.
    """
    (reading,) = predict_batch(model, [digit])
    if digit.blank:
        return Diagnosis(label, reading, (Cause("blank", 1.0, "no ink", "a digit"),), None, 0)
    if len(digit.parts) > 1:
        several = Cause("several_shapes", 1.0, f"{len(digit.parts)} digits", "one digit")
        return Diagnosis(label, reading, (several,), None, 0)
    drawing = VariantBatch.of(digit, SEARCH_PX)
    search = _Search(model, label, digit, load_reference())
    singles = search.try_all(drawing, ())
    causes, nothing = search.causes(drawing, singles)
    tried = len(singles.repairs)
    if reading.digit == label:
        unusual = tuple(cause for cause in causes if cause.score > max(_CLEARLY * nothing, 0.5))
        return Diagnosis(label, reading, unusual, None, tried)
    fix, more = _find_fix(search, singles)
    named = tuple(cause for place, cause in enumerate(causes) if place < _NAMED or cause.score >= _LEAST_SCORE)
    if fix is None:
        if reading.verdict == "not_a_digit":
            far = f"farther from MNIST's digits than {reading.distance_percentile:.1%} of them are from each other"
            last = Cause("not_a_digit", reading.ood_score, far, "similar to one of them")
        else:
            last = Cause("unseen_style", nothing, "no correction fixes the answer", "one does")
        named = tuple(sorted((*named, last), key=lambda cause: -cause.score))
    return Diagnosis(label, reading, named, fix, tried + more)


@dataclass(frozen=True, slots=True)
class _Change:
    """Steps to switch on and repairs to make."""

    steps: tuple[str, ...]
    repairs: tuple[Repair, ...]

    @property
    def size(self) -> int:
        """How many parts it has."""
        return len(self.steps) + len(self.repairs)


@dataclass(frozen=True, slots=True, eq=False)
class _Search:
    """What every try needs to know."""

    model: Classifier
    label: int
    original: Preprocessed
    reference: Reference

    def try_all(self, drawing: VariantBatch, done: tuple[Repair, ...]) -> _Tried:
        """Ask the model about every repair of the drawing, on which these are done; and about a drawing as it came."""
        candidates = candidate_repairs(drawing, self.reference, self.label)
        variants, repairs = apply_batch(drawing, candidates), [(*done, repair) for repair in candidates]
        if not done:
            variants, repairs = VariantBatch.joined([drawing, variants]), [(), *repairs]
        seen = preprocess_batch(variants, self.original.steps)
        log_probabilities = predict_logits(self.model, seen.pixels).log_softmax(dim=1)
        meant = log_probabilities[:, self.label].clamp(min=_LEAST_LOG_PROBABILITY)
        right = log_probabilities.argmax(dim=1) == self.label
        measures = measure_all(seen.alpha)
        corruptions = log_probs(F.avg_pool2d(seen.alpha.unsqueeze(1), FRAME_SCALE).squeeze(1), self.label)
        usual = corruptions[:, CORRUPTIONS.index(CLEAN)].clamp(min=_LEAST_CORRUPTION_LOG_PROBABILITY)
        score = meant - self._dissimilarity(variants, measures) + _CLEAN_WEIGHT * usual
        return _Tried(variants, repairs, measures, corruptions, meant, right, score)

    def verified(self, changes: Sequence[_Change]) -> list[tuple[_Change, Preprocessed, float]]:
        """The changes that make the answer right when made the exact way, at full size; what the model sees then, and
        how sure it is.
        """
        made = [(change, digit) for change in changes if not (digit := self._after(change)).blank]
        if not made:
            return []
        pixels = torch.from_numpy(np.stack([digit.pixels for _, digit in made]))
        sure = predict_calibrated(self.model, pixels)
        rows = zip(made, sure.argmax(dim=1).tolist(), sure[:, self.label].tolist(), strict=True)
        return [(*one, confidence) for one, answer, confidence in rows if answer == self.label]

    def _after(self, change: _Change) -> Preprocessed:
        """The picture at its full size after the change."""
        steps = self.original.steps | set(change.steps)
        if not change.repairs:
            return self.original.with_steps(steps)
        levels = apply_sequence(VariantBatch.of(self.original), change.repairs).levels[0]
        return preprocess(levels.clamp(0, 255).round().to(torch.uint8).numpy(), steps)

    def _dissimilarity(self, variants: VariantBatch, measures: Tensor) -> Tensor:
        """How unlike MNIST's own digits of this class each is, (N,), as a negative log density."""
        far = self.reference.z_score(self.label, measures).clamp(-_FAR, _FAR)
        strange = (far[:, _JUDGED] ** 2).sum(dim=1) / 2
        if "polarity" not in self.original.steps:
            strange = strange + _POLARITY_PENALTY * ~variants.light_ink
        if "contrast" not in self.original.steps:
            faint = ((1 - variants.contrast) / _FAINT_SPREAD).clamp(max=_FAR)
            grainy = ((variants.noise - _NOISE_FROM) / _NOISE_SPREAD).clamp(0, _FAR)
            strange = strange + (faint**2 + grainy**2) / 2
        return _TYPICAL_WEIGHT * strange

    def causes(self, drawing: VariantBatch, singles: _Tried) -> tuple[list[Cause], float]:
        """Every cause, the likeliest first, described by its best repair; and how likely none of them is.

        Two things count: how well the digit does once the cause is undone, and how much the drawing looks as if
        it had that cause. With a dozen angles to choose from, one always happens to fit, so that many repairs of
        one cause count for less each (the Occam factor of Bayesian model comparison; MacKay, *Information Theory,
        Inference, and Learning Algorithms*, 2003, chapter 28); not in full, because neighbouring angles help alike.
        """
        tries: dict[str, list[int]] = {}
        for index, chain in enumerate(singles.repairs):
            tries.setdefault(chain[0].cause if chain else _NO_CAUSE, []).append(index)
        corruptions = singles.corruptions[singles.repairs.index(())].clamp(min=_LEAST_CORRUPTION_LOG_PROBABILITY)
        weights = [
            singles.score[indexes].logsumexp(dim=0) - _OCCAM_WEIGHT * math.log(len(indexes))
            + _CORRUPTED_WEIGHT * corruptions[CORRUPTIONS.index(code if code in CORRUPTIONS else CLEAN)]
            for code, indexes in tries.items()
        ]  # fmt: skip
        shares = dict(zip(tries, torch.softmax(torch.stack(weights), dim=0).tolist(), strict=True))
        nothing = shares.pop(_NO_CAUSE)
        measured = singles.measures[tries[_NO_CAUSE][0]]
        found = []
        for code, share in shares.items():
            best = max(tries[code], key=lambda index: float(singles.score[index]))
            evidence = Evidence(self.label, measured, drawing, self.reference, singles.repairs[best][0])
            now, usual = CAUSES[code].words(evidence)
            probability = float(singles.log_probability[best].exp())
            found.append(Cause(code, share, now, usual, bool(singles.right[best]), probability))
        return sorted(found, key=lambda cause: -cause.score), nothing


def _find_fix(search: _Search, singles: _Tried) -> tuple[Fix | None, int]:
    """The smallest change that makes the answer right, and how many more were tried for it."""
    off = [step.name for step in STEPS if step.name not in search.original.steps]
    simple = [_Change((name,), ()) for name in off]
    simple += [_Change((), singles.repairs[index]) for index in _top_repairs(singles, _CHECKED)]
    tried = len(simple)
    right = search.verified(simple)
    best = max(right, key=lambda one: _rank_key(one[0], one[2], singles), default=None)
    if best is None:
        pairs, more = _two_step(search, singles)
        several = [_Change(group, ()) for group in _step_groups(off)] + [_Change((), chain) for chain in pairs]
        tried += len(several) + more
        best = min(search.verified(several), key=lambda one: (one[0].size, -one[2]), default=None)
    if best is None:
        return None, tried
    change, digit, _ = best
    return Fix(change.steps, change.repairs, digit, predict(search.model, digit)), tried


def _rank_key(change: _Change, confidence: float, singles: _Tried) -> float:
    """Among changes of one part: a repair's score; a step takes that of the cause it undoes."""
    causes = {repair.cause for repair in change.repairs} | {
        code for code, record in CAUSES.items() if record.undone_by in change.steps
    }
    scores = [
        float(score) for chain, score in zip(singles.repairs, singles.score, strict=True)
        if chain and chain[0].cause in causes
    ]  # fmt: skip
    return max(scores, default=-math.inf) + math.log(max(confidence, 1e-6)) + 0.5 * len(change.steps)


def _top_repairs(tried: _Tried, count: int) -> list[int]:
    """The repairs that make the answer right, best first."""
    order = torch.argsort(tried.score, descending=True).tolist()
    return [index for index in order if tried.right[index] and tried.repairs[index]][:count]


def _two_step(search: _Search, singles: _Tried) -> tuple[list[tuple[Repair, ...]], int]:
    """Two repairs in turn that make the answer right, best first, and how many were tried."""
    order = [index for index in torch.argsort(singles.score, descending=True).tolist() if singles.repairs[index]]
    found: list[tuple[float, tuple[Repair, ...]]] = []
    tried = 0
    for index in order[:_BEAM]:
        second = search.try_all(singles.variants[index : index + 1], singles.repairs[index])
        tried += len(second.repairs)
        found += [(float(second.score[place]), second.repairs[place]) for place in _top_repairs(second, 2)]
    return [chain for _, chain in sorted(found, key=lambda one: -one[0])[:4]], tried


def _step_groups(off: Sequence[str]) -> list[tuple[str, ...]]:
    """Steps that belong together, to be switched on at once."""
    by_mnist = tuple(name for name in off if name in MNIST_STEPS)
    groups = [("crop", "keep_aspect", "fit_20x20"), ("polarity", "contrast"), by_mnist]
    return [chosen for group in groups if len(chosen := tuple(name for name in group if name in off)) > 1]
