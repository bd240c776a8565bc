"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # tests import onnxruntime by themselves, too
EVERYTHING = os.environ.get("VOICECARE_ALL") == "1"


def absent(what: str) -> None:
    """Skip with the reason, or fail where everything must run."""
    if EVERYTHING:
        pytest.fail(f"VOICECARE_ALL=1, but {what}")
    pytest.skip(what)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The recordings and labels kept beside the project."""
    folder = Path(os.environ.get("VOICECARE_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
    if not folder.is_dir():
        absent(f"there are no recordings at {folder}; set VOICECARE_DATA")
    return folder


@pytest.fixture(autouse=True, scope="session")
def runtime_folder():
    """Folders of these tests' own: what runs here is steered by nobody else, and no agent's diary is opened."""
    own = {name: os.environ.get(name) for name in ("XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME")}
    with tempfile.TemporaryDirectory(prefix="vc-") as folder:
        os.environ |= dict(zip(own, (folder, f"{folder}/data", f"{folder}/config"), strict=True))
        yield Path(folder)
        for name, before in own.items():
            if before is None:
                del os.environ[name]
            else:
                os.environ[name] = before


@pytest.fixture(scope="session")
def postgresql():
    """The address of a PostgreSQL server of the tests' own, and the folder of its files."""
    import database

    missing = database.missing()
    if missing is not None:
        absent(missing)
    with database.server() as started:
        yield started


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.database)])
def store_url(request, tmp_path):
    """The address of a store that is not there yet, in either database."""
    if request.param == "sqlite":
        return str(tmp_path / "calls.db")
    import database

    address, _ = request.getfixturevalue("postgresql")
    return database.another(address)


@pytest.fixture
def store(store_url):
    """A new store in either database."""
    from voicecare.qa.store.store import Store

    with Store.open(store_url) as opened:
        yield opened


def pytest_collection_modifyitems(config, items):
    """Leave out what takes minutes, unless everything must run or it is asked for by `-m soak`."""
    if EVERYTHING or "soak" in config.option.markexpr:
        return
    for item in items:
        if item.get_closest_marker("soak") is not None:
            item.add_marker(pytest.mark.skip("takes minutes; VOICECARE_ALL=1 or -m soak runs it"))
