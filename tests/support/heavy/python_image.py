"""A local AWS with an image in Python, for clients whose subject is not the algorithm: it trains in milliseconds.

It trains for `epochs` epochs and prints a loss, x² + 1 / epoch, for each. From the third epoch on, and if x is greater
than 4, it waits a minute between two epochs, so that only a job that is stopped ends soon. It serves lines of numbers
and answers each with its sum plus x; a word is an error.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from local_sagemaker import LocalSageMaker
from local_sagemaker.values import ACCOUNT
from tests.support.heavy.alone import Alone
from tests.support.heavy.clients import surroundings

TRAINS = f"""#!{sys.executable} -IS
import json, os, time
ml = os.environ["ML_ROOT"]
given = json.load(open(ml + "/input/config/hyperparameters.json"))
x, epochs = float(given["x"]), int(given.get("epochs", "1"))
for epoch in range(1, epochs + 1):
    print(f"epoch: {{epoch}}; loss: {{x ** 2 + 1 / epoch}}", flush=True)
    if epoch < epochs and (epoch >= 3 or x > 4):
        time.sleep(60)
open(ml + "/model/x.txt", "w").write(str(x))
"""
SERVES = f"""#!{sys.executable} -IS
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
x = float(open(os.environ["ML_ROOT"] + "/model/x.txt").read())
class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        self.answer(200 if self.path == "/ping" else 404, "")
    def do_POST(self):
        lines = self.rfile.read(int(self.headers["Content-Length"])).decode().splitlines()
        print("asked for", len(lines), "lines in", os.environ.get("UNIT", "no unit"), flush=True)
        try:
            sums = [sum(map(float, line.split(","))) + x for line in lines]
        except ValueError as error:
            return self.answer(400, str(error))
        self.answer(200, "\\n".join(map(str, sums)))
    def answer(self, status, text):
        self.send_response(status)
        self.send_header("Content-Type", "text/csv")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())
    def log_message(self, *_):
        pass
ThreadingHTTPServer(("0.0.0.0", int(os.environ["SAGEMAKER_BIND_TO_PORT"])), Handler).serve_forever()
"""


@contextmanager
def python_image(folder: Path, programs: Mapping[str, str]) -> Iterator[tuple[Alone, dict[str, str]]]:
    """A local AWS whose image `objective` has these programs, and the image's URI and a role for it."""
    image = folder / "objective"
    image.mkdir()
    for name, source in programs.items():
        (image / name).write_text(source)
        (image / name).chmod(0o755)
    with LocalSageMaker(folder / "home", images={"objective": image}) as aws:
        given = {
            "image": f"{ACCOUNT}.dkr.ecr.{aws.region}.amazonaws.com/objective:latest",
            "role": f"arn:aws:iam::{ACCOUNT}:role/training",
        }
        yield Alone({"endpoint_url": aws.endpoint_url, "region": aws.region}, environment(folder / "user", aws)), given


def environment(home: Path, aws: LocalSageMaker) -> dict[str, str]:
    """A client's variables."""
    return {
        **surroundings(home),
        "AWS_ENDPOINT_URL": aws.endpoint_url,
        "AWS_DEFAULT_REGION": aws.region,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
