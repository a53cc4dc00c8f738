"""The digits that people keep, and what was taught with them, in the runs' database.

A learner's digits are theirs: each set belongs to whoever shows its owner's token, and nobody can list the owners.
The database knows a token only by its hash.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, RowMapping, Select, delete, insert, select, update

from mnist_core.errors import UserError
from mnist_core.preprocessing.digit_collection import MAX_DIGITS, MyDigit, fitted, to_png
from mnist_core.preprocessing.image_file import ink_from_bytes
from mnist_core.preprocessing.pipeline import picture_key, preprocess
from mnist_core.runs.run import State
from mnist_core.runs.store import row_mapping, schema
from mnist_core.runs.store.database import Database
from mnist_core.training.events import FineTuneResult

if TYPE_CHECKING:  # it loads torch, which the store can do without
    from mnist_core.training.fine_tuning import FineTuneSet

Grey = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class KeptDigit:
    """A digit as it is kept.

    Attributes:
        id: Its number, which no other digit ever gets.
        label: What it is meant to be, 0 to 9.
        kept_at: When it was kept, in UTC.
        fingerprint: As `preprocessing.pipeline.picture_key`.
        png: The picture, grey, at most 280 px a side.
    """

    id: int
    label: int
    kept_at: datetime
    fingerprint: str
    png: bytes = field(repr=False)

    @property
    def picture(self) -> Grey:
        """The picture, grey, uint8 (H, W)."""
        return ink_from_bytes(self.png)

    def as_my_digit(self) -> MyDigit:
        """The digit for an export."""
        return MyDigit(self.picture, self.label, self.kept_at)


@dataclass(frozen=True, slots=True)
class FineTuneJob:
    """A lesson to be given to a model.

    Attributes:
        owner: The token of whose digits it holds.
        parent: The model's name: a shipped model's or a run's id.
        lesson: What the worker gets.
    """

    owner: str = field(repr=False)
    parent: str
    lesson: "FineTuneSet"


@dataclass(frozen=True, slots=True)
class FineTunedRun:
    """A lesson that was given, or is being given.

    Attributes:
        run_id: The run that it became.
        state: The run's.
        parent: The model that was taught: a shipped model's name or a run's id, perhaps of a run that is gone.
        digits: How many digits it was taught.
        gain: What it changed; None until that is known.
        test_accuracy: Of the taught model; None until it is finished.
    """

    run_id: str
    state: State
    parent: str
    digits: int
    gain: FineTuneResult | None
    test_accuracy: float | None


class MyDigits:
    """The sets of all owners, each reached by its owner's token (any text that is not empty).

    Every method raises `UserError` `database_...` when the database cannot do what is asked.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, owner: str) -> tuple[KeptDigit, ...]:
        """The owner's digits, in the order in which they were kept."""
        with self._database.reading() as connection:
            found = connection.execute(_of(owner).order_by(schema.my_digits.c.number)).mappings()
            return tuple(_as_kept(row) for row in found)

    def keep(self, owner: str, picture: Grey, label: int) -> None:
        """Keep a picture, grey, uint8 (H, W), of any size; one that is kept already only gets the label.

        Raises:
            UserError: `my_digits_blank` when it holds no ink, `my_digits_full` when the set has 500 digits.
            ValueError: When the label is no digit.
        """
        kept = fitted(preprocess(picture))
        if kept is None:
            raise UserError(
                "my_digits_blank", "This picture is blank: there is nothing to save.", "Draw a digit first."
            )
        self.add(owner, [MyDigit(kept, label)])

    def add(self, owner: str, digits: Sequence[MyDigit]) -> int:
        """Keep these, all or none of them; those that are kept already only get the label. Returns how many are new.

        Raises:
            UserError: `my_digits_full` when the set would have over 500 digits.
        """
        by_print = {picture_key(digit.picture): digit for digit in digits}
        table = schema.my_digits
        with self._database.writing() as connection:
            own = table.c.owner == _key(owner)
            known = set(connection.scalars(select(table.c.fingerprint).where(own)))
            new = {name: digit for name, digit in by_print.items() if name not in known}
            if len(known) + len(new) > MAX_DIGITS and new:
                raise _full(MAX_DIGITS - len(known), len(new))
            for name in by_print.keys() & known:
                label = by_print[name].label
                connection.execute(update(table).where(own, table.c.fingerprint == name).values(label=label))
            if new:
                connection.execute(insert(table), [_as_row(owner, name, digit) for name, digit in new.items()])
        return len(new)

    def remove(self, owner: str, ids: Collection[int]) -> None:
        """Remove those of the owner's digits; others' are left as they are."""
        table = schema.my_digits
        with self._database.writing() as connection:
            connection.execute(delete(table).where(table.c.owner == _key(owner), table.c.number.in_(ids)))

    def hand_over(self, owner: str, heir: str) -> None:
        """Give all that an owner has to another one, to whom the same person has turned out to be."""
        with self._database.writing() as connection:
            for table in (schema.my_digits, schema.teachings):
                connection.execute(update(table).where(table.c.owner == _key(owner)).values(owner=_key(heir)))

    def newest_teaching(self, owner: str) -> FineTunedRun | None:
        """The lesson that was last given with the owner's digits; None when none was."""
        table, run = schema.teachings, schema.runs
        query = select(table, run.c.id, run.c.state, run.c.test_accuracy).join(run, run.c.number == table.c.run)
        newest = query.where(table.c.owner == _key(owner)).order_by(table.c.run.desc()).limit(1)
        with self._database.reading() as connection:
            row = connection.execute(newest).mappings().first()
        return None if row is None else _as_taught(row)


def begin_teaching(connection: Connection, number: int, teaching: FineTuneJob) -> None:
    """Note, as a part of the transaction that makes a run, that it is a lesson."""
    row = {
        "run": number,
        "owner": _key(teaching.owner),
        "parent": teaching.parent,
        "digits": len(teaching.lesson.labels),
    }
    connection.execute(insert(schema.teachings).values(row))


def _key(owner: str) -> str:
    """What the database knows an owner by."""
    return hashlib.sha256(owner.encode("utf-8", "replace")).hexdigest()


def _of(owner: str) -> Select[tuple[object, ...]]:
    return select(schema.my_digits).where(schema.my_digits.c.owner == _key(owner))


def _as_row(owner: str, name: str, digit: MyDigit) -> dict[str, object]:
    return {
        "owner": _key(owner),
        "label": digit.label,
        "kept_at": digit.kept_at or row_mapping.now(),
        "fingerprint": name,
        "png": to_png(digit.picture),
    }


def _as_kept(row: RowMapping) -> KeptDigit:
    return KeptDigit(row["number"], row["label"], row["kept_at"], row["fingerprint"], bytes(row["png"]))


def _as_taught(row: RowMapping) -> FineTunedRun:
    gain = None
    if row["right_before"] is not None:
        gain = FineTuneResult(
            row["digits"], row["right_before"], row["gained"], row["lost"], row["test_accuracy_before"]
        )
    return FineTunedRun(row["id"], row["state"], row["parent"], row["digits"], gain, row["test_accuracy"])


def _full(room: int, wanted: int) -> UserError:
    message = f"A set has at most {MAX_DIGITS} digits: there is room for {max(0, room)} more, not for {wanted}."
    return UserError("my_digits_full", message, "Export the set, then remove some.")
