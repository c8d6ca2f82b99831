"""A build on a cluster of Dask: real workers in processes of their own, and what becomes of it when something is amiss."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from distributed import Client, LocalCluster

from roundtable import cluster, workers
from roundtable.cluster import Code, Unfit, crew
from roundtable.diagnostics import Stopped
from roundtable.publishing import Edition

from .conftest import Site

TALKS = "".join(
    f"-- content/t{i}.md --\n---\ndate: 2026-01-{i % 28 + 1:02}\n---\n## Part\n\n**Ann {i % 7}:** words *{i}*\n\n**Bo:** [b](t0.md)\n\n"
    for i in range(24)
)
FILES = [".roundtable", "content", "public", "site.toml"]


@contextmanager
def running(count: int) -> Iterator[LocalCluster]:
    """A cluster on this machine."""
    with LocalCluster(
        processes=True, n_workers=count, threads_per_worker=1, dashboard_address=":0", silence_logs=logging.CRITICAL
    ) as found:
        yield found


@pytest.fixture(scope="module")
def two() -> Iterator[LocalCluster]:
    """A cluster of two workers, which all tests may use, one after the other."""
    with running(2) as found:
        yield found


@pytest.fixture(autouse=True)
def many_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """So small that a few files are many of them."""
    monkeypatch.setattr(workers, "MOST", 3)


def on(found: LocalCluster) -> list[str]:
    """The arguments that build there."""
    return ["--executor", "dask", "--scheduler", found.scheduler_address]


def built_here(site: Site) -> dict[str, bytes]:
    """The files of a local build, of which nothing is left."""
    assert site.write(TALKS).build("--jobs", "1") == 0
    tree = site.tree()
    shutil.rmtree(site.root / "public")
    shutil.rmtree(site.root / ".roundtable")
    return tree


def in_mid_build(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]) -> list[int]:
    """Something done once, when the first pages are made and others are not; grows by one for each page taken."""
    keep, taken = Edition.keep, []

    def acts(self: Edition, row: Any) -> None:
        keep(self, row)
        taken.append(len(taken))
        if len(taken) == 1:
            act()

    monkeypatch.setattr(Edition, "keep", acts)
    return taken


def staged(site: Site) -> list[Path]:
    """Pages that wait to be committed."""
    return list(site.root.glob(".public.*/files/**/*.html"))


def test_the_same_bytes_as_a_build_on_one_machine(
    site: Site, two: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where paths are relative to where one is, which a worker is not."""
    here = built_here(site)
    monkeypatch.chdir(site.root)
    assert site.run("build", "--root", ".", *on(two)) == 0, site.err
    assert site.tree() == here
    assert sorted(path.name for path in site.root.iterdir()) == FILES
    site.write("-- content/t1.md --\n**Ann:** new\n\n**Bo:** words\n")
    assert site.build(*on(two)) == 0
    there = site.tree()
    assert site.build("--jobs", "1", "--clean") == 0
    assert site.tree() == there


def test_check_agrees_and_writes_nothing(site: Site, two: LocalCluster) -> None:
    """The same findings, from other machines."""
    site.write(TALKS + "-- content/bad.md --\n[x](y.md)\n")
    assert site.run("check", "--jobs", "1") == 1
    here = site.err
    assert site.run("check", *on(two)) == 1
    assert site.err == here
    assert sorted(path.name for path in site.root.iterdir()) == ["content", "site.toml"]


