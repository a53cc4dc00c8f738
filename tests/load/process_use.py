"""What processes take of their machine: memory, file handles, threads."""

from dataclasses import dataclass

import psutil  # type: ignore[import-untyped]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a process takes, or several together.

    Attributes:
        what: Which process, or when.
        resident_mb: Memory, in 10^6 bytes.
        handles: Open files, sockets among them.
        threads: Threads.
    """

    what: str
    resident_mb: float
    handles: int
    threads: int

    @classmethod
    def by(cls, process_id: int, what: str) -> "Taken":
        """By that process now."""
        process = psutil.Process(process_id)
        return cls(what, process.memory_info().rss / 1e6, process.num_fds(), process.num_threads())

    @classmethod
    def by_children(cls, process_id: int, what: str) -> "Taken":
        """By all processes below that one together: its workers, and what looks after them."""
        taken = []
        for child in psutil.Process(process_id).children(recursive=True):
            try:
                taken.append(cls.by(child.pid, what))
            except psutil.Error:  # it has ended in this moment
                continue
        return cls(
            what,
            sum(one.resident_mb for one in taken),
            sum(one.handles for one in taken),
            sum(one.threads for one in taken),
        )
