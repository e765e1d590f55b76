from __future__ import annotations

import http.server
import threading
from functools import partial
from pathlib import Path

import pytest
from tiny_corpus import TinyCorpus

from replications import paths
from replications.corpora.store import download


@pytest.fixture
def tiny(tmp_path, monkeypatch) -> TinyCorpus:
    corpus = TinyCorpus(tmp_path)
    monkeypatch.setattr(paths, "REGISTRY", corpus.registry)
    monkeypatch.setenv("REPLICATIONS_CACHE", str(corpus.cache))
    monkeypatch.setenv("REPLICATIONS_MIRROR", str(corpus.mirror))
    return corpus


@pytest.fixture
def own_cache(tmp_path, monkeypatch) -> Path:
    """The real registry with an empty cache and no mirror."""
    monkeypatch.setenv("REPLICATIONS_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("REPLICATIONS_MIRROR", raising=False)
    return tmp_path / "cache"


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Public addresses lead nowhere: port 9 of this machine takes no connections."""
    monkeypatch.setattr(download, "PUBLIC_RAW_FILES", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


class _QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *parts) -> None:
        pass


@pytest.fixture
def served():
    """Serve a folder on this machine; returns a function from folder to address."""
    servers = []

    def serve(folder: Path) -> str:
        handler = partial(_QuietHandler, directory=str(folder))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()
