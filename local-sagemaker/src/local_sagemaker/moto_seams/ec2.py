"""Speeds up the import of moto.ec2, which lists EC2's regions with a session for each partition, each of which loads
botocore's whole EC2 model again. With a shared loader it is loaded once, which saves a second at every start."""

import importlib
from functools import cache

import botocore.session

from local_sagemaker.moto_seams.common.patches import Patches


def import_ec2() -> None:
    """Import moto.ec2 ahead of modules that import it through moto.cloudformation."""
    patches = Patches()
    patches.replace(botocore.session, "create_loader", cache)
    try:
        importlib.import_module("moto.ec2")
    finally:
        patches.undo()
