"""Why the images are misread: how many of the mistakes have which cause, and the images of each."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from mnist_core.recipe import Recipe
from mnist_core.ui import services
from mnist_core.ui.common import waiting, words
from mnist_core.ui.common.background_task import Preparing
from mnist_core.ui.common.pictures import data_url
from mnist_core.ui.common.section import section
from mnist_core.ui.components.image_strip import Picture, strip
from mnist_core.ui.mistakes import gallery_view
from mnist_core.ui.mistakes.comparison_state import Comparison

if TYPE_CHECKING:
    from mnist_core.evaluation.error_analysis import Group, MistakeCauses
    from mnist_core.evaluation.evaluation import Evaluation

_SAMPLES = 4  # what fits beside each other on a phone
_SAMPLE_PX = 66  # a row's pictures share its width: so each of them is as large in every row
_TOLD = 3  # causes that the headline names
_KEPT = 8
_HELP = (
    "Each image is put right in some hundred ways (moved, turned, thickened, mirrored …). What makes the network read "
    "the true digit, and is clearly likelier than the ways that do not, is its cause. A label is doubted when every "
    "other model that came with Digit Clinic reads the same other digit. An image has one cause here."
)


@section("Why misread?")
def show(looked: Comparison) -> None:
    """The causes with their counts and some of their images, and all images of the one that is chosen."""
    if not len(looked.evaluation.mistakes()):
        st.success("No test image is misread: there is no mistake to explain.", icon=":material/check:")
        return
    making = _find(looked.model.name, services.version(looked.model.name), looked.evaluation)
    found = waiting.wait_for(making, "Looking for what is wrong with each misread image, once …")
    st.markdown(f"##### {headline(found)}", help=_HELP)
    if found.looked_into < found.misread:
        st.caption(
            f"Looked into: the {found.looked_into:,} most confident of {found.misread:,} mistakes. All of them would "
            "take too long."
        )
    for group in found.groups:
        _show_group(looked, group, found.looked_into)
    _show_images(looked, found)


def headline(found: "MistakeCauses") -> str:
    """The largest groups in words: `16 of 43 are between two digits, 5 look mislabelled, 4 are thin strokes …`."""
    first, *more = found.groups
    told = [f"{len(first.indexes):,} of {found.looked_into:,} {_verb(first)}{first.title}"]
    told += [f"{len(group.indexes):,} {_verb(group)}{group.title}" for group in more[: _TOLD - 1]]
    return ", ".join(told) + (" …" if len(more) >= _TOLD else "")


@st.cache_resource(show_spinner=False, max_entries=_KEPT)
def _find(name: str, version: int, _evaluation: "Evaluation") -> "Preparing[MistakeCauses]":  # noqa: ARG001
    from mnist_core.evaluation.error_analysis import find_causes

    trained = services.model(name)
    others = [services.model(one.name).model for one in services.shipped_choices() if one.name != name]
    test_images = _as_read(trained.recipe)
    return Preparing(lambda progress: find_causes(trained.model, _evaluation, test_images, others, progress))


def _as_read(recipe: Recipe) -> NDArray[np.uint8]:
    """The test images as such a recipe's model was tested on them."""
    if not recipe.test_offset_px:
        return services.test_images()
    from mnist_core.data.dataset import build_dataset

    moved: NDArray[np.uint8] = build_dataset(Recipe(test_offset_px=recipe.test_offset_px)).test_images.numpy()
    return moved


def _show_group(looked: Comparison, group: "Group", all_of_them: int) -> None:
    """A bar that is as long as the group is large, what it means, and the first of its images."""
    count = len(group.indexes)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        with st.container(width=420, gap="xsmall"):
            share = words.percent(count / all_of_them, 0)
            st.progress(count / all_of_them, f"**{_capital(group.title)}** · {_count(count)} ({share})")
            st.caption(group.text)
        samples = [_sample(looked, index) for index in group.indexes[:_SAMPLES]]
        with st.container(width=_SAMPLE_PX * len(samples)):
            strip(
                samples,
                f"Some of the images: {group.title}",
                key=f"cause_{group.code}",
                small=True,
            )


def _show_images(looked: Comparison, found: "MistakeCauses") -> None:
    groups = {group.code: group for group in found.groups}
    chosen: str = st.segmented_control(
        "Show the images that are or do this",
        list(groups),
        format_func=lambda code: f"{_capital(groups[code].title)} ({len(groups[code].indexes):,})",
        default=found.groups[0].code,
        required=True,
        key=f"cause_of_{looked.model.name}",
        persist_state="session",
        wrap=True,
        label_visibility="collapsed",
    )
    group = groups.get(chosen, found.groups[0])
    gallery_view.show(
        looked, group.indexes, f"{_capital(group.title)}: {_count(len(group.indexes))}", key="cause_images"
    )


def _sample(looked: Comparison, index: int) -> Picture:
    true, read = int(looked.evaluation.labels[index]), int(looked.evaluation.predicted[index])
    alt = f"Test image {index}: {words.article(true)} {true} read as {words.article(read)} {read}"
    return Picture(data_url(services.test_images()[index]), alt, title=f"{true} → {read}", pixels=True)


def _verb(group: "Group") -> str:
    return "" if group.title.startswith("look") else "are "


def _capital(title: str) -> str:
    return title[0].upper() + title[1:]


def _count(count: int) -> str:
    return f"{count:,} image{'' if count == 1 else 's'}"
