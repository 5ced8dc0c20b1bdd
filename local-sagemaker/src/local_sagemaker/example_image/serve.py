"""Serves predictions: CSV rows in, one number a line out.

docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
"""

import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from local_sagemaker.example_image.data import InvalidData, parse_like
from local_sagemaker.example_image.model import Model, load

_CSV = "text/csv"


def main() -> int:
    """Serve the model below ML_ROOT or /opt/ml until SIGTERM."""
    model = load(Path(os.environ.get("ML_ROOT", "/opt/ml")) / "model")
    host = "127.0.0.1" if "ML_ROOT" in os.environ else ""  # in a container, requests come from outside
    server = Server((host, int(os.environ.get("SAGEMAKER_BIND_TO_PORT", "8080"))), model)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server.serve_forever()
    return 0


class Server(ThreadingHTTPServer):
    """Answers `GET /ping` and `POST /invocations`."""

    request_queue_size = 128

    def __init__(self, address: tuple[str, int], model: Model) -> None:
        super().__init__(address, _Handler)
        self.model = model


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body in one packet

    def do_GET(self) -> None:
        """Answer the health check."""
        self._answer(*((200, "") if self.path == "/ping" else (404, "use GET /ping or POST /invocations\n")))

    def do_POST(self) -> None:
        """Predict."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = self.headers.get("Content-Type", _CSV).partition(";")[0].strip().lower()
        if self.path != "/invocations":
            self._answer(404, "use GET /ping or POST /invocations\n")
        elif kind != _CSV:
            self._answer(415, f"the content type must be {_CSV}, not {kind}\n")
        else:
            self._answer(*answer(self.server.model, body))

    def log_message(self, *_: Any) -> None:
        """Log no requests: the health checks would fill the log."""

    def _answer(self, status: int, text: str) -> None:
        payload = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", f"{_CSV if status == 200 else 'text/plain'}; charset=utf-8")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)


def answer(model: Model, body: bytes) -> tuple[int, str]:
    """The status and the text for a request's CSV."""
    try:
        predicted = model.predict(parse_like("the request", body.decode("utf-8-sig"), model.features))
    except UnicodeDecodeError:
        return 400, "the request must be in UTF-8\n"
    except InvalidData as invalid:
        return 400, f"{invalid}\n"
    return 200, "".join(f"{value:.8g}\n" for value in predicted)
