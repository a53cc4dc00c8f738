"""Facts about models, for tests."""

from mnist_core.export.facts import Facts
from mnist_core.recipe import Recipe
from mnist_core.training.events import Epoch, SettingChanged, Step
from mnist_core.training.models import Classifier, build


def model_of(recipe: Recipe, temperature: float = 1.25) -> Classifier:
    model = build(recipe).eval()
    model.temperature = temperature
    return model


def epoch(number: int) -> Epoch:
    return Epoch(
        epoch=number,
        training_loss=0.9 / number,
        training_accuracy=0.7,
        validation_loss=0.8 / number,
        validation_accuracy=0.75,
        wall_s=float(number),
        weights=b"",
    )


def facts_for(recipe: Recipe | None = None, **more) -> Facts:
    recipe = recipe or Recipe(model="linear", epochs=2)
    model = model_of(recipe)
    known = {
        "name": "digit-clinic-1a2b3c4d",
        "title": "my run",
        "epochs": (epoch(1), epoch(2)),
        "steps": (Step(1, 0.5, 2.5, 0.01), Step(3, 1.5, 1.5, 0.02)),
        "changes": (SettingChanged(2, "learning_rate", 0.01, 0.02),),
        "kept_epoch": 2,
        "validation_accuracy": 0.75,
        "test_accuracy": 0.8,
    }
    return Facts(recipe=recipe, model=lambda: model, **{**known, **more})
