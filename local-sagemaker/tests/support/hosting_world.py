"""A SageMaker whose images serve: programs that the tests write, behind the runtime service's own HTTP door."""

import io
import os
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local_sagemaker.clients import client
from local_sagemaker.http_server import HttpServer, listen
from local_sagemaker.runtime_gateway import RuntimeGateway
from local_sagemaker.values import HOST
from support.account import eventually, unique
from support.sagemaker_world import REGION, ROLE, World

_FIRST = f"#!{sys.executable} -IS\nimport json, os, signal, sys, time\n"
SERVES = """
ml = os.environ["ML_ROOT"]
def say(text):
    print(text, flush=True)
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
def invoke(request, body):
    return 200, body.upper()
def get(path):
    return (200, b"") if path == "/ping" else (404, b"")
class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *_):
        pass
    def answer(self, status, body, headers=()):
        self.send_response(status)
        for name, value in {"Content-Type": "text/plain", **dict(headers)}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def do_GET(self):
        self.answer(*get(self.path))
    def do_POST(self):
        self.answer(*invoke(self, self.rfile.read(int(self.headers["Content-Length"]))))
def serve():
    ThreadingHTTPServer(("0.0.0.0", int(os.environ["SAGEMAKER_BIND_TO_PORT"])), Handler).serve_forever()
"""
ECHOES = ""
"""Answers an invocation with its body in capitals."""
VARIANT: dict[str, Any] = {"InstanceType": "ml.m5.large", "InitialInstanceCount": 1}


class HostingWorld(World):
    """`runtime` is a boto3 client of the runtime service."""

    def __init__(self, s3: Any, path: Path, runtime_url: list[str], **settings: Any):
        super().__init__(s3, path, **settings)
        self.path = path
        self.runtime = client("sagemaker-runtime", runtime_url[0], REGION)

    def serving_image(self, changes: str = ECHOES) -> str:
        """An image whose program serves; `changes` may define `invoke(request, body)` and `get(path)` anew."""
        return self.image(changes + "\nserve()", _FIRST + SERVES)

    def artifact(self, **files: str) -> str:
        """The URI of a model.tar.gz with these files."""
        key = f"{unique('model')}.tar.gz"
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=packed(files))
        return f"s3://{self.bucket}/{key}"

    def model(self, changes: str = ECHOES, **container: Any) -> str:
        """A model's name. Its container's image serves as `changes` say."""
        name = unique("model")
        whole = {"Image": self.serving_image(changes), **container}
        self.call("CreateModel", ModelName=name, PrimaryContainer=whole, ExecutionRoleArn=ROLE)
        return name

    def config(self, *variants: dict[str, Any], **more: Any) -> str:
        """An endpoint config's name; what a variant leaves open is filled in."""
        name = unique("config")
        whole = [{"VariantName": "AllTraffic", **VARIANT, **variant} for variant in variants]
        self.call("CreateEndpointConfig", EndpointConfigName=name, ProductionVariants=whole, **more)
        return name

    def endpoint(self, config: str, name: str | None = None) -> str:
        """An endpoint's name, which is being created."""
        name = name or unique("endpoint")
        self.call("CreateEndpoint", EndpointName=name, EndpointConfigName=config)
        return name

    def deployed(self, changes: str = ECHOES, **container: Any) -> str:
        """The name of an endpoint in service."""
        endpoint = self.endpoint(self.config({"ModelName": self.model(changes, **container)}))
        self.in_state(endpoint, "InService")
        return endpoint

    def in_state(self, endpoint: str, status: str) -> Any:
        """DescribeEndpoint's answer once the endpoint has that status, and no other final one before."""
        final = {"InService", "Failed"} - {status}

        def look() -> Any:
            described = self.call("DescribeEndpoint", EndpointName=endpoint)
            assert described["EndpointStatus"] not in final, described
            return described if described["EndpointStatus"] == status else None

        return eventually(look, timeout_s=120)

    def invoke(self, endpoint: str, body: bytes | str = "x", **request: Any) -> str:
        """The body of the runtime's answer."""
        return str(self.runtime.invoke_endpoint(EndpointName=endpoint, Body=body, **request)["Body"].read().decode())

    def states(self, endpoint: str) -> list[str]:
        """The states that the events told of."""
        return [detail["EndpointStatus"] for detail in self.told(endpoint)]

    def log_of(self, endpoint: str, variant: str = "AllTraffic", number: int = 1) -> str:
        return (self.home / "endpoints" / endpoint / variant / str(number) / "log.txt").read_text()

    def transformed(self, **request: Any) -> Any:
        """DescribeTransformJob's answer once the job has ended."""
        name = self.transform(**request)
        return self.transform_ended(name)

    def transform(self, **request: Any) -> str:
        """Starts a transform job of what lies under `in/`; its name. `None` leaves a member out."""
        name = unique("transform")
        source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{self.bucket}/in/"}}
        whole = {
            "TransformInput": {"DataSource": source, "ContentType": "text/csv", "SplitType": "Line"},
            "TransformOutput": {"S3OutputPath": f"s3://{self.bucket}/out", "AssembleWith": "Line"},
            "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
            **request,
        }
        self.call("CreateTransformJob", TransformJobName=name, **whole)
        return name

    def transform_ended(self, name: str) -> Any:
        def look() -> Any:
            described = self.call("DescribeTransformJob", TransformJobName=name)
            return described if described["TransformJobStatus"] in ("Completed", "Failed", "Stopped") else None

        return eventually(look, timeout_s=120)

    def outputs(self) -> dict[str, str]:
        """What lies under `out/`: path → text."""
        found = self.s3.list_objects_v2(Bucket=self.bucket, Prefix="out/").get("Contents", [])
        keys = [one["Key"] for one in found]
        texts = [self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read().decode() for key in keys]
        return dict(zip((key.removeprefix("out/") for key in keys), texts, strict=True))


@contextmanager
def a_hosting_world(s3: Any, path: Path, **settings: Any) -> Iterator[HostingWorld]:
    """A world that ends with nothing left running."""
    listener = listen(0)
    url = [f"http://{HOST}:{listener.getsockname()[1]}"]
    world = HostingWorld(s3, path, url, **{"grace_s": 0.5, **settings})
    server = HttpServer(listener, RuntimeGateway(_nobody, world.sagemaker.invoke))
    try:
        yield world
    finally:
        world.sagemaker.stop()
        server.stop()
    assert left_running(path) == []


def write_serving_program(folder: Path, changes: str = ECHOES) -> None:
    """A folder that stands for an image which serves."""
    folder.mkdir(parents=True)
    program = folder / "entrypoint"
    program.write_text(f"{_FIRST}{SERVES}{changes}\nserve()\n")
    program.chmod(0o755)


def left_running(path: Path) -> list[str]:
    """The command lines of processes that work in that folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink().is_relative_to(path):
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue  # it has ended, or is another user's
    return found


def packed(files: dict[str, str]) -> bytes:
    """A .tar.gz."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            tar.addfile(member, io.BytesIO(text.encode()))
    return buffer.getvalue()


def _nobody(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("404 Not Found", [])
    return [os.fsencode(environ["PATH_INFO"])]
