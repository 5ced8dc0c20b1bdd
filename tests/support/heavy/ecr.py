"""ECR with both its doors: Debian's docker-registry under ECR's own host name, and the ECR API of a local AWS.

Docker's daemon here is Podman's service, in which that name leads to a loopback address and the registry's
certificate is trusted: docker, buildspec.yml and its scripts notice nothing. The one seam is `aws`: before it asks
the API for images, what was pushed to the registry is put there, for moto's ECR has no registry.
"""

import base64
import http.client
import json
import os
import secrets
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3

from tests.support.container.process import eventually
from tests.support.heavy.cache import ROOT
from tests.support.heavy.debian_root import CERTIFICATES

HOST = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
TOKEN = "123456789012-auth-token"
AWS = """#!/bin/sh
# The AWS CLI, after the API has heard of what was pushed.
case "$1 $2" in
  "ecr describe-images") PYTHONPATH={root} {python} {this} {address} {certificate} || exit ;;
esac
exec {aws} "$@"
"""
REGISTRY = """
version: 0.1
storage: {{filesystem: {{rootdirectory: {folder}/registry}}}}
http: {{addr: "{address}:443", tls: {{certificate: {folder}/crt.pem, key: {folder}/key.pem}}}}
auth: {{htpasswd: {{realm: ecr, path: {folder}/htpasswd}}}}
"""


@dataclass(frozen=True)
class Registry:
    """What the registry holds, asked as any client may."""

    address: str
    certificate: Path

    def tags(self, repository: str) -> set[str]:
        status, _, body = self._get(f"/v2/{repository}/tags/list")
        return set(json.loads(body)["tags"] or ()) if status == 200 else set()

    def manifest(self, repository: str, tag: str) -> dict[str, str]:
        """PutImage's arguments for it. Every kind of manifest is accepted: what was pushed is what comes."""
        status, headers, body = self._get(f"/v2/{repository}/manifests/{tag}")
        assert status == 200, body
        what = {"imageManifest": body, "imageManifestMediaType": headers["Content-Type"]}
        return {**what, "imageDigest": headers["Docker-Content-Digest"], "imageTag": tag}

    def _get(self, path: str) -> tuple[int, http.client.HTTPMessage, str]:
        kinds = "docker.distribution.manifest.v2", "docker.distribution.manifest.list.v2", "oci.image.manifest.v1"
        accept = ", ".join(f"application/vnd.{kind}+json" for kind in (*kinds, "oci.image.index.v1"))
        known = base64.b64encode(f"AWS:{TOKEN}".encode()).decode()
        context = ssl.create_default_context(cafile=str(self.certificate))
        connection = http.client.HTTPSConnection(self.address, context=context, timeout=30)
        connection.request("GET", path, headers={"Accept": accept, "Authorization": f"Basic {known}"})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()


def tell_the_api(registry: Registry) -> None:
    """Put every image of the registry that the API does not know yet."""
    api = boto3.client("ecr")
    for repository in api.describe_repositories()["repositories"]:
        name = repository["repositoryName"]
        images = api.describe_images(repositoryName=name)["imageDetails"]
        known = {tag for image in images for tag in image.get("imageTags", ())}
        for tag in sorted(registry.tags(name) - known):
            api.put_image(repositoryName=name, **registry.manifest(name, tag))


@dataclass(frozen=True)
class Ecr:
    """`environment` is a build's: docker, aws and the local AWS's variables."""

    registry: Registry
    environment: Mapping[str, str]

    def docker(self, *words: str | Path) -> str:
        """stdout. Raises: AssertionError: it failed."""
        done = subprocess.run(["docker", *words], env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"docker {words}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        return done.stdout


@contextmanager
def an_ecr(folder: Path, podman: Mapping[str, str], account: Mapping[str, str], aws: Path) -> Iterator[Ecr]:
    """`podman` is the environment that leads to its store, `account` the one that leads to a local AWS."""
    address = f"127.{secrets.randbelow(200) + 20}.{secrets.randbelow(250) + 1}.1"
    registry = Registry(address, folder / "crt.pem")
    _certificate(folder, address)
    _password(folder)
    (folder / "registry.yml").write_text(REGISTRY.format(folder=folder, address=address))
    programs = folder / "programs"
    programs.mkdir()
    this = {"this": __file__, "root": ROOT, "python": sys.executable}
    (programs / "aws").write_text(AWS.format(**this, address=address, certificate=registry.certificate, aws=aws))
    (programs / "aws").chmod(0o755)
    (programs / "docker").symlink_to(_docker())
    inherited = {name: value for name, value in account.items() if name not in ("DOCKER_CONFIG", "ENGINE")}
    path = f"{programs}:{account['PATH']}"
    environment = {**inherited, "PATH": path, "DOCKER_HOST": f"unix://{folder}/docker.sock", "HOME": str(folder)}
    with _running(folder, "docker-registry", "serve", str(folder / "registry.yml")), _docker_daemon(folder, podman):
        eventually(lambda: _listens(socket.AF_INET, (address, 443)))
        eventually(lambda: _listens(socket.AF_UNIX, str(folder / "docker.sock")))
        yield Ecr(registry, environment)


@contextmanager
def _docker_daemon(folder: Path, podman: Mapping[str, str]) -> Iterator[None]:
    """Podman's service, which speaks Docker's language, with names of its own in a mount namespace of its own."""
    roots = Path(CERTIFICATES).read_text() + (folder / "crt.pem").read_text()
    (folder / "roots.pem").write_text(roots)
    address = (folder / "address").read_text()
    (folder / "hosts").write_text(f"{Path('/etc/hosts').read_text()}\n{address} {HOST}\n")
    names = f"mount --bind {folder}/hosts /etc/hosts"
    serve = f"exec podman system service --time 0 unix://{folder}/docker.sock"
    trusting = {**podman, "SSL_CERT_FILE": str(folder / "roots.pem")}
    with _running(folder, "unshare", "--mount", "sh", "-ec", f"{names}; {serve}", env=trusting):
        yield


@contextmanager
def _running(folder: Path, *command: str, env: Mapping[str, str] | None = None) -> Iterator[None]:
    with (folder / f"{command[0]}.log").open("w") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(120)


def _docker() -> str:
    """Where it is; not the one that Podman's tests put on PATH to be without.

    Debian's comes first, which is of Podman's age: Docker 28 does not notice that a container of Podman 4.3 ended."""
    found = shutil.which("docker", path=f"/usr/bin{os.pathsep}{os.environ['PATH']}")
    assert found, "there is no docker command: apt-get install docker-cli, or docker.io where there is none"
    return found


def _certificate(folder: Path, address: str) -> None:
    (folder / "address").write_text(address)
    how = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=ecr", "-addext", f"subjectAltName=DNS:{HOST},IP:{address}"]
    files = ["-keyout", folder / "key.pem", "-out", folder / "crt.pem"]
    subprocess.run(["openssl", "req", *how, *names, *files], check=True, capture_output=True)


def _password(folder: Path) -> None:
    """The registry wants bcrypt, which Python 3.13 has no more; Perl is part of every Debian."""
    script = 'print "AWS:", crypt($ARGV[0], q($2y$05$) . "a" x 22), "\\n"'
    hashed = subprocess.run(["perl", "-e", script, TOKEN], check=True, capture_output=True, text=True).stdout
    (folder / "htpasswd").write_text(hashed)


def _listens(family: socket.AddressFamily, address: tuple[str, int] | str) -> bool:
    with socket.socket(family) as client:
        return client.connect_ex(address) == 0


if __name__ == "__main__":
    tell_the_api(Registry(sys.argv[1], Path(sys.argv[2])))
