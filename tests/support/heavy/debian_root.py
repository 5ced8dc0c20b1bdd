"""Bare Debian roots with this machine's package settings, to try there what a newcomer would type.

A root's files come from debootstrap and are kept as a tar, so that the next test run starts at once. What apt and pip
download in a root is kept too, and linked into the next one.
"""

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit

from tests.support.heavy.cache import CACHE, only_one

ENTER = Path(__file__).with_name("enter-root")
_SETTINGS = re.compile(r"CI|PIP_\w+|\w+_proxy|SSL_CERT_(FILE|DIR)|(REQUESTS|CURL)_CA_BUNDLE", re.IGNORECASE)
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"
_DEFAULT_MIRROR = "http://deb.debian.org/debian"
_DOWNLOADS = (("apt", "var/cache/apt/archives", "*.deb"), ("pip", "root/.cache/pip", "http*/**/*"))
"""Of each program: where a root has what it downloaded, and which files there."""


def mirror() -> str:
    """Where this machine's apt gets Debian from."""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(SITE)"], capture_output=True, text=True, check=False
    )
    debian = [site for site in listed.stdout.split() if urlsplit(site).path.rstrip("/").endswith("debian")]
    return debian[0] if debian else _DEFAULT_MIRROR


def offers(suite: str) -> bool:
    """Whether the mirror has this release. No answer at all is an error."""
    try:
        with urllib.request.urlopen(f"{mirror().rstrip('/')}/dists/{suite}/Release", timeout=60):
            return True
    except HTTPError as error:
        if error.code in (403, 404):
            return False
        raise


def bootstrapped(suite: str) -> Path:
    """A tar of the smallest root of this release; made once, and a second process waits for it."""
    archive = CACHE / f"{suite}.tar"
    with only_one(suite):
        if not archive.exists():
            fresh = CACHE / f"{suite}.root"
            remove(fresh)
            run("debootstrap", "--variant=minbase", suite, str(fresh), mirror())
            run("tar", "-C", str(fresh), "--numeric-owner", "-cf", f"{archive}.new", ".")
            Path(f"{archive}.new").rename(archive)
            remove(fresh)
    return archive


@contextmanager
def bare_root(suite: str) -> Iterator[Path]:
    """A fresh root of its own, with git and this machine's package settings; gone afterwards."""
    root = CACHE / f"{suite}.{os.getpid()}"
    remove(root)
    root.mkdir(parents=True)
    run("tar", "-C", str(root), "--numeric-owner", "-xf", str(bootstrapped(suite)))
    settle(root)
    for program, folder, files in _DOWNLOADS:
        _link(CACHE / "downloads" / program, root / folder, files)
    try:
        enter(root, "apt-get update -q && apt-get install -y -q --no-install-recommends git", timeout_s=300)
        yield root
    finally:
        for program, folder, files in _DOWNLOADS:
            _link(root / folder, CACHE / "downloads" / program, files)
        remove(root)


def settle(root: Path) -> None:
    """Copy in how this machine reaches packages: names, certificates, apt's and pip's settings."""
    for path in ("/etc/resolv.conf", "/etc/hosts", CERTIFICATES, "/etc/pip.conf"):
        _copy(Path(path), root / path[1:])
    # From here Debian's package ca-certificates, once installed, makes the file above anew.
    _copy(Path(CERTIFICATES), root / "usr/local/share/ca-certificates/this-machine.crt")
    _copy(Path.home() / ".config/pip/pip.conf", root / "root/.config/pip/pip.conf")
    _copy(Path.home() / ".netrc", root / "root/.netrc")
    for settings in Path("/etc/apt/apt.conf.d").glob("*"):
        if "Acquire::" in settings.read_text():
            _copy(settings, root / str(settings)[1:])


def enter(root: Path, script: str, *, timeout_s: float) -> str:
    """Run a script as root in there; what it says. It and all it starts end with the call.

    Raises: AssertionError: it failed or took too long; the message ends with what it said last."""
    kept = {name: value for name, value in os.environ.items() if _SETTINGS.fullmatch(name)}
    environment = {**kept, "HOME": "/root", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"}
    environment["DEBIAN_FRONTEND"] = "noninteractive"
    alone = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
    command = [*alone, str(ENTER), str(root), *package_folders(), "--", "sh", "-euc", script]
    said = root / "said.log"
    with said.open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        code: int | None = None
        with suppress(subprocess.TimeoutExpired):
            try:
                code = process.wait(timeout_s)
            finally:  # pytest's own time limit too is an exception in here
                process.kill()
                process.wait()
    text = said.read_text(errors="replace")
    assert code == 0, f"{script!r} ended with {code} (None: stopped) after at most {timeout_s} s:\n{text[-20_000:]}"
    return text


def remove(folder: Path) -> None:
    """Delete a root; never what might be mounted in it."""
    if folder.exists():
        run("rm", "-rf", "--one-file-system", str(folder))


def run(*command: str, env: Mapping[str, str] | None = None) -> None:
    """Run one program. Raises: AssertionError with what it said."""
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout[-3000:]}"


def package_folders() -> list[str]:
    """The folders of this machine that pip's settings name; an index's files may lie beside its pages."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    named = re.findall(r"(?:file://)?(/[^\s'\"]+)", listed.stdout)
    named = [path.rstrip("/").removesuffix("/simple") for path in named]
    return sorted({path for path in named if Path(path).is_dir() and not path.startswith("/etc/")})


def _link(source: Path, target: Path, files: str) -> None:
    """Link what `target` lacks: hard links, so that a download that two roots make at once does no harm."""
    for path in source.glob(files):
        place = target / path.relative_to(source)
        if path.is_file() and not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileExistsError):
                os.link(path, place)


def _copy(source: Path, target: Path) -> None:
    if source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        shutil.copyfile(source, target)
