"""Wires up the local AWS: one HTTP endpoint, moto behind it, our SageMaker and our Lambda beside it."""

import logging
import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import gettempdir
from threading import Lock, RLock
from typing import Any, Self

from local_sagemaker import account, compute, example_image, malloc
from local_sagemaker.beside.forward import Forward
from local_sagemaker.beside.other import OtherEmulator, owner
from local_sagemaker.beside.split import Split, in_account
from local_sagemaker.chaos import Chaos, DeliveryPolicy, UnreliableBus
from local_sagemaker.clients import client, environment
from local_sagemaker.durability import orphan_processes
from local_sagemaker.durability.contents import Contents
from local_sagemaker.durability.database import Database, UnreadableRow, unreadable
from local_sagemaker.durability.home import locked
from local_sagemaker.durability.middleware import CommitMiddleware
from local_sagemaker.durability.names import UnknownName
from local_sagemaker.durability.owner import claim
from local_sagemaker.durability.pending import PendingEvents
from local_sagemaker.gateway import Gateway
from local_sagemaker.http_server import HttpServer, listen_again, own_host
from local_sagemaker.iam.authorization import AccessDecision, AuthorizationMiddleware, PolicyEvaluator
from local_sagemaker.iam.sessions import Sessions
from local_sagemaker.lambdas.role_permissions import RolePermissions
from local_sagemaker.moto_seams import (
    cloudformation,
    dynamodb,
    events,
    http,
    iam,
    logs,
    persistence,
    s3,
    sns,
    sqs,
    tagging,
)
from local_sagemaker.moto_seams import sagemaker as registry
from local_sagemaker.moto_seams.cloudformation.sagemaker import Api
from local_sagemaker.moto_seams.common.patches import Patches, Seam
from local_sagemaker.reset import MotoApi, RequestGate
from local_sagemaker.runtime_gateway import RuntimeGateway
from local_sagemaker.sagemaker.api.service import SageMaker, ServiceError
from local_sagemaker.sagemaker.container.images import Images
from local_sagemaker.sagemaker.jobs.platform import Platform
from local_sagemaker.sagemaker.jobs.store import Store
from local_sagemaker.same_origin import SameOrigin
from local_sagemaker.values import ACCOUNT, HOST, Published

ANSWERS_WITHIN_S = 5.0
"""The time that requests in flight have to end before a reset."""
_FOLDERS = ("sagemaker", "lambdas", "logs")

_log = logging.getLogger(__name__)
_only_one = Lock()


