import pytest

from mnist_core.runs.queue.cluster import WorkerPlan, plan_workers

GIB = 2**30


@pytest.mark.parametrize(
    ("cores", "memory_gib", "plan"),
    [
        (1, 4, WorkerPlan(count=1, threads=1, memory_bytes=3 * GIB)),
        (2, 24, WorkerPlan(count=1, threads=2, memory_bytes=3 * GIB)),
        (4, 24, WorkerPlan(count=3, threads=1, memory_bytes=3 * GIB)),
        (8, 8, WorkerPlan(count=2, threads=4, memory_bytes=3 * GIB)),
        (16, 2, WorkerPlan(count=1, threads=16, memory_bytes=3 * GIB // 2)),
        (64, 256, WorkerPlan(count=63, threads=1, memory_bytes=3 * GIB)),
    ],
)
def test_one_core_is_left_to_the_app_and_memory_suffices(cores, memory_gib, plan):
    assert plan_workers(cores=cores, machine_memory_bytes=memory_gib * GIB) == plan


def test_what_is_asked_for_is_done():
    asked = plan_workers(count=4, memory_bytes=GIB, cores=2, machine_memory_bytes=8 * GIB)
    assert asked == WorkerPlan(count=4, threads=1, memory_bytes=GIB)
