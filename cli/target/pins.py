"""The training image that a stack's ledger has pinned."""

from chalicelib.aws.image_ledger import ImageLedger
from cli.target.stack import Stack


def pins_of(stack: Stack) -> ImageLedger:
    """Return the image's part of the stack's ledger."""
    return ImageLedger(stack.target.client("dynamodb"), stack.table)
