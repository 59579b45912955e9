import gzip
import hashlib
import http.server
import socket
import struct
import threading

import numpy as np
import pytest

from course_utils.data import handwriting
from course_utils.data.downloads import RemoteFile


def idx_gz(array):
    """Pack an array of bytes as a gzipped IDX file."""
    header = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return gzip.compress(header + array.tobytes(), mtime=0)


def described(name, content):
    """Describe a gzipped file with its true checksums."""
    checksums = [hashlib.md5(data).hexdigest() for data in (content, gzip.decompress(content))]
    return RemoteFile(name, md5=checksums[0], unpacked_md5=checksums[1])


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    """Give each test an empty cache of its own, and no COURSE_DATA."""
    monkeypatch.delenv("COURSE_DATA", raising=False)
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "*")
    return tmp_path / "cache" / "mnist"


@pytest.fixture
def no_network(monkeypatch):
    """Make every attempt to reach a network fail."""

    def refuse(*arguments, **options):
        raise OSError("the network is cut off")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture
def contents(monkeypatch):
    """Put four small files in the place of MNIST's, and return their contents by name."""
    rng = np.random.default_rng(0)
    contents, files = {}, {}
    for split, prefix, count in (("train", "train", 5), ("test", "t10k", 3)):
        names = f"{prefix}-images-idx3-ubyte.gz", f"{prefix}-labels-idx1-ubyte.gz"
        images = rng.integers(0, 256, (count, 4, 3), dtype=np.uint8)
        contents[names[0]] = idx_gz(images)
        contents[names[1]] = idx_gz(np.arange(count, dtype=np.uint8))
        files[split] = tuple(described(name, contents[name]) for name in names)
    monkeypatch.setattr(handwriting, "FILES", files)
    return contents


@pytest.fixture
def filled_cache(own_cache, contents):
    """Put the four small files into the cache."""
    own_cache.mkdir(parents=True)
    for name, content in contents.items():
        (own_cache / name).write_bytes(content)
    return own_cache


class Mirror(http.server.ThreadingHTTPServer):
    """A web server on this machine: a path answers with bytes, a status, or what a function writes."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = {}
        self.asked = []

    def url(self, folder):
        return f"http://127.0.0.1:{self.server_port}/{folder}/"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        answer = self.server.answers.get(self.path, 404)
        if callable(answer):
            answer(self)
        elif isinstance(answer, int):
            self.send_error(answer)
        else:
            self.send(answer, len(answer))

    def send(self, content, length):
        self.send_response(200)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server():
    """Run a web server on the loopback interface."""
    try:
        mirror = Mirror()
        socket.create_connection(mirror.server_address, timeout=5).close()
    except OSError as error:
        pytest.skip(f"no loopback interface: {error}")
    thread = threading.Thread(target=mirror.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield mirror
    mirror.shutdown()
    mirror.server_close()


@pytest.fixture
def mirrors(server, contents, monkeypatch):
    """Serve the four small files from two mirrors, and make them the course's."""
    for folder in ("first", "second"):
        server.answers |= {f"/{folder}/{name}": content for name, content in contents.items()}
    monkeypatch.setattr(handwriting, "MIRRORS", (server.url("first"), server.url("second")))
    return server
