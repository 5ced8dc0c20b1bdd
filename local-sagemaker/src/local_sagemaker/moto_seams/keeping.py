"""Keeps moto's whole state in a home: the parts that `Keeper` loads and saves."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import moto
from moto.sns.models import Subscription

from local_sagemaker.durability.contents import Contents
from local_sagemaker.durability.database import Database
from local_sagemaker.durability.keeper import Keeper
from local_sagemaker.durability.lock import Turn
from local_sagemaker.moto_seams import functions
from local_sagemaker.moto_seams.kept_items import Items
from local_sagemaker.moto_seams.kept_logs import LogStreams
from local_sagemaker.moto_seams.kept_messages import Messages
from local_sagemaker.moto_seams.kept_objects import Objects
from local_sagemaker.moto_seams.kept_world import World
from local_sagemaker.moto_seams.metrics import MetricData
from local_sagemaker.moto_seams.patches import Patches
from local_sagemaker.moto_seams.pickles import Pickles

FORMAT = "1"
VERSIONS = {"format": FORMAT, "moto": moto.__version__}
"""A pickle can be read only by the version of moto that wrote it."""


def install(patches: Patches, database: Database, contents: Contents, account: str, region: str) -> Keeper:
    """Create a keeper of moto's state. It tracks changes from now on; nothing is loaded yet."""
    turn, pickles = Turn(), Pickles(contents)

    def is_read_by_lambda(queue_arn: str) -> bool:
        return any(mapping.queue_arn == queue_arn for mapping in functions.mappings(account, region))

    world = World(pickles)
    streams = LogStreams(pickles, world.touch)
    parts = (Objects(pickles), Items(pickles), Messages(pickles, is_read_by_lambda), streams, MetricData(pickles))
    for part in parts:
        part.install(patches)
    patches.replace(Subscription, "publish", lambda original: _waiting_for_others(original, turn))
    return Keeper(database, contents, turn, (world, *parts))


def _waiting_for_others(publish: Callable[..., Any], turn: Turn) -> Callable[..., Any]:
    """Release the turn while moto waits for an HTTP subscriber, which may call the local AWS before it answers."""

    @wraps(publish)
    def call(subscription: Any, *args: Any, **kwargs: Any) -> Any:
        if subscription.protocol not in ("http", "https"):
            return publish(subscription, *args, **kwargs)
        with turn.given_up():
            return publish(subscription, *args, **kwargs)

    return call
