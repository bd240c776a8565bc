"""On a Dask cluster a night is the same as on one machine, whoever of the cluster dies meanwhile."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, closing, contextmanager

import nights
import pytest

from voicecare.assembly import Choices
from voicecare.commands.cli import run
from voicecare.config import Config
from voicecare.errors import InputError
from voicecare.qa.batch.cluster import Cluster
from voicecare.qa.batch.finding import Search, find
from voicecare.qa.batch.hearing import Setup
from voicecare.qa.batch.identity import models
from voicecare.qa.batch.night import Night
from voicecare.qa.store.store import Store

SCHEDULER = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--no-dashboard", "--port"]
WORKER = [sys.executable, "-m", "distributed.cli.dask_worker", "--nthreads", "1", "--no-dashboard", "--no-nanny"]


def free_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def process(command):
    started = subprocess.Popen(
        list(map(str, command)),
        cwd=nights.ROOT,
        env=nights.ENVIRONMENT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield started
    finally:
        started.kill()
        started.wait()


@pytest.fixture
def cluster():
    """A scheduler and two workers, each a process of its own; more can be started."""
    pytest.importorskip("distributed")
    port = free_port()
    with ExitStack() as stack:

        def start(*command):
            return stack.enter_context(process(command))

        yield Started(port, start)


class Started:
    def __init__(self, port, start):
        self._port, self._start = port, start
        self.address = f"tcp://127.0.0.1:{port}"
        self.begin()

    def begin(self):
        self.scheduler = self._start(*SCHEDULER, self._port)
        self.workers = [self.worker() for _ in range(2)]

    def worker(self):
        return self._start(*WORKER, self.address)


def night_on(cluster, place, folder, disturb, wait_s=240):
    """A night on the cluster; `disturb` is called with how many calls are done, after each."""
    found, _ = find([str(folder)], Search())
    with Store.open(str(place)) as store:
        night = Night(store, Setup(Config(), Choices(words=False)), agent_channel="right", raw=None, retry=False)
        work = night.queue(found, lambda _: None)
        until_s = time.monotonic() + wait_s

        def told():
            assert time.monotonic() < until_s, f"{night.tally.done} done"
            disturb(night.tally.done)

        night.hear(work, Cluster(cluster.address, nights.hear, patience_s=60), told)
    return night.tally


@pytest.mark.soak
def test_a_worker_and_the_scheduler_die_and_every_call_is_heard_as_on_one_machine(tmp_path, cluster):
    folder = nights.calls(tmp_path / "calls", 24)
    assert nights.whole(folder, "--store", tmp_path / "right.db", "--no-words", wait_s=240)[0] == 0
    killed = []

    def disturb(done):
        if done >= 4 and "worker" not in killed:
            killed.append("worker")
            cluster.workers[0].send_signal(signal.SIGKILL)
        if done >= 10 and "scheduler" not in killed:
            killed.append("scheduler")
            for one in (cluster.scheduler, cluster.workers[1]):  # a worker without its scheduler ends by itself
                one.send_signal(signal.SIGKILL)
                one.wait()
            cluster.begin()

    tally = night_on(cluster, tmp_path / "calls.db", folder, disturb)
    assert killed == ["worker", "scheduler"]
    assert (tally.done, tally.failed) == (24, [])
    sessions, results = nights.kept(tmp_path / "calls.db")
    assert sessions == nights.kept(tmp_path / "right.db")[0]
    assert set(map(tuple, results.values())) == {("done",)}


@pytest.mark.soak
def test_a_file_that_kills_its_worker_fails_alone_on_a_cluster_too(tmp_path, cluster):
    folder = nights.calls(tmp_path / "calls", 6)
    (folder / "call002.wav").rename(folder / "poison.wav")

    def disturb(_):
        for place, worker in enumerate(cluster.workers):
            if worker.poll() is not None:
                cluster.workers[place] = cluster.worker()  # as a nanny or a supervisor does

    tally = night_on(cluster, tmp_path / "calls.db", folder, disturb)
    assert tally.done == 5
    assert [(one.call, "died, 2 times" in one.reason) for one in tally.failed] == [("poison", True)]


@pytest.mark.soak
def test_the_command_hears_on_a_cluster_whose_workers_have_the_same_models(tmp_path, cluster, capsys):
    folder = nights.calls(tmp_path / "calls", 3)
    place = str(tmp_path / "calls.db")
    begun = [run(["batch", str(folder), "--store", place, "--no-words", "--scheduler", cluster.address])]
    assert begun == [0], capsys.readouterr()
    with pytest.raises(InputError, match=r"has other models \(voicecare\)"):
        Cluster(cluster.address).check(Choices(words=False), {**models(Choices(words=False)), "voicecare": "0.0.1"})


def test_no_scheduler_is_said_in_one_line(tmp_path, capsys, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("voicecare.qa.batch.cluster.CONNECT_S", 0.5)
    folder = nights.calls(tmp_path / "calls", 1)
    address = f"tcp://127.0.0.1:{free_port()}"
    place = str(tmp_path / "calls.db")
    assert run(["batch", str(folder), "--store", place, "--no-words", "--scheduler", address]) == 2
    assert f"there is no scheduler at {address}" in capsys.readouterr().err
    assert run(["batch", str(folder), "--store", place, "--no-words", "--scheduler", "nonsense"]) == 2
