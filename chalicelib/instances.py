"""What an instance type's name says about its memory. Pure."""

import re

_NAME = re.compile(r"ml\.(?P<family>[a-z]+)\d+[a-z-]*\.(?P<times>\d*)(?P<size>medium|large|xlarge)")
_GIB_PER_VCPU = {"c": 2, "m": 4, "r": 8, "t": 4, "g": 4}
_VCPUS = {"medium": 1, "large": 2, "xlarge": 4}


def memory_bytes(instance_type: str) -> int | None:
    """Return the memory of an instance of this type, or None for a family whose names do not tell it.

    By family: 2 GiB for each vCPU of compute instances, 4 of general ones, 8 of those for memory; a `large` has two
    vCPUs, an `xlarge` four, an `<n>xlarge` n times four (AWS: EC2 instance types). Of ml.t3 the vCPUs are fewer but the
    memory is that of this rule. The g families have at least as much."""
    found = _NAME.fullmatch(instance_type)
    if found is None or found["family"] not in _GIB_PER_VCPU:
        return None
    vcpus = int(found["times"] or 1) * _VCPUS[found["size"]]
    return vcpus * _GIB_PER_VCPU[found["family"]] * 1024**3
