"""How cross-validation divides a dataset's rows. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FoldRule:
    """`count` folds by the rows' content; or by the groups of the column `by`; or in order of the column `in_order_of`,
    where each fold is predicted from the rows before it. The column is no feature."""

    count: int
    by: str | None = None
    in_order_of: str | None = None

    @property
    def column(self) -> str | None:
        return self.by or self.in_order_of

    @property
    def parts(self) -> int:
        """How many distinct values the column must have: in order, the earliest rows are only learnt from."""
        return self.count + 1 if self.in_order_of else self.count
