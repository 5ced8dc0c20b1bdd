"""DynamoDB.

moto checks a condition, then writes, with nothing between two threads: two conditional writes can both win.
A transaction that fails puts all tables back as they were before it, other threads' writes included.
"""

from moto.dynamodb.models import DynamoDBBackend

from localaws.moto_seams.patches import Patches

_WRITES = ("put_item", "update_item", "delete_item", "transact_write_items")
_READS = ("get_item", "query", "scan")


def install(patches: Patches) -> None:
    """Makes each operation happen whole or not at all, as far as any other can see."""
    patches.one_at_a_time(DynamoDBBackend, *_WRITES, *_READS)
