"""Which training image a stack's ledger has pinned."""

from chalicelib.aws.image_ledger import ImageLedger
from cli.target.stack import Stack


def pins_of(stack: Stack) -> ImageLedger:
    """What the stack's ledger keeps of its image."""
    return ImageLedger(stack.target.client("dynamodb"), stack.table)
