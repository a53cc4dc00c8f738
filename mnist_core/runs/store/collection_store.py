"""The digits that people keep, and what was fine-tuned on them, in the runs' database.

A learner's digits are theirs: each set belongs to whoever shows its owner's token, and nobody can list the owners.
The database knows a token only by its hash.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, and_, delete, insert, select, update

from mnist_core.errors import UserError
from mnist_core.preprocessing.digit_collection import MAX_DIGITS, MyDigit, fitted, to_png
from mnist_core.preprocessing.image_file import ink_from_bytes
from mnist_core.preprocessing.pipeline import picture_key, preprocess
from mnist_core.runs.kinds import FINE_TUNING
from mnist_core.runs.run import Run
from mnist_core.runs.store import run_rows, schema
from mnist_core.runs.store.database import Database

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


class MyDigits:
    """The sets of all owners, each reached by its owner's token (any text that is not empty).

    Every method raises `UserError` `database_...` when the database cannot do what is asked.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, owner: str) -> tuple[KeptDigit, ...]:
        """The owner's digits, in the order in which they were kept."""
        with self._database.reading() as connection:
            of_owner = select(schema.my_digits).where(schema.my_digits.c.owner == owner_key(owner))
            rows = connection.execute(of_owner.order_by(schema.my_digits.c.number)).all()
        return tuple(
            KeptDigit(row.number, row.label, row.kept_at, row.fingerprint, bytes(row.png))
            for row in rows
            if row.kept_at and row.label in range(10) and isinstance(row.png, bytes | memoryview)  # others are damaged
        )

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
            own = table.c.owner == owner_key(owner)
            known = set(connection.scalars(select(table.c.fingerprint).where(own)))
            new = {name: digit for name, digit in by_print.items() if name not in known}
            if len(known) + len(new) > MAX_DIGITS and new:
                room = max(0, MAX_DIGITS - len(known))
                raise UserError(
                    "my_digits_full",
                    f"A set has at most {MAX_DIGITS} digits: there is room for {room} more, not for {len(new)}.",
                    "Export the set, then remove some.",
                )
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
            connection.execute(delete(table).where(table.c.owner == owner_key(owner), table.c.number.in_(ids)))

    def newest_fine_tuning(self, owner: str) -> Run | None:
        """The run in which a model was last fine-tuned on the owner's digits; None when none was."""
        table = schema.runs
        newest = run_rows.RUNS.where(_is_fine_tuning_of(owner)).order_by(table.c.number.desc()).limit(1)
        with self._database.reading() as connection:
            return next(iter(run_rows.read(connection, newest)), None)


def owner_key(owner: str) -> str:
    """What the database knows an owner by."""
    return hashlib.sha256(owner.encode("utf-8", "replace")).hexdigest()


def _is_fine_tuning_of(owner: str) -> ColumnElement[bool]:
    table = schema.runs
    return and_(table.c.kind == FINE_TUNING.name, table.c.facts["owner"].as_string() == owner_key(owner))


def _as_row(owner: str, name: str, digit: MyDigit) -> dict[str, object]:
    return {
        "owner": owner_key(owner),
        "label": digit.label,
        "kept_at": digit.kept_at or datetime.now(UTC),
        "fingerprint": name,
        "png": to_png(digit.picture),
    }
