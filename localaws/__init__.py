"""AWS on this machine: one endpoint; SageMaker trains, Lambda functions run, everything else is moto.

It knows nothing of Retune. The price of running in process: moto's state is global, so there is one local AWS
per Python process at a time.
"""

from localaws.chaos import Chaos
from localaws.durability.database import UnreadableHome
from localaws.durability.home import HomeTaken
from localaws.http_server import PortRefused
from localaws.iam.guard import Judged
from localaws.server import LocalAws
from localaws.values import Published

__all__ = ["Chaos", "HomeTaken", "Judged", "LocalAws", "PortRefused", "Published", "UnreadableHome"]