class LocalSageMaker:
    """AWS on this machine, from `start()` (or `with`) until `stop()`; it can be started again.

    `home` holds all state: every acknowledged change survives a restart, even after `kill -9`, and unfinished jobs run
    again. It also holds what functions and training jobs write: logs, unpacked code, job folders. Without it, the state
    is in a temporary folder, which `stop()` removes. `images` maps each ECR repository to the folder whose executable
    `entrypoint` runs as that image; `example` is a regression in Python unless it is mapped. `on_published` is called
    with each message published to a topic, in the publisher's thread. `retry_delays_s` are the delays before a failed
    function receives an event again; on AWS they are one minute, then two. Port 0 means the home's previous port, if it
    is free. With `chaos`, SageMaker and S3 events arrive as unreliably as they may on AWS. With `on_decision`,
    functions may do only what their roles' policies allow, and it is called with each decision. Requests of web pages
    and for other hosts are refused, except those of `allow_origins` and for `allow_hosts`. `bind` is the IP address to
    listen on; any program that reaches it can run commands as this user. With `beside`, the URL of another AWS
    emulator, everything but SageMaker is that one's: `on_published` and `on_decision`, which watch services that are
    then not here, cannot be given; `notices` says what the other one lacks, which is also logged at the start.
    """

    def __init__(
        self,
        home: Path | str | None = None,
        port: int = 0,
        images: Mapping[str, Path | str] | None = None,
        region: str = "us-east-1",
        on_published: Callable[[Published], None] | None = None,
        quotas: Mapping[str, int] | None = None,
        retry_delays_s: Sequence[float] = (1.0, 2.0),
        chaos: Chaos | None = None,
        on_decision: Callable[[AccessDecision], None] | None = None,
        allow_hosts: Sequence[str] = (),
        allow_origins: Sequence[str] = (),
        bind: str = HOST,
        beside: str | None = None,
    ) -> None:
        """Raises: InvalidAllowance; UnusableEmulator: `beside` is not the URL of an emulator."""
        if beside and (on_published or on_decision):
            raise ValueError("on_published and on_decision cannot watch the topics and roles of another emulator")
        self._is_temporary = home is None
        temporary = Path(gettempdir(), f"local-sagemaker-{secrets.token_hex(8)}")
        self.home = (temporary if home is None else Path(home)).absolute()
        self.region = region
        self.account = ACCOUNT
        self.endpoint_url = ""
        self._port = port
        self._bind = bind
        self._example = self.home / "images" / example_image.REPOSITORY
        self._images = {example_image.REPOSITORY: self._example}
        self._images |= {repository: Path(folder).absolute() for repository, folder in (images or {}).items()}
        self._on_published = on_published
        self._quotas = quotas
        self._retry_delays_s = tuple(retry_delays_s)
        self._chaos = chaos
        self._sessions = Sessions()
        self._evaluator = PolicyEvaluator(iam.statements, on_decision) if on_decision else None
        self._send: Callable[[dict[str, Any]], None] = self._deliver
        self._running, self._world, self._services = ExitStack(), ExitStack(), ExitStack()
        self._life = RLock()
        self._is_running = False
        self._gate = RequestGate()
        self._other = OtherEmulator(beside, region) if beside else None
        self.notices: list[str] = []
        self._edge = SameOrigin(self._application(), (*allow_hosts, own_host(bind)), allow_origins)
        self.seams: list[Seam] = []  # what was replaced in moto at the last start

    def start(self) -> Self:
        """Start, and return once `endpoint_url` answers.

        Raises: PortRefused; HomeInUse: another process uses the home; UnreadableHome: another version wrote it;
        UnusableEmulator: the one to stand beside does not answer; RuntimeError: a local AWS is already running in this
        process."""
        if not _only_one.acquire(blocking=False):
            raise RuntimeError("a process can run only one local AWS at a time, because moto's state is global")
        malloc.limit_arenas()
        with ExitStack() as started:
            started.callback(_only_one.release)
            self._start(started)
            self._running = started.pop_all()
        return self

    def stop(self) -> None:
        """End all processes of training jobs and functions. What they did not finish is done again after the next
        start. A second call changes nothing."""
        with self._life:
            self._running.close()

    def reset(self) -> None:
        """Stop all jobs and functions and delete everything, as if the home were new; the endpoint stays the same.
        What another emulator holds stays as it is.

        Requests in flight are answered first, those that come meanwhile wait; a request that takes too long gets 503.
        Do not call it from `on_published` or `on_decision`. Raises: RuntimeError: it is not running."""
        with self._life:
            if not self._is_running:
                raise RuntimeError("the local AWS is not running, so it cannot be reset")
            self._services.close()  # jobs and functions call the server until they end
            self._keeper.interrupt()
            self._gate.hold(ANSWERS_WITHIN_S)
            self._world.close()
            database = persistence.opened(self.home)
            database.clear(but="port")
            for name in _FOLDERS:
                shutil.rmtree(self.home / name, ignore_errors=True)
            self._open(database)

    def client(self, service: str, **kwargs: Any) -> Any:
        """Create a boto3 client with dummy credentials, whatever the environment and the user's AWS files say. `kwargs`
        are those of `boto3.client`."""
        return client(service, self.endpoint_url, self.region, **kwargs)

    @property
    def environment(self) -> dict[str, str]:
        """The variables that direct the AWS clients of another program here: `{**os.environ, **aws.environment}`."""
        return environment(self.endpoint_url, self.region)

    @property
    def role_arn(self) -> str:
        """The ARN of a role that SageMaker can assume and that allows everything; it is created when first used."""
        if self._other and self._other.lacks("iam"):
            return f"arn:aws:iam::{self.account}:role/{account.ROLE}"
        return account.role_arn(self.client("iam"))

    def image_uri(self, repository: str = example_image.REPOSITORY) -> str:
        """The URI of a mapped image, which is put into ECR when first used. Raises: ValueError: it is not mapped."""
        if repository not in self._images:
            raise ValueError(f"no folder is mapped to {repository!r}, only to {', '.join(sorted(self._images))}")
        if self._other:  # which need not have ECR: images are folders here
            return f"{self.account}.dkr.ecr.{self.region}.amazonaws.com/{repository}:{account.TAG}"
        return account.image_uri(self.client("ecr"), repository)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _application(self) -> Callable[..., Any]:
        if not self._other:
            return MotoApi(self._gate, self.reset)
        forward = Forward(self._other.url, f"local-sagemaker-{secrets.token_hex(16)}")
        split = Split(self._gate, forward, self._other.answered_here)
        return MotoApi(split, self.reset, f"SageMaker alone; {self._other.url} keeps what it holds")

    def _start(self, started: ExitStack) -> None:
        if self._is_temporary:
            self.home.mkdir(mode=0o700)
            started.callback(shutil.rmtree, self.home, ignore_errors=True)
        started.enter_context(locked(self.home))
        example_image.write_program(self._example)
        orphan_processes.kill(self.home)
        database = persistence.opened(self.home)
        started.callback(database.close)
        listener = listen_again(self._port, database, self._bind)
        started.callback(listener.close)
        port = listener.getsockname()[1]
        self.endpoint_url = f"http://{own_host(self._bind)}:{port}"
        if self._other:
            self.account, self.notices = self._other.examine(port)
            for notice in self.notices:
                _log.warning(notice)
        started.callback(self._close_world)
        started.callback(HttpServer(listener, self._edge).stop)
        started.callback(self._close_services)  # before the server, which jobs and functions call until they end
        try:
            self._open(database)
        except UnknownName as name:
            raise unreadable(self.home, f"holds {name}, which this version does not know") from name
        except UnreadableRow as error:
            raise unreadable(self.home, f"cannot be loaded ({error})") from error

    def _open(self, database: Database) -> None:
        """Serve what the database holds."""
        claim(database, self.home, owner(self.account) if self._other else None)
        self._world, self._services = ExitStack(), ExitStack()
        persistence.reset()
        self._world.callback(persistence.reset)
        self._install_seams(self._world, self._services, database)
        sagemaker = self._sagemaker(self._services)
        application = in_account(self.account, http.application()) if self._other else http.application()
        moto = RuntimeGateway(CommitMiddleware(application, self._keeper), sagemaker.invoke)
        gateway = Gateway(moto, sagemaker, ServiceError)
        evaluator = self._evaluator
        guarded = AuthorizationMiddleware(gateway, self._sessions, evaluator, self.account) if evaluator else gateway
        self._gate.open(guarded)
        sagemaker.resume()
        self._is_running = True

    def _close_services(self) -> None:
        self._is_running = False
        self._services.close()

    def _close_world(self) -> None:
        self._gate.hold(0)
        self._world.close()

    def _install_seams(self, started: ExitStack, services: ExitStack, database: Database) -> None:
        patches = Patches()
        self.seams = patches.seams
        started.callback(patches.undo)
        contents = Contents(self.home / "objects")
        self._keeper = keeper = persistence.install(patches, database, contents, self.account, self.region)
        started.callback(keeper.close)
        if self._chaos:
            unreliable_bus = UnreliableBus(DeliveryPolicy(self._chaos), self._deliver)
            started.callback(unreliable_bus.stop)
            self._send = unreliable_bus.put
        registry.install(patches, self._put_event)
        logs.install(patches)
        if self._other:
            keeper.load()
            self._other.open(services, self.endpoint_url, PendingEvents(keeper))
        else:
            self._install_other_seams(patches, services)

    def _install_other_seams(self, patches: Patches, services: ExitStack) -> None:
        """Install the seams of the services that another emulator would have, and start what runs behind them."""
        keeper = self._keeper
        sagemaker = client("sagemaker", self.endpoint_url, self.region)
        cloudformation.install(patches, self.endpoint_url, Api(sagemaker, keeper.lock.released, keeper.changing))
        s3.install(patches, self._put_event)
        dynamodb.install(patches)
        tagging.install(patches)
        iam.install(patches)
        sqs.install(patches, self.endpoint_url, keeper.pause)
        sns.install(patches, self._on_published or (lambda _: None), keeper.lock.released)
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
            RolePermissions(self._evaluator),
        )

    def _sagemaker(self, services: ExitStack) -> SageMaker:
        platform = Platform(
            s3=client("s3", self.endpoint_url, self.region),
            home=self.home / "sagemaker",
            images=Images(self._images),
            region=self.region,
            account=self.account,
            put_event=self._put_event,
            store=Store(self._keeper),
            put_log=self._put_log,
            cloudwatch=client("cloudwatch", self.endpoint_url, self.region),
            package_of=lambda name: registry.package(self.account, self.region, name),
            packages=lambda: registry.packages(self.account, self.region),
        )
        sagemaker = SageMaker(platform, quotas=self._quotas)
        services.callback(sagemaker.stop)
        return sagemaker

    def _put_event(self, event: dict[str, Any]) -> None:
        self._send(events.whole(self.account, self.region, event))

    def _deliver(self, event: dict[str, Any]) -> None:
        with self._keeper.changing():
            if self._other:
                return self._other.put_event(event)
            return events.put_event(self.account, self.region, event)

    def _put_log(self, *event: Any) -> None:
        if self._other:
            return self._other.put_log(*event)
        with self._keeper.changing():
            return logs.put(self.account, self.region, *event)