def test_the_work_of_a_worker_that_is_killed_is_done_by_others(
    site: Site, two: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the midst of it; the files are those of a local build, and no others."""
    here = built_here(site)
    victim: int = next(iter(two.workers.values())).pid
    seen: list[Path] = []

    def kill() -> None:
        seen.extend(staged(site))
        os.kill(victim, signal.SIGKILL)

    taken = in_mid_build(monkeypatch, kill)
    assert site.build(*on(two)) == 0, site.err
    assert 0 < len(seen) < len(taken)
    assert site.tree() == here
    assert sorted(path.name for path in site.root.iterdir()) == FILES


def test_an_interrupted_build_leaves_the_cluster_idle_and_fit(
    site: Site, two: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is outstanding there, nothing is left here, and the next build is a good one."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        in_mid_build(patched, interrupt)
        assert site.write(TALKS).build(*on(two)) == 130
    assert sorted(path.name for path in site.root.iterdir()) == [".roundtable", "content", "site.toml"]
    end = time.monotonic() + 20
    while two.scheduler.tasks and time.monotonic() < end:
        time.sleep(0.05)
    assert not two.scheduler.tasks
    assert site.build(*on(two)) == 0, site.err


@pytest.mark.parametrize(
    ("ends", "told"),
    [(lambda brief: brief.scale(0), "has had no worker"), (LocalCluster.close, "has gone away")],
    ids=["workers", "scheduler"],
)
def test_a_cluster_that_goes_away_is_told_and_the_output_is_as_it_was(
    site: Site, monkeypatch: pytest.MonkeyPatch, ends: Callable[[LocalCluster], object], told: str
) -> None:
    """In mid build: all workers, or the scheduler; it is the cluster's fault, not Roundtable's."""
    assert site.write(TALKS).build("--jobs", "1") == 0
    before = site.tree()
    site.write("-- site.toml --\ntitle = 'Other'\n")
    monkeypatch.setattr(cluster, "LOOK", 0.1)
    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    with running(1) as brief:
        in_mid_build(monkeypatch, lambda: ends(brief))
        assert site.build(*on(brief)) == 1
    assert "error[RT903]" in site.err
    assert told in site.err
    assert site.tree() == before
    assert sorted(path.name for path in site.root.iterdir()) == FILES


# --- before it begins ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ("--executor", "dask"),
        ("--scheduler", "tcp://127.0.0.1:1"),
        ("--executor", "dask", "--scheduler", "tcp://127.0.0.1:1", "--jobs", "2"),
    ],
)
def test_a_cluster_half_asked_for_is_wrong_usage(site: Site, arguments: tuple[str, ...]) -> None:
    """Each option says which other it needs, or can't go with."""
    assert site.write(TALKS).build(*arguments) == 2
    assert "error[RT106]" in site.err


def test_without_dask_one_is_told_how_to_install_it(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback of an import."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert site.write(TALKS).build("--executor", "dask", "--scheduler", "tcp://127.0.0.1:1") == 2
    assert "error[RT110]" in site.err
    assert "roundtable-press[dask]" in site.err


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:{port}", "127.0.0.1:{port}", "nonsense://x", "tcp://127.0.0.1:x"])
def test_an_address_where_nobody_answers(site: Site, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Waited for only so long; or no address at all."""
    monkeypatch.setattr(cluster, "ANSWER", 0.5)
    with socket.socket() as silent:  # bound, and not listening
        silent.bind(("127.0.0.1", 0))
        port = silent.getsockname()[1]
        assert site.write(TALKS).build("--executor", "dask", "--scheduler", address.format(port=port)) == 2
    assert "error[RT111]" in site.err
    assert "dask scheduler" in site.err
    assert "Traceback" not in site.err


def test_a_scheduler_without_workers(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would take the work, and nobody would do it."""
    monkeypatch.setattr(cluster, "ANSWER", 0.5)
    with running(0) as empty:
        assert site.write(TALKS).build(*on(empty)) == 2
    assert "error[RT111]" in site.err
    assert "has no worker" in site.err


def test_workers_with_other_code_get_nothing(site: Site, two: LocalCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """They might make other bytes."""
    monkeypatch.setattr(cluster, "provenance", lambda: b"other")
    assert site.write(TALKS).build(*on(two)) == 2
    assert "error[RT112]" in site.err
    assert "with changes" in site.err
    assert not (site.root / "public").exists()


def test_workers_without_roundtable_get_nothing(site: Site, two: LocalCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which shows in that they can't even be asked."""

    class Elsewhere:
        """What can't be loaded there."""

        def __reduce__(self) -> Any:
            return __import__, ("roundtable.not_there",)

    monkeypatch.setattr(cluster, "_sight", lambda path: Elsewhere())
    assert site.write(TALKS).build(*on(two)) == 2
    assert "error[RT112]" in site.err
    assert "it has no Roundtable, or another one" in site.err


def test_a_scheduler_without_roundtable_is_told(site: Site, two: LocalCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks into what it passes on."""
    monkeypatch.setattr(Client, "run_on_scheduler", _fails)
    assert site.write(TALKS).build(*on(two)) == 2
    assert "error[RT112]: the scheduler at " in site.err


def _fails(*_: Any) -> None:
    raise ModuleNotFoundError("No module named 'roundtable'")


@pytest.mark.parametrize(
    ("there", "told"),
    [
        (("2.0", "3.11.7", (b"jinja2-3.1.5.dist-info",)), "Roundtable 2.0, here 1.0"),
        (("1.0", "3.12.1", (b"jinja2-3.1.6.dist-info",)), "Python 3.12.1, here 3.11.7"),
        (("1.0", "3.11.7", (b"jinja2-3.1.5.dist-info",)), "jinja2-3.1.5, here jinja2-3.1.6"),
        (("1.0", "3.11.7", ()), "nothing of it, here jinja2-3.1.6"),
        (("1.0", "3.11.7", (b"jinja2-3.1.6.dist-info",)), "Roundtable 1.0 with changes"),
    ],
)
def test_what_differs_is_named(there: tuple[str, str, tuple[bytes, ...]], told: str) -> None:
    """The first that explains the others."""
    assert cluster._difference(Code("1.0", "3.11.7", (b"jinja2-3.1.6.dist-info",)), Code(*there)) == told


def test_workers_that_see_another_folder_get_nothing(
    site: Site, two: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the same path; or none, or none that can be written to."""
    monkeypatch.setattr(cluster, "_sight", lambda path: b"other")
    assert site.write(TALKS).build(*on(two)) == 2
    assert "error[RT113]" in site.err
    assert "site.toml" in site.err
    monkeypatch.undo()
    with pytest.raises(Stopped) as stopped, crew(two.scheduler_address, site.root, str(site.root / "nowhere")):
        pass
    assert stopped.value.told.code == "RT113"
    assert "nowhere" in stopped.value.told.message


def test_what_a_worker_says_it_wrote_must_be_here() -> None:
    """Else it wrote on a disk of its own."""
    terms = cluster.Terms(b"same", "site.toml", b"", "parts", "")
    report = cluster.Report(b"same", cluster._code(), None, "/nowhere/parts/mark")
    wrong = cluster._wrong("a worker", report, terms)
    assert wrong
    assert wrong.code == "RT113"


def test_a_worker_that_comes_later_is_asked_as_well(site: Site, two: LocalCluster) -> None:
    """With its first batch."""
    with crew(two.scheduler_address, site.root, None) as found:
        assert found.submit(len, "four").result() == 4
        found._terms = found._terms._replace(code=b"other")
        with pytest.raises(Stopped) as stopped:
            found.submit(len, "four").result()
    assert stopped.value.told.code == "RT112"
    assert isinstance(stopped.value.__cause__, Unfit)


def ends() -> None:
    """A batch for which there is not enough memory, wherever it is done."""
    os.kill(os.getpid(), signal.SIGKILL)


def test_work_that_kills_each_worker_is_told(site: Site, two: LocalCluster) -> None:
    """Once several have died of it: more memory is the cure."""
    with Client(two, set_as_default=False) as client:
        client.run_on_scheduler(_allow_one_failure)
    with crew(two.scheduler_address, site.root, None) as found, pytest.raises(Stopped) as stopped:
        found.submit(ends).result()
    assert stopped.value.told.code == "RT902"


def _allow_one_failure(dask_scheduler: Any) -> None:
    dask_scheduler.allowed_failures = 1
