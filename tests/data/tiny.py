"""A tiny data set in MNIST's format and a web server for it, for the tests of data."""

import gzip
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

from coursekit.data import formats
from coursekit.data.catalogue import Spec
from coursekit.data.download import RemoteFile, digest
from coursekit.data.sources import Download, Source


def idx(values: np.ndarray) -> bytes:
    """An idx file of bytes."""
    header = bytes([0, 0, 8, values.ndim]) + struct.pack(
        f">{values.ndim}I", *values.shape
    )
    return header + values.astype(np.uint8).tobytes()


ARRAYS = (
    np.arange(12).reshape(3, 2, 2),
    np.array([3, 1, 4]),
    np.arange(100, 108).reshape(2, 2, 2),
    np.array([1, 5]),
)
FILES = dict(zip(formats.IDX_FILES, map(idx, ARRAYS), strict=True))
GZ_FILES = {f"{name}.gz": gzip.compress(data, mtime=0) for name, data in FILES.items()}
CONTENT = np.concatenate([a.reshape(-1) for a in ARRAYS]).astype(np.uint8)


def tiny_download(*mirrors: str) -> Download:
    """The tiny data set behind one or more addresses (each ends with a slash)."""
    files = tuple(
        RemoteFile(
            name, len(data), digest(data, "md5"), tuple(m + name for m in mirrors)
        )
        for name, data in GZ_FILES.items()
    )
    return Download(files, formats.IDX_GZ_FILES, formats.read_idx_gz)


def tiny_spec(*sources: Source) -> Spec:
    """The tiny data set under MNIST's key, so that it has a stand-in."""
    return Spec(
        key="mnist",
        name="Tiny",
        shape=(1, 2, 2),
        train=3,
        test=2,
        classes=tuple("0123456789"),
        digest=digest(CONTENT),
        sources=sources,
    )


@dataclass
class Server:
    """What the server gives, how slowly, and what it was asked for."""

    url: str
    files: dict[str, bytes] = field(default_factory=lambda: dict(GZ_FILES))
    seconds: float = 0.0
    asked: list[str] = field(default_factory=list)


@contextmanager
def serving() -> Iterator[Server]:
    """A web server on this machine with the tiny data set."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.lstrip("/")
            server.asked.append(name)
            if name not in server.files:
                self.send_error(404)
                return
            data = server.files[name]
            self.send_response(200)
            self.end_headers()
            self.wfile.write(data[:10])
            time.sleep(server.seconds)
            self.wfile.write(data[10:])

        def log_message(self, format: str, *args: object) -> None:
            pass

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server = Server(f"http://127.0.0.1:{web.server_port}/")
    threading.Thread(target=web.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        web.shutdown()
        web.server_close()
