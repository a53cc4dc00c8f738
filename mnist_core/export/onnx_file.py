"""A model as an ONNX file, which other programs and languages can run."""

import warnings
from threading import Lock

import torch

from mnist_core.recipe import Recipe
from mnist_core.training.models import SIDE, Classifier

INPUT, OUTPUT = "images", "logits"

_ONE_AT_A_TIME = Lock()  # tracing a model is not safe beside another trace


def export_onnx(model: Classifier, recipe: Recipe) -> bytes:
    """The model as an ONNX file: `images` float32 (N, 1, 28, 28), 0 paper to 1 ink, in; `logits` float32 (N, 10) out.

    N may be any number. The file's metadata hold the recipe as JSON (`recipe`) and the number by which logits are to
    be divided before they become probabilities (`temperature`).

    Args:
        model: On the CPU; it answers in evaluation mode and is left in the mode it was in.
        recipe: How it was trained.
    """
    was_training = model.training
    example = torch.zeros(2, 1, SIDE, SIDE)  # of one image, the trace would take the 1 for a constant
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # between torch and onnxscript, none of ours
        try:
            program = torch.onnx.export(
                model.eval(),
                (example,),
                input_names=[INPUT],
                output_names=[OUTPUT],
                dynamic_shapes=({0: torch.export.Dim("N")},),
                dynamo=True,
                verbose=False,
            )
        finally:
            model.train(was_training)
    assert program is not None  # it is None only when a file is written
    for node in program.model.graph:
        node.metadata_props.clear()  # where each step stood in our source, and on whose disk
    program.model.metadata_props.update(recipe=recipe.to_json(), temperature=repr(model.temperature))
    content: bytes = program.model_proto.SerializeToString()
    return content
