"""Whether a test image's own label can be right: what the shipped models say of it."""

import streamlit as st

from mnist_core.ui import services
from mnist_core.ui.common import words
from mnist_core.ui.common.section import section


@section("The label")
def show(index: int, label: int) -> None:
    """Say so when nearly all models contradict the label and agree on another digit."""
    from mnist_core.evaluation.test_label_errors import contradicting_digit

    read = readings(index)
    digit = contradicting_digit(read, label)
    if digit is not None:
        st.warning(
            f"**The label may be wrong.** {read.count(digit)} of the {len(read)} shipped models read "
            f"{words.article(digit)} {digit} here, though none has learned from this image; {read.count(label)} "
            f"read the {label} of its label.",
            icon=":material/flag:",
        )


@st.cache_resource(show_spinner=False, max_entries=1000)
def readings(index: int) -> tuple[int, ...]:
    """What each shipped model reads in this test image.

    Raises:
        UserError: When a model or MNIST cannot be opened.
    """
    import torch

    from mnist_core.training.inference import predict_logits

    image = torch.from_numpy(services.test_images()[index : index + 1])
    models = [services.model(one.name).model for one in services.shipped_choices()]
    return tuple(int(predict_logits(model, image).argmax()) for model in models)
