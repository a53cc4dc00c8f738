"""A trained network's answers for many images at once."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from mnist_core.training.models import Classifier

# What a layer makes of a batch is to stay in the processor's cache: on two cores, 10,000 images take a network with
# convolutions at full size half as long in batches of 125 as in batches of 1000. What has none hands on little.
_BATCH = 1000
_CONVOLUTIONAL_BATCH = 125


def as_input(images: Tensor) -> Tensor:
    """Images (N, 28, 28) as a network takes them: float32 (N, 1, 28, 28).

    uint8 is scaled from 0..255 to 0..1; float is passed on as it is.
    """
    scaled = images.float().div_(255) if images.dtype == torch.uint8 else images
    return scaled.unsqueeze(1).contiguous(memory_format=torch.channels_last)


def predict_logits(model: Classifier, images: Tensor) -> Tensor:
    """Logits (N, 10), float32, on the CPU, of images (N, 28, 28): uint8 0..255 or float32 0..1.

    The model is in evaluation mode while it answers, and is left in the mode it was in.
    """
    return _in_batches(model, model, images)


def predict_features(model: Classifier, images: Tensor) -> Tensor:
    """What the last layer decides on, (N, F); see `predict_logits`."""
    return _in_batches(model, model.features, images)


def predict_probabilities(model: Classifier, images: Tensor) -> Tensor:
    """The ten probabilities (N, 10) of each image, as the model was trained to give them; see `predict_logits`."""
    return predict_logits(model, images).softmax(dim=1)


def predict_calibrated(model: Classifier, images: Tensor) -> Tensor:
    """The ten probabilities (N, 10) of each image, calibrated; see `Classifier.temperature`."""
    return (predict_logits(model, images) / model.temperature).softmax(dim=1)


@torch.inference_mode()
def _in_batches(model: Classifier, answer: Callable[[Tensor], Tensor], images: Tensor) -> Tensor:
    device = model.device
    is_convolutional = any(isinstance(layer, nn.Conv2d) for layer in model.modules())
    batches = torch.split(images, _CONVOLUTIONAL_BATCH if is_convolutional else _BATCH)
    was_training = model.training
    model.eval()
    try:
        # No images are still one batch, which tells how wide the answer would be.
        answers = [answer(as_input(batch.to(device))) for batch in batches]
    finally:
        model.train(was_training)
    return torch.cat(answers).cpu()
