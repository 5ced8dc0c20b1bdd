"""What the local SageMaker runs on: its account, its folder, and the services that it uses."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from local_sagemaker.sagemaker.container.images import Images
from local_sagemaker.sagemaker.container.logs import PutLog
from local_sagemaker.sagemaker.jobs.store import Memory, Store

Package = Mapping[str, Any]


@dataclass(frozen=True)
class Platform:
    """`home` holds the folders of jobs and endpoints, and what is in `store` survives a restart. `s3` and `cloudwatch`
    are clients; without `cloudwatch` no metric is sent. `package_of` returns a model package of the registry, as
    DescribeModelPackage does, or None; `packages` returns all of them."""

    s3: Any
    home: Path
    images: Images
    region: str
    account: str
    put_event: Callable[[dict[str, Any]], None]
    put_log: PutLog = field(default=lambda *_: None)
    cloudwatch: Any = None
    package_of: Callable[[str], Package | None] = field(default=lambda name: None)
    packages: Callable[[], Iterable[Package]] = tuple
    store: Store = field(default_factory=lambda: Store(Memory()))

    @property
    def arns(self) -> str:
        """How the ARNs of all resources begin."""
        return f"arn:aws:sagemaker:{self.region}:{self.account}"

    def below(self, folder: str) -> Self:
        """The same platform, with a folder of the home as its home."""
        return replace(self, home=self.home / folder)

    def emit(self, event: dict[str, Any]) -> None:
        """Emit a change of state, unless the store is closed: after the next start it happens again."""
        if self.store.is_open:
            self.put_event(event)
