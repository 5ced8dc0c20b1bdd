"""moto.ec2 lists EC2's regions while it is imported: in each partition by a session of its own, and each session reads
all that botocore knows of EC2 again. With one loader for them it is read once, which spares every start a second."""

import importlib
from functools import cache

import botocore.session

from localaws.moto_seams.patches import Patches


def import_ec2() -> None:
    """For whoever imports it afterwards, by way of moto.cloudformation."""
    patches = Patches()
    patches.replace(botocore.session, "create_loader", cache)
    try:
        importlib.import_module("moto.ec2")
    finally:
        patches.undo()
