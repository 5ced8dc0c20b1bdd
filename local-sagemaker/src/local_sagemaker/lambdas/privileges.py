"""The privileges of a function's process: as on Lambda, it can write to /tmp but not to its task root.

Processes started by a user have that user's rights. Those started by root drop every privilege that they can. The
price: they keep the right to read any file, because their virtual environment may be below /root.
"""

import shutil
import subprocess
import sys
from functools import cache

# With setpriv (util-linux), the kernel kills the function when the local AWS dies, even by SIGKILL.
_DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL")
_CAN_READ = ("--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search")
_NOBODY = ("--reuid=65534", "--regid=65534", "--clear-groups", *_CAN_READ, "--bounding-set=-all,+dac_read_search")
_ROOT_BY_NAME = ("--inh-caps=-all", "--bounding-set=-all")  # file modes apply to it; Docker's root can drop to this


@cache
def with_few_rights(is_root: bool) -> tuple[str, ...]:
    """The command prefix for a function: the most restrictive one that works on this machine, or none."""
    ways = [(*_DIES_WITH_US, "--no-new-privs", *rights, "--") for rights in (_NOBODY, _ROOT_BY_NAME) if is_root]
    ways.append((*_DIES_WITH_US, "--"))
    return next((way for way in ways if shutil.which(way[0]) and _starts(way)), ())


def _starts(way: tuple[str, ...]) -> bool:
    tried = subprocess.run([*way, sys.executable, "-c", "import awslambdaric"], capture_output=True, check=False)
    return tried.returncode == 0
