"""Error analysis: how many of the misclassified images have which cause, and the images of each."""

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.recipe import Recipe
from mnist_core.ui import services
from mnist_core.ui.common import background_task, words
from mnist_core.ui.common.background_task import BackgroundTask
from mnist_core.ui.common.choice import choose
from mnist_core.ui.common.pictures import data_url
from mnist_core.ui.common.section import section
from mnist_core.ui.components.image_strip import Picture, strip
from mnist_core.ui.mistakes import gallery_view, image_detail
from mnist_core.ui.mistakes.comparison_state import Comparison

if TYPE_CHECKING:
    from mnist_core.evaluation.error_analysis import Group, MistakeCauses
    from mnist_core.evaluation.evaluation import Evaluation

_SAMPLES = 4  # what fits beside each other on a phone
_SAMPLE_PX = 60  # a row's pictures share its width: so each of them is as large in every row
_NAMED = 3  # causes in the headline
_KEPT = 8
_HELP = (
    "Each image is corrected in about a hundred ways (moved, rotated, thickened, mirrored …). The correction after "
    "which the network predicts the true digit, and which is clearly likelier than those that do not help, tells the "
    "cause. A label is doubted when every other model that came with Digit Clinic predicts the same other digit. Each "
    "image has one cause here."
)


@section("Error analysis")
def show(comparison: Comparison) -> None:
    """The causes with their counts and some of their images; beside them all images of the one that is chosen."""
    if not len(comparison.evaluation.mistakes()):
        st.success("No test image is misclassified: there is no mistake to explain.", icon=":material/check:")
        return
    making = causes_of(comparison.model.name, services.version(comparison.model.name), comparison.evaluation)
    found = background_task.wait_for(making, "Looking for the cause of each mistake (once) …")
    image_detail.show_beside(
        comparison, partial(_show_groups, comparison, found), partial(_show_images, comparison, found)
    )


def _choice_of(comparison: Comparison) -> str:
    """The key of the choice of a group; a model's mistakes have groups of their own."""
    return f"cause_of_{comparison.model.name}"


def _show_images(comparison: Comparison, found: "MistakeCauses") -> None:
    """All images of the group that is chosen, or of the first one."""
    chosen = st.session_state.get(_choice_of(comparison))
    group = next((group for group in found.groups if group.code == chosen), found.groups[0])
    title = f"{_capital(group.title)}: {words.counted(len(group.indexes), 'images')}"
    gallery_view.show(comparison, group.indexes, title, key="cause_images")


def _show_groups(comparison: Comparison, found: "MistakeCauses") -> None:
    """All groups, to choose one of them."""
    st.markdown(f"##### {headline(found)}", help=_HELP)
    if found.looked_into < found.misread:
        st.caption(
            f"Analysed: the {found.looked_into:,} most confident of {found.misread:,} mistakes. All of them would "
            "take too long."
        )
    titles = {group.code: f"{_capital(group.title)} ({len(group.indexes):,})" for group in found.groups}
    choose("Examples", titles, _choice_of(comparison), persist_state="session", on_change=image_detail.close)
    for group in found.groups:
        _show_group(comparison, group, found.looked_into)


def headline(found: "MistakeCauses") -> str:
    """The largest groups in words: `Main causes of 43 mistakes: between two digits (16), thin strokes (4) …`."""
    named = [f"{group.title} ({len(group.indexes):,})" for group in found.groups[:_NAMED]]
    count = found.looked_into
    more = " …" if len(found.groups) > _NAMED else ""
    return f"Main causes of {count:,} mistake{'' if count == 1 else 's'}: {', '.join(named)}{more}"


@st.cache_resource(show_spinner=False, max_entries=_KEPT)
def causes_of(name: str, version: int, _evaluation: "Evaluation") -> "BackgroundTask[MistakeCauses]":  # noqa: ARG001
    """The causes of a model's mistakes, being looked for: once, for all sessions; begun by the first who asks."""
    from mnist_core.evaluation.error_analysis import find_causes

    trained = services.model(name)
    others = [services.model(one.name).model for one in services.shipped_choices() if one.name != name]
    images = tested_images(trained.recipe)
    return BackgroundTask(lambda progress: find_causes(trained.model, _evaluation, images, others, progress))


def tested_images(recipe: Recipe) -> NDArray[np.uint8]:
    """The test images as a model of that recipe was tested on them, uint8 (N, 28, 28)."""
    if not recipe.test_offset_px:
        return services.test_images()
    from mnist_core.data.dataset import build_dataset

    moved: NDArray[np.uint8] = build_dataset(Recipe(test_offset_px=recipe.test_offset_px)).test_images.numpy()
    return moved


def _show_group(comparison: Comparison, group: "Group", total: int) -> None:
    """A bar that is as long as the group is large, what it means, and the first of its images."""
    count = len(group.indexes)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        with st.container(width=330, gap="xsmall"):
            share = words.percent(count / total, 0)
            st.progress(count / total, f"**{_capital(group.title)}** · {words.counted(count, 'images')} ({share})")
            st.caption(group.text)
        samples = [_sample(comparison, index) for index in group.indexes[:_SAMPLES]]
        with st.container(width=_SAMPLE_PX * len(samples)):
            strip(samples, f"Examples: {group.title}", key=f"cause_{group.code}", small=True)


def _sample(comparison: Comparison, index: int) -> Picture:
    true, predicted = int(comparison.evaluation.labels[index]), int(comparison.evaluation.predicted[index])
    alt = f"Test image {index}: {words.named(true)} predicted as {words.named(predicted)}"
    return Picture(data_url(services.test_images()[index]), alt, title=f"{true} → {predicted}", pixels=True)


def _capital(title: str) -> str:
    return title[0].upper() + title[1:]
