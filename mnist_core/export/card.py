"""The model card: what a model is, its accuracy and its limitations.

The headings follow Mitchell et al., *Model Cards for Model Reporting*, 2019.
"""

import re
from collections.abc import Iterable

from mnist_core.data.mnist_files import load_mnist
from mnist_core.data.splits import split_indexes
from mnist_core.export.facts import Facts
from mnist_core.fields import Field, Value, indexes_in
from mnist_core.recipe import FIELDS, GROUPS, Recipe
from mnist_core.stats import wilson_interval
from mnist_core.training.augmentation.augment import is_augmented
from mnist_core.training.models import Classifier

_RARE = 0.5  # a digit with less than this share of its images is rare

_LOADING = """\
It takes images of 28x28 pixels, 0 paper to 1 ink (MNIST's digits are white on black), the digit about 20 pixels
large with its centre of mass in the middle. It scales the pixels itself.

From the ONNX file, with `pip install onnxruntime`:

```python
import onnxruntime

session = onnxruntime.InferenceSession("{name}.onnx")
logits = session.run(["logits"], {{"images": images}})[0]  # images: float32 (N, 1, 28, 28)
digits = logits.argmax(axis=1)
```

From the safetensors file, inside Digit Clinic's folder:

```python
from pathlib import Path

from mnist_core.export.safetensors_file import recipe_in
from mnist_core.training.inference import predict_logits
from mnist_core.training.weights import from_bytes

content = Path("{name}.safetensors").read_bytes()
model = from_bytes(recipe_in(content), content)
digits = predict_logits(model, images).argmax(dim=1)  # images: float32 (N, 28, 28)
```
"""


