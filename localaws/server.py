"""The local AWS put together: one HTTP endpoint, moto behind it, our SageMaker and our Lambda beside it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from threading import Lock
from typing import Any, Self

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from localaws import compute
from localaws.chaos import Chaos, Disorder, Unruly
from localaws.clients import client
from localaws.durability import orphans
from localaws.durability.contents import Contents
from localaws.durability.database import Database
from localaws.durability.door import Door
from localaws.durability.home import held
from localaws.gateway import Gateway
from localaws.http_server import HOST, HttpServer, listen_again
from localaws.iam.guard import Guard, Judge, Judged
from localaws.iam.on_behalf import OnBehalf
from localaws.iam.sessions import Sessions
from localaws.moto_seams import (
    bucket_events,
    buckets,
    bus,
    changed_parameters,
    keeping,
    log_filter,
    logs,
    model_registry,
    operations,
    policy_simulator,
    queues,
    roles,
    stacks,
    state,
    tables,
    tagged,
    templates,
    topics,
)
from localaws.moto_seams.patches import Patches, Seam
from localaws.runtime_gateway import RuntimeGateway
from localaws.sagemaker.service import SageMaker, ServiceError
from localaws.sagemaker.store import Store
from localaws.values import ACCOUNT, Published

_only_one = Lock()


class LocalAws:
    """AWS on this machine, from `start()` (or `with`) to `stop()`, and again from the next `start()` on.

    `home` keeps everything: whatever was answered is there again after a restart, `kill -9` included, and jobs that ran
    go on. It also has what functions and training jobs write: logs, unpacked code, job folders. `images` names, for
    each ECR repository, the folder whose executable `entrypoint` runs as that image. `on_published` is called
    with each message published to a topic, from the publisher's thread. `retry_delays_s` is how long an event
    waits before a failed function gets it again: AWS waits one minute, then two. Port 0 is the one that the home had
    before, if it is free. With `chaos`, SageMaker's and S3's events come as unreliably as they may on AWS. With
    `on_judged`, functions may do only what their roles' policies allow, and it is called with each judgement.
    """

    def __init__(
        self,
        home: Path,
        port: int = 0,
        images: Mapping[str, Path] | None = None,
        region: str = "us-east-1",
        on_published: Callable[[Published], None] | None = None,
        quotas: Mapping[str, int] | None = None,
        retry_delays_s: Sequence[float] = (1.0, 2.0),
        chaos: Chaos | None = None,
        on_judged: Callable[[Judged], None] | None = None,
    ) -> None:
        self.home = home.absolute()
        self.region = region
        self.account = ACCOUNT
        self.endpoint_url = ""
        self._port = port
        self._images = dict(images or {})
        self._on_published = on_published
        self._quotas = quotas
        self._retry_delays_s = tuple(retry_delays_s)
        self._chaos = chaos
        self._sessions = Sessions()
        self._judge = Judge(roles.statements, on_judged) if on_judged else None
        self._send: Callable[[dict[str, Any]], None] = self._deliver
        self._running = ExitStack()
        self.seams: list[Seam] = []  # what was replaced in moto at the last start

    def start(self) -> Self:
        """Returns when `endpoint_url` answers.

        Raises: PortRefused; HomeTaken: another process lives in the home; UnreadableHome: another version wrote it;
        RuntimeError: one runs already in this process."""
        if not _only_one.acquire(blocking=False):
            raise RuntimeError("one local AWS at a time in a process: moto's state is global")
        with ExitStack() as started:
            started.callback(_only_one.release)
            self._start(started)
            self._running = started.pop_all()
        return self

    def stop(self) -> None:
        """Ends every process of training jobs and functions. What they did not finish is done again after the next
        start. A second call changes nothing."""
        self._running.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _start(self, started: ExitStack) -> None:
        started.enter_context(held(self.home))
        orphans.end(self.home)
        database = Database(self.home / "state.sqlite", keeping.VERSIONS)
        started.callback(database.close)
        listener = listen_again(self._port, database)
        started.callback(listener.close)
        self.endpoint_url = f"http://{HOST}:{listener.getsockname()[1]}"
        state.reset()
        started.callback(state.reset)
        services = started.enter_context(ExitStack())
        self._install_seams(started, services, database)
        sagemaker = self._sagemaker(services)
        door = Door(DomainDispatcherApplication(create_backend_app), self._keeper)
        moto = RuntimeGateway(door, sagemaker.invoke)
        gateway = Gateway(moto, sagemaker, ServiceError, operations.answers_sagemaker)
        guarded = Guard(gateway, self._sessions, self._judge, self.account) if self._judge else gateway
        started.callback(HttpServer(listener, guarded).stop)
        started.callback(services.close)  # before the server: jobs and functions talk to it to their end
        sagemaker.resume()

    def _install_seams(self, started: ExitStack, services: ExitStack, database: Database) -> None:
        patches = Patches()
        self.seams = patches.seams
        started.callback(patches.undo)
        contents = Contents(self.home / "objects")
        self._keeper = keeper = keeping.install(patches, database, contents, self.account, self.region)
        started.callback(keeper.close)
        if self._chaos:
            unruly = Unruly(Disorder(self._chaos), self._deliver)
            started.callback(unruly.stop)
            self._send = unruly.put
        stacks.install(patches)
        templates.install(patches, self.endpoint_url)
        changed_parameters.install(patches)
        buckets.install(patches)
        bucket_events.install(patches, self._put_event)
        tables.install(patches)
        tagged.install(patches)
        model_registry.install(patches)
        policy_simulator.install(patches)
        log_filter.install(patches)
        roles.install(patches)
        queues.install(patches, self.endpoint_url, keeper.pause)
        if self._on_published:
            topics.install(patches, self._on_published)
        compute.start(
            services,
            patches,
            self.home,
            self.endpoint_url,
            self.region,
            self._retry_delays_s,
            keeper,
            self._put_log,
            self._sessions,
            OnBehalf(self._judge),
        )

    def _sagemaker(self, services: ExitStack) -> SageMaker:
        sagemaker = SageMaker(
            s3=client("s3", self.endpoint_url, self.region),
            home=self.home / "sagemaker",
            images=self._images,
            region=self.region,
            account=self.account,
            emit=self._put_event,
            quotas=self._quotas,
            store=Store(self._keeper),
            put_log=self._put_log,
            package_of=lambda name: model_registry.package(self.account, self.region, name),
        )
        services.callback(sagemaker.stop)
        return sagemaker

    def _put_event(self, event: dict[str, Any]) -> None:
        self._send(bus.whole(self.account, self.region, event))

    def _deliver(self, event: dict[str, Any]) -> None:
        with self._keeper.changing():
            bus.put_event(self.account, self.region, event)

    def _put_log(self, *event: Any) -> None:
        with self._keeper.changing():
            logs.put(self.account, self.region, *event)
