"""The rights with which a function's process runs: as on Lambda it can write to /tmp, and not to its task root.

A person's processes have that person's rights. Root's would have every right, so they give up what can be given up.
The price: what nobody else may read, such as a virtual environment below /root, they must still be able to read.
"""

import shutil
import subprocess
import sys
from functools import cache

# setpriv (util-linux) has the kernel kill the function when the local AWS dies, even by SIGKILL.
_DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL")
_CAN_READ = ("--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search")
_NOBODY = ("--reuid=65534", "--regid=65534", "--clear-groups", *_CAN_READ, "--bounding-set=-all,+dac_read_search")
_ROOT_BY_NAME = ("--inh-caps=-all", "--bounding-set=-all")  # files' modes hold for it; Docker's root can become this


@cache
def with_few_rights(is_root: bool) -> tuple[str, ...]:
    """The words before a function's command: the first of these with which this machine starts one."""
    ways = [(*_DIES_WITH_US, "--no-new-privs", *rights, "--") for rights in (_NOBODY, _ROOT_BY_NAME) if is_root]
    ways.append((*_DIES_WITH_US, "--"))
    return next((way for way in ways if shutil.which(way[0]) and _starts(way)), ())


def _starts(way: tuple[str, ...]) -> bool:
    tried = subprocess.run([*way, sys.executable, "-c", "import awslambdaric"], capture_output=True, check=False)
    return tried.returncode == 0