def card_of(facts: Facts) -> str:
    """The model's card, as Markdown.

    Raises:
        UserError: When there is no model, or MNIST cannot be counted.
    """
    model = facts.model()
    parts = [
        f"# {plain(facts.title)}",
        _what_it_is(facts.recipe, model),
        "## How it was trained",
        _list(training_words(facts)),
        _settings(facts.recipe),
        "## Accuracy",
        _accuracies(facts),
        _certainty(model),
        "## Limitations",
        facts.weaknesses or _list(limits_of(facts.recipe)),
        "## How to use it",
        _LOADING.format(name=facts.name).rstrip(),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def plain(text: str) -> str:
    """A person's words as they are, without a meaning in Markdown or HTML."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>&~$:])", r"\\\1", text)


def said(field: Field, value: Value) -> str:
    """A setting's value in words: `30 % of the labels`, `Leaky ReLU`, `on`; of indexes, how many: `37 images`."""
    if field.kind == "choice":
        return field.choices[str(value)]
    if field.kind == "switch":
        return "on" if value else "off"
    if field.kind == "indexes":
        count = len(indexes_in(str(value)))
        return f"{count} {field.unit.removesuffix('s') if count == 1 else field.unit}"
    if field.unit.startswith("of "):
        return f"{float(value) * 100:g} % {field.unit}"
    number = f"{value:,}" if field.kind == "whole" else f"{float(value):g}"
    return number + (field.unit if field.unit == "°" else f" {field.unit}".rstrip())


def limits_of(recipe: Recipe) -> tuple[str, ...]:
    """What the recipe says about where its model goes wrong, a sentence each."""
    rare = [str(digit) for digit in range(10) if getattr(recipe, f"keep_{digit}") < _RARE]
    limits = {
        "It only knows digits: a letter or a scribble is classified as a digit, too.": True,
        "Trained on MNIST only: slashed zeros, crossed sevens and ones with a long upstroke are rare there and often "
        "misread.": True,
        "It has only seen upright, centred digits, so rotated and shifted ones are often misread.": not (
            is_augmented(recipe.replace(flip="none")) or recipe.train_offset_px
        ),
        f"It has seen few or none of these digits: {', '.join(rare)}. It will hardly recognise them.": bool(rare),
        "It was trained with wrong labels on purpose, and may have learned them.": recipe.label_noise > 0,
        "It was trained with outliers on purpose: images that are not MNIST digits.": recipe.outliers > 0,
        "It was trained with mirrored digits, and may confuse digits that mirror each other.": recipe.flip != "none",
        "Its confidence is rough: it comes from votes between pairs of digits.": recipe.model == "svm",
    }
    return tuple(sentence for sentence, is_so in limits.items() if is_so)


def training_words(facts: Facts) -> list[str]:
    """What it was trained on and what happened meanwhile, a sentence each."""
    recipe = facts.recipe
    train, validation = split_indexes(load_mnist().train_labels, recipe.images_used)
    words = [
        f"Learned from {len(train):,} of MNIST's training images, {_faults(recipe)}; {len(validation):,} others were "
        f"kept for choosing, and {len(load_mnist().test_labels):,} for one test at the end.",
    ]
    if recipe.left_out:
        words.append(f"Manually excluded: {said(FIELDS['left_out'], recipe.left_out)}.")
    if facts.epochs:
        kept = f", and the weights after epoch {facts.kept_epoch} were kept" if facts.kept_epoch else ""
        words.append(f"{len(facts.epochs)} of {recipe.epochs_used} epochs were trained{kept}.")
    if facts.changes:
        words.append("Settings were changed by hand while it went on: " + " ".join(facts.change_words))
    return [*words, *facts.notes]


def _faults(recipe: Recipe) -> str:
    faults = [
        f"{FIELDS[name].label.lower()}: {said(FIELDS[name], value)}"
        for name, value in recipe.changed.items()
        if (FIELDS[name].section == "faults" or name.startswith("keep_") or name.endswith("_offset_px"))
        and FIELDS[name].kind in ("real", "whole", "switch")
    ]
    return f"with deliberate faults ({'; '.join(faults)})" if faults else "as they are"


def _what_it_is(recipe: Recipe, model: Classifier) -> str:
    kind = FIELDS["model"].choices[recipe.model].lower().replace("cnn", "CNN")
    return (
        f"A classifier of handwritten digits: {kind}, {model.parameter_count:,} parameters, trained on MNIST (LeCun, "
        "Cortes, Burges; CC BY-SA 3.0) by Digit Clinic, a tool to find out why models go wrong. It is made for "
        "learning, not for reading cheques."
    )


def _settings(recipe: Recipe) -> str:
    if not recipe.changed:
        return "All settings are Digit Clinic's defaults."
    rows = []
    for name, value in recipe.changed.items():
        field = FIELDS[name]
        rows.append(f"| {GROUPS[field.group]} | {field.label} | {said(field, value)} | {said(field, field.default)} |")
    head = ["Settings that differ from Digit Clinic's defaults:", "", "| Group | Setting | Value | Default |"]
    return "\n".join([*head, "| --- | --- | --- | --- |", *rows])


def _accuracies(facts: Facts) -> str:
    mnist = load_mnist()
    validation = split_indexes(mnist.train_labels)[1]
    asked = {
        "Validation (used for choices)": (facts.validation_accuracy, len(validation)),
        "Test (evaluated once, at the end)": (facts.test_accuracy, len(mnist.test_labels)),
    }
    rows = []
    for name, (share, count) in asked.items():
        if share is not None:
            low, high = wilson_interval(share * count, count)
            rows.append(f"| {name} | {count:,} | {share:.2%} | {low:.2%} to {high:.2%} |")
    if not rows:
        return "It was not measured."
    table = ["| Images | Number | Accuracy | 95 % confidence interval |", "| --- | --- | --- | --- |", *rows]
    moved = facts.recipe.test_offset_px
    note = f"\n\nThe test images were moved {moved} pixels off-centre on purpose." if moved else ""
    return "\n".join(table) + note


def _certainty(model: Classifier) -> str:
    if model.temperature == 1.0:
        return "Its confidence was not calibrated."
    return (
        f"Divide its logits by {model.temperature:.3f} before softmax: with this temperature, found on the validation "
        "images, it is calibrated (Guo et al., *On Calibration of Modern Neural Networks*, 2017)."
    )


def _list(sentences: Iterable[str]) -> str:
    return "\n".join(f"- {sentence}" for sentence in sentences)
