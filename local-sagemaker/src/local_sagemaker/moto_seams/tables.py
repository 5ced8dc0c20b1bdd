"""DynamoDB.

moto checks a condition and then writes, without a lock: two conditional writes can both succeed.
A failed transaction restores all tables to their state before it, which also undoes other threads' writes.
"""

from moto.dynamodb.models import DynamoDBBackend

from local_sagemaker.moto_seams.patches import Patches

_WRITES = ("put_item", "update_item", "delete_item", "transact_write_items")
_READS = ("get_item", "query", "scan")


def install(patches: Patches) -> None:
    """Make each operation atomic as seen by all others."""
    patches.one_at_a_time(DynamoDBBackend, *_WRITES, *_READS)
