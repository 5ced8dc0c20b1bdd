"""Sends the records of a transform job's objects to its container, and uploads the results to S3.

Objects are read and their results written in order; in between, up to `concurrent` payloads are in flight. All uploads
come last, so that a stopped job stores nothing; an object with a failed payload is not stored.
"""

import gzip
import threading
import zlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from botocore.exceptions import ClientError

from local_sagemaker.sagemaker.hosting.serving.conversation import NoResponse, Response
from local_sagemaker.sagemaker.hosting.serving.server import Server
from local_sagemaker.sagemaker.hosting.transforms.data_processing import NotJoined, data_processing
from local_sagemaker.sagemaker.hosting.transforms.execution_parameters import ExecutionParameters
from local_sagemaker.sagemaker.hosting.transforms.payloads import PayloadTooLarge, as_body, assembled, payloads
from local_sagemaker.sagemaker.hosting.transforms.transform_inputs import InputObject

INVOCATION_TIMEOUT_S, MAX_RETRIES = 600, 3
_RETRY_AFTER_S = 0.5


class TransformFault(Exception):
    """An object could not be transformed. `kind` is ClientError if the data are at fault, else AlgorithmError."""

    def __init__(self, kind: str, message: str):
        super().__init__(message)
        self.kind = kind


@dataclass(frozen=True)
class _Result:
    """The result of one payload of the object with that number."""

    number: int
    future: "Future[bytes]"


class Batch:
    """One run of a transform job. `request` is CreateTransformJob's."""

    def __init__(
        self,
        s3: Any,
        server: Server,
        request: Mapping[str, Any],
        parameters: ExecutionParameters,
        stop: threading.Event,
    ):
        self._s3 = s3
        self._server = server
        self._parameters = parameters
        self._stop = stop
        given, stored = request["TransformInput"], request["TransformOutput"]
        self._split = given.get("SplitType", "None")
        self._is_gzip = given.get("CompressionType", "None") == "Gzip"
        self._assemble_with = stored.get("AssembleWith", "None")
        self._output_path = stored["S3OutputPath"]
        named = {"Content-Type": given.get("ContentType"), "Accept": stored.get("Accept")}
        self._headers = {name: value for name, value in named.items() if value}
        client = request.get("ModelClientConfig", {})
        self._timeout_s = client.get("InvocationsTimeoutInSeconds", INVOCATION_TIMEOUT_S)
        self._retries = client.get("InvocationsMaxRetries", MAX_RETRIES)
        self._processing = data_processing(request)
        self._folder = server.container.folder
        self._faults: dict[int, TransformFault] = {}

    def run(self, inputs: Sequence[InputObject]) -> None:
        """Transform all inputs; a stopped batch stores nothing. Raises: TransformFault: the first object's fault."""
        self._server.container.note(str(self._parameters))
        outputs = [self._folder / "output" / str(number) for number in range(len(inputs))]
        outputs[0].parent.mkdir(exist_ok=True)
        for output in outputs:
            output.touch()
        for result in self._results(inputs):
            self._write(result, inputs[result.number], outputs[result.number])
        if self._stop.is_set():
            return
        for number, one in enumerate(inputs):
            if number not in self._faults:
                self._s3.upload_file(str(outputs[number]), *one.output(self._output_path))
        if self._faults:
            raise self._faults[min(self._faults)]

    def _results(self, inputs: Sequence[InputObject]) -> Iterator[_Result]:
        """The results in the order of the payloads, of which a few are computed ahead."""
        width = self._parameters.concurrent
        waiting: deque[_Result] = deque()
        with ThreadPoolExecutor(width, thread_name_prefix="transform") as pool:
            for number, one in enumerate(inputs):
                for records in self._payloads(number, one):
                    waiting.append(_Result(number, pool.submit(self._transformed, records)))
                    if len(waiting) >= 2 * width:
                        yield waiting.popleft()
            while waiting:
                yield waiting.popleft()

    def _payloads(self, number: int, one: InputObject) -> Iterator[list[bytes]]:
        """The payloads of an object, up to its first fault."""
        try:
            with self._opened(one) as file:
                for records in payloads(file, self._split, self._parameters.strategy, self._parameters.max_bytes):
                    if self._stop.is_set() or number in self._faults:
                        return
                    yield records
        except (PayloadTooLarge, ClientError, gzip.BadGzipFile, zlib.error, EOFError) as e:
            self._blame(number, one, TransformFault("ClientError", str(e)))

    def _opened(self, one: InputObject) -> BinaryIO:
        local = self._folder / "input"
        self._s3.download_file(one.bucket, one.key, str(local))
        return gzip.open(local) if self._is_gzip else local.open("rb")  # type: ignore[return-value]

    def _transformed(self, records: list[bytes]) -> bytes:
        """Raises: TransformFault."""
        try:
            given = [self._processing.given(record) for record in records]
            result = self._invoke(as_body(given, self._split))
            return assembled(self._processing.stored(records, result), self._assemble_with)
        except NotJoined as e:
            raise TransformFault("ClientError", str(e)) from e

    def _invoke(self, body: bytes) -> bytes:
        """Invoke the container. Retry if it fails or does not respond, not if it rejects the data.

        Raises: TransformFault."""
        fault = TransformFault("AlgorithmError", "The job was stopped")
        for attempt in range(1 + self._retries):
            if self._stop.wait(_RETRY_AFTER_S if attempt else 0):
                break
            try:
                reply = self._server.ask("POST", "/invocations", body, self._headers, self._timeout_s)
            except NoResponse as e:
                fault = TransformFault("AlgorithmError", str(e))
                continue
            if reply.is_success:
                return reply.body
            fault = _fault_of(reply)
            if fault.kind == "ClientError":
                break
        raise fault

    def _write(self, result: _Result, one: InputObject, output: Path) -> None:
        try:
            body = result.future.result()
        except TransformFault as e:
            self._blame(result.number, one, e)
            return
        with output.open("ab") as file:
            file.write(body)

    def _blame(self, number: int, one: InputObject, fault: TransformFault) -> None:
        """Record an object's first fault, and log it in SageMaker's format."""
        if number not in self._faults and not self._stop.is_set():
            self._faults[number] = fault
            self._server.container.note(f"{one.bucket}/{one.key}: {fault.kind}: {fault}")


def _fault_of(reply: Response) -> TransformFault:
    kind = "ClientError" if 400 <= reply.status < 500 else "AlgorithmError"
    return TransformFault(kind, f"{reply.status}, Message: {reply.body.decode(errors='replace')}")
