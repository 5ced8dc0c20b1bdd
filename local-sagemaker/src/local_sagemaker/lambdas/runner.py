"""Runs invocations: reuses warm environments, starts new ones up to a limit, replaces those of changed functions."""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from threading import Condition, Lock, Semaphore

from local_sagemaker.iam.sessions import Session, Sessions
from local_sagemaker.lambdas.code import unpack
from local_sagemaker.lambdas.environment import Environment
from local_sagemaker.lambdas.logs import LogCopier, PutLog
from local_sagemaker.lambdas.values import Function, Outcome, failure
from local_sagemaker.lambdas.variables import variables

STOP_WITHIN_S = 5.0
DEFAULT_CONCURRENCY = 10  # per function; an AWS account has 1000, too many for one machine


class Runner:
    """Thread-safe. `home` holds unpacked code and the functions' logs, which also go to `put_log`. `sessions` issues
    the access key that identifies a function as its role; `may_log` tells whether that role may write to a stream."""

    def __init__(
        self,
        home: Path,
        endpoint_url: str,
        region: str,
        put_log: PutLog,
        sessions: Sessions,
        may_log: Callable[[Function, str], bool] = lambda *_: True,
    ) -> None:
        self._home = home
        self._endpoint_url = endpoint_url
        self._region = region
        self._sessions = sessions
        self._lock = Lock()
        self._ended = Condition(self._lock)
        self._in_flight = 0
        self._idle: dict[Function, list[Environment]] = defaultdict(list)
        self._all: set[Environment] = set()
        self._limits: dict[tuple[str, int], Semaphore] = {}
        self._stopped = False
        self._log_copier = LogCopier(put_log, may_log)

    def invoke(self, function: Function, payload: bytes) -> Outcome:
        """Run the function and return its outcome; an invocation beyond its concurrency waits."""
        with self._limit(function):
            with self._lock:
                if self._stopped:
                    return failure("ServiceException", "the local AWS is stopping")
                self._in_flight += 1
            try:
                return self._invoke(function, payload)
            finally:
                with self._lock:
                    self._in_flight -= 1
                    self._ended.notify_all()

    def stop(self) -> None:
        """Kill every environment. Running invocations end as errors, and their results are written before this returns;
        later ones never start."""
        with self._lock:
            self._stopped = True
            environments, self._all = self._all, set()
        for environment in environments:
            environment.kill()
        with self._lock:
            self._ended.wait_for(lambda: not self._in_flight, STOP_WITHIN_S)

    def log_of(self, function_name: str) -> Path:
        """The file to which the function's output is appended."""
        return self._home / "logs" / f"{function_name}.log"

    def _invoke(self, function: Function, payload: bytes) -> Outcome:
        environment = self._take(function)
        try:
            return environment.invoke(payload)
        finally:
            self._give_back(environment)
            self._log_copier.copy(function, self.log_of(function.name))

    def _limit(self, function: Function) -> Semaphore:
        limit = function.concurrency or DEFAULT_CONCURRENCY
        with self._lock:
            return self._limits.setdefault((function.name, limit), Semaphore(limit))

    def _take(self, function: Function) -> Environment:
        with self._lock:
            outdated = [e for f in self._idle if f.name == function.name and f != function for e in self._idle[f]]
            for environment in outdated:
                self._idle[environment.function].remove(environment)
            idle = self._idle[function]
            while idle and not idle[-1].is_alive:
                self._all.discard(idle.pop())
            warm = idle.pop() if idle else None
        for environment in outdated:
            self._discard(environment)
        return warm or self._start(function)

    def _start(self, function: Function) -> Environment:
        root = unpack(function.code, self._home / "lambdas")
        log = self.log_of(function.name)
        log.parent.mkdir(parents=True, exist_ok=True)
        stream = self._log_copier.begin(function, log)
        access_key = self._sessions.access_key(Session(function.role_arn, function.name))
        given = variables(function, root, stream, self._endpoint_url, self._region, access_key)
        environment = Environment(function, root, given, log)
        with self._lock:
            self._all.add(environment)
            too_late = self._stopped
        if too_late:
            environment.kill()
        return environment

    def _give_back(self, environment: Environment) -> None:
        if environment.is_alive and not self._stopped:
            with self._lock:
                self._idle[environment.function].append(environment)
        else:
            self._discard(environment)

    def _discard(self, environment: Environment) -> None:
        with self._lock:
            self._all.discard(environment)
        environment.kill()
