"""Remembers whose a home is: that of a whole local AWS, or of a SageMaker beside another emulator."""

from pathlib import Path

from local_sagemaker.durability.database import Database, unreadable

WHOLE = "a whole local AWS"
_KIND = "owner"


def claim(database: Database, home: Path, owner: str | None) -> None:
    """Remember the owner of an empty home; None stands for a whole local AWS, whose homes have no mark.

    Raises: UnreadableHome: it is another's, so that its jobs would refer to buckets and roles that are not there."""
    known = next((name for _, name, _ in database.rows(_KIND)), None)
    if owner == known:
        return
    if not database.is_empty(but="port"):
        raise unreadable(home, f"holds {known or WHOLE}, not {owner or WHOLE}")
    database.save(_KIND, "", str(owner), b"")
    database.commit()
