"""What the machine decides, on processors with and without instructions for bfloat16."""

import mmap
import os
import platform
import subprocess
import sys

import pytest
import torch

from mnist_core.data.dataset import build_dataset
from mnist_core.recipe import Recipe
from mnist_core.training import hardware
from mnist_core.training.events import Epoch
from mnist_core.training.learner import Learner
from mnist_core.training.loop import train
from tests.processors import PROCESSORS, as_processor

CPU = torch.device("cpu")
MIXED = Recipe(model="quick", precision="mixed", train_images=2_000)
SINGLE = MIXED.replace(precision="single")

_PAGES = 4_000_000 * 4 // mmap.PAGESIZE
_COUNT = """
import resource, torch
from mnist_core.training.hardware import keep_freed_memory

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

def of_one_block(count=10):
    for _ in range(20):  # the first ones make room
        torch.ones(4_000_000)
    before = faults()
    for _ in range(count):
        torch.ones(4_000_000)
    return (faults() - before) / count

print(of_one_block(), keep_freed_memory(), of_one_block())
"""


def training_loss(recipe: Recipe) -> float:
    (epoch,) = (event for event in train(recipe) if isinstance(event, Epoch))
    return epoch.training_loss


@pytest.mark.parametrize(
    ("told", "fast"),
    [
        ({"avx2": True, "avx512_bf16": False}, False),
        ({"avx512_bf16": True}, True),
        ({"amx_bf16": True}, True),
        ({"bf16": True}, True),
        ({"sve_bf16": True}, True),
        ({}, False),
    ],
)
def test_only_instructions_for_it_make_bfloat16_fast(told: dict[str, bool], fast: bool, monkeypatch) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: told, raising=False)
    assert hardware.has_fast_bfloat16(CPU) == fast
    assert not hardware.has_fast_bfloat16(torch.device("mps"))


def test_an_old_torch_that_tells_nothing_stays_with_float32(monkeypatch) -> None:
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    assert not hardware.has_fast_bfloat16(CPU)


@pytest.mark.parametrize("processor", PROCESSORS)
def test_layers_compute_in_bfloat16_only_where_that_is_fast(processor: str, monkeypatch) -> None:
    as_processor(processor, monkeypatch)
    with hardware.mixed_precision(CPU):
        computed = torch.nn.Linear(3, 2)(torch.rand(4, 3)).dtype
    assert computed == (torch.bfloat16 if processor == "with bfloat16" else torch.float32)


def test_a_run_mixes_precisions_where_that_is_fast_and_learns_as_float32_does(monkeypatch) -> None:
    as_processor("with bfloat16", monkeypatch)
    mixed, single = training_loss(MIXED), training_loss(SINGLE)
    assert mixed != single
    assert mixed == pytest.approx(single, rel=0.05)
    as_processor("without bfloat16", monkeypatch)
    assert training_loss(MIXED) == single


def test_weights_gradients_and_memory_stay_float32_and_finite(monkeypatch) -> None:
    as_processor("with bfloat16", monkeypatch)
    learner = Learner(MIXED, build_dataset(MIXED))
    loss, _ = learner.forward_backward(*next(learner.train_batches()))
    learner.optimizer_step(0.01)
    kept = [number for memory in learner.optimizer.state.values() for number in memory.values()]
    for number in [*learner.model.parameters(), *(weight.grad for weight in learner.model.parameters()), *kept]:
        assert number.dtype == torch.float32
        assert number.isfinite().all()
    assert 0 < loss < 5


@pytest.mark.parametrize(
    ("wanted", "has_cuda", "has_mps", "picked"),
    [
        ("auto", True, False, "cuda"),
        ("auto", False, True, "mps"),
        ("auto", False, False, "cpu"),
        ("cpu", True, True, "cpu"),
    ],
)
def test_the_fastest_device_is_picked_unless_one_is_named(wanted, has_cuda, has_mps, picked, monkeypatch) -> None:
    monkeypatch.setenv("DIGIT_CLINIC_DEVICE", wanted)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: has_cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: has_mps)
    assert hardware.pick_device() == torch.device(picked)


def test_threads_are_limited_to_one() -> None:
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        hardware.limit_threads()
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is asked to keep memory")
def test_blocks_come_back_without_new_pages_even_where_dask_wants_them_given_away() -> None:
    environment = os.environ | {"MALLOC_TRIM_THRESHOLD_": "65536"}  # what Dask starts its workers with
    told = subprocess.run([sys.executable, "-c", _COUNT], capture_output=True, text=True, check=True, env=environment)
    before, kept, after = told.stdout.split()
    assert kept == "True"
    assert float(before) > 0.9 * _PAGES
    assert float(after) < 0.1 * _PAGES


def test_other_c_libraries_are_left_alone(monkeypatch) -> None:
    monkeypatch.setattr(platform, "libc_ver", lambda: ("", ""))
    assert not hardware.keep_freed_memory.__wrapped__()
