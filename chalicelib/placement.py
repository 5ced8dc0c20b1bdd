"""Where and as whom training jobs run: the stack alone decides it, no tuning spec can. Pure."""

import re
from dataclasses import dataclass
from typing import Any

_LETTERS = re.compile(r"ml\.[a-z]+[0-9]+(?P<letters>[a-z]*)")
_STORAGE_WITHOUT_THE_LETTER = re.compile(r"ml\.(g[5-9]|p[5-9]|trn)")
"""Accelerated families have instance store volumes although their names do not say so (AWS: EC2 user guide)."""


@dataclass(frozen=True)
class Placement:
    """The role of training jobs, and the key and network that they use; empty: AWS's own key, no VPC."""

    role_arn: str
    kms_key_arn: str = ""
    subnet_ids: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()

    def output(self, uri: str) -> dict[str, str]:
        """SageMaker's OutputDataConfig."""
        return {"S3OutputPath": uri, **({"KmsKeyId": self.kms_key_arn} if self.kms_key_arn else {})}

    def volume(self, instance_type: str) -> dict[str, str]:
        """What ResourceConfig says of the volume's key: nothing where the instance encrypts by its own hardware."""
        if not self.kms_key_arn or has_instance_storage(instance_type):
            return {}
        return {"VolumeKmsKeyId": self.kms_key_arn}

    def network(self) -> dict[str, Any]:
        """The VpcConfig, if there is one."""
        if not self.subnet_ids:
            return {}
        return {"VpcConfig": {"SecurityGroupIds": list(self.security_group_ids), "Subnets": list(self.subnet_ids)}}


def has_instance_storage(instance_type: str) -> bool:
    """Does it bring disks of its own? SageMaker refuses a volume key for such an instance type.

    AWS has no list for SageMaker but points to EC2's, where a "d" after the generation says so, and the newer
    accelerated families have them without it. Later families are taken to be named the same way; where one is
    not, SageMaker rejects the tuning job and says that the key is why."""
    found = _LETTERS.match(instance_type)
    has_letter = found is not None and "d" in found["letters"]
    return has_letter or _STORAGE_WITHOUT_THE_LETTER.match(instance_type) is not None
