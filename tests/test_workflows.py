"""What runs on other people's machines runs here: each step of the workflows, and of the guide's recipes, on a site of its own.

Steps that install are left out, and `roundtable` and `python` are those of this test.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from typing import Any

import pytest
import yaml

from .conftest import REPOSITORY, SITE_TOML, Site
from .test_comparison import LONG, git, talk

WORKFLOWS = REPOSITORY / ".github/workflows"
NAMES = sorted(file.name for file in WORKFLOWS.glob("*.yml"))
OURS = ("pages.yml", "preview.yml", "site.yml")
INSTALLS = re.compile(r"^pip install [^&\n]+?(?: && |$)", re.MULTILINE)
WHATEVER = "success() || steps.check.outcome == 'failure'"  # whether the check failed or not
# Expressions whose values are anybody's: a title, a branch, a name.
UNTRUSTED = re.compile(r"github\.(?:head_ref|event\.(?!pull_request\.number\b))")


def workflow(name: str) -> dict[str, Any]:
    """A workflow; YAML reads its key `on` as True."""
    found = yaml.safe_load((WORKFLOWS / name).read_text(encoding="utf-8"))
    return {"on" if key is True else key: value for key, value in found.items()}


def steps(name: str) -> list[dict[str, Any]]:
    """All steps of all jobs."""
    return [step for job in workflow(name)["jobs"].values() for step in job.get("steps", ())]


def expanded(text: str, known: dict[str, str]) -> str:
    """A text whose expressions have values."""
    return re.sub(r"\$\{\{ *(.*?) *\}\}", lambda match: known[match[1]], text)


def fenced(page: str, kind: str, holds: str) -> str:
    """The block of that kind in a page of the guide that holds that text."""
    text = (REPOSITORY / f"content/guide/{page}.md").read_text(encoding="utf-8")
    (found,) = (block for block in re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL) if holds in block)
    return found


@pytest.fixture
def place(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site in a repository with two commits, the first at `HEAD^1`; and the programs that steps call."""
    site.write(
        f"-- site.toml --\n{SITE_TOML}-- content/t.md --\n{talk(*LONG)}-- .gitignore --\n/public/\n/.roundtable/\n/bin/\n"
    )
    (site.root / "build.py").write_bytes((REPOSITORY / "build.py").read_bytes())
    git(site.root, "init", "-q", "-b", "main")
    git(site.root, "add", "-A")
    git(site.root, "commit", "-q", "-m", "one")
    (site.root / "content/t.md").write_text(
        talk(*LONG).replace("**Ana:** It ends", "**Bo:** It ends"), encoding="utf-8"
    )
    git(site.root, "commit", "-qam", "two")
    (site.root / "bin").mkdir()
    for name, command in (("python", ""), ("roundtable", f"{REPOSITORY / 'build.py'} ")):
        program = site.root / "bin" / name
        program.write_text(f'#!/bin/sh\nexec {sys.executable} {command}"$@"\n', encoding="utf-8")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{site.root / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(site.root / "bin/summary.md"))
    monkeypatch.setenv("RUNNER_TEMP", str(site.root / "bin/temp"))
    (site.root / "bin/temp").mkdir()
    return site


def run(place: Site, script: str, env: dict[str, str] | None = None) -> str:
    """What a script says; it must not fail."""
    script = INSTALLS.sub("", script)
    assert "pip install" not in script
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=place.root,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"
    return done.stdout


def inputs_of(name: str) -> dict[str, Any]:
    """What a workflow that calls `site.yml` hands to it, and what it needn't."""
    given = workflow("site.yml")["on"]["workflow_call"]["inputs"]
    return {key: value.get("default", "") for key, value in given.items()} | workflow(name)["jobs"]["site"].get(
        "with", {}
    )


@pytest.mark.parametrize("name", ["pages.yml", "preview.yml"])
@pytest.mark.parametrize("address", ["", "https://preview.example/pr-7/"])
def test_each_step_of_the_workflows_runs_here(place: Site, name: str, address: str) -> None:
    """With the values that GitHub would put in; the site is built, and what changed is said."""
    inputs = inputs_of(name)
    if "vars.PREVIEW_URL" in str(inputs["base-url"]):
        inputs["base-url"] = address
    known = {f"inputs.{key}": str(value) for key, value in inputs.items()}
    known["inputs.base-url || steps.pages.outputs.base_url"] = inputs["base-url"] or (
        address if inputs["publish"] else ""
    )
    for key in ("preview", "strict"):
        known[f"inputs.{key} && '--{key}' || ''"] = f"--{key}" if inputs[key] else ""
    job = workflow("site.yml")["jobs"]["site"]
    common = {key: expanded(value, known) for key, value in job["env"].items()}
    done = []
    for step in job["steps"]:
        asked = step.get("if", WHATEVER).removeprefix("always() && ").removeprefix("inputs.")
        if asked != WHATEVER and not inputs[asked]:
            continue
        if "run" in step:
            run(
                place, step["run"], common | {key: expanded(value, known) for key, value in step.get("env", {}).items()}
            )
            done.append(step["name"])
        elif "upload-artifact" in step["uses"]:
            assert [path for path in step["with"]["path"].split() if not (place.root / path).exists()] == []
    assert done == ["Install", "Check", "Build", "Prove that the cache changed nothing"] + ["Say what changed"] * bool(
        inputs["compare-with"]
    )
    page = place.text("t/index.html")
    assert ('content="noindex"' in page) is (name == "preview.yml")
    assert 'rel="canonical" href="https://preview.example/' not in page or name == "pages.yml"
    if name == "preview.yml":
        summary = (place.root / "bin/summary.md").read_text(encoding="utf-8")
        assert "from **Ana** to **Bo**" in summary
        assert "Ana" in (place.root / "compare.html").read_text(encoding="utf-8")


def test_a_check_that_fails_leaves_a_report(place: Site) -> None:
    """What was found can be read as JSON; a warning, such as of a permalink lost, fails where that is asked for."""
    run(place, "roundtable build")
    told = {step.get("id", step.get("name")): step for step in steps("site.yml")}
    assert told["Build"]["if"] == told["Keep what was built"]["if"] == WHATEVER
    text = (place.root / "content/t.md").read_text(encoding="utf-8")
    place.write(f"-- content/t.md --\n{text.partition('**Bo:**')[0]}")
    common = {"ROUNDTABLE": "roundtable", "PREVIEW": "", "BASE_URL": "", "STRICT": ""}
    run(place, told["check"]["run"], common)
    common["STRICT"] = "--strict"
    for step in ("check", "Build"):
        with pytest.raises(AssertionError, match="RT522"):
            run(place, told[step]["run"], common)
    report = json.loads((place.root / "report.json").read_text(encoding="utf-8"))
    assert "RT522" in {one["code"] for one in report["diagnostics"]}


def test_a_cache_that_did_harm_would_be_found(place: Site) -> None:
    """The step that proves it fails where a page isn't what a clean build makes."""
    (prove,) = (step["run"] for step in steps("site.yml") if step.get("name", "").startswith("Prove"))
    run(place, "roundtable build")
    (place.root / "public/t/index.html").write_text("other", encoding="utf-8")
    with pytest.raises(AssertionError, match="diff"):
        run(place, prove, {"ROUNDTABLE": "roundtable", "PREVIEW": "", "BASE_URL": ""})


@pytest.mark.parametrize("name", NAMES)
def test_no_step_runs_what_somebody_wrote(name: str) -> None:
    """No expression stands in a script, and none is of a text that anybody can choose."""
    for step in steps(name):
        assert "${{" not in step.get("run", "")
    assert not UNTRUSTED.search((WORKFLOWS / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_workflows_may_do_little(name: str) -> None:
    """They run for a pull request as it asks, read contents, keep no credentials, and name the very commit of each action."""
    found = workflow(name)
    assert "pull_request_target" not in found["on"]
    for job in found["jobs"].values():
        for scope, right in job.get("permissions", found.get("permissions", {})).items():
            assert right == "read" or (name, scope) in {("pages.yml", "pages"), ("pages.yml", "id-token")}
    for step in steps(name):
        used = step.get("uses", "")
        assert not used or re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", used)
        assert "checkout" not in used or step["with"]["persist-credentials"] is False
    if name in ("pages.yml", "preview.yml"):
        assert found["permissions"] == {}


def test_recipes_of_the_guide_call_the_workflow_as_it_is(place: Site) -> None:
    """By its name, with inputs that it has."""
    recipe = yaml.safe_load(fenced("publishing", "yaml", "site.yml@"))
    (job,) = (job for job in recipe["jobs"].values() if "uses" in job)
    assert job["uses"].endswith("/.github/workflows/site.yml@main")
    assert job["with"].keys() <= workflow("site.yml")["on"]["workflow_call"]["inputs"].keys()


def test_the_recipe_for_gitlab_runs_here(place: Site) -> None:
    """Both of its jobs."""
    jobs = yaml.safe_load(fenced("publishing", "yaml", "CI_PAGES_URL"))
    env = {
        "CI_PAGES_URL": "https://group.gitlab.io/talks",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": git(place.root, "rev-parse", "HEAD^1").strip(),
    }
    ran = []
    for name, job in jobs.items():
        if isinstance(job, dict) and "script" in job:
            run(place, "\n".join(job["script"]), env)
            ran.append(name)
            assert all((place.root / path).exists() for path in job["artifacts"]["paths"])
    assert ran == ["review", "pages"]
    assert 'rel="canonical" href="https://group.gitlab.io/talks/t/"' in place.text("t/index.html")


def test_the_recipe_for_netlify_runs_here(place: Site) -> None:
    """The site, and a preview of it."""
    recipe = tomllib.loads(fenced("publishing", "toml", "[build]"))
    run(place, recipe["build"]["command"])
    assert (place.root / recipe["build"]["publish"] / "index.html").is_file()
    assert "noindex" not in place.text("index.html")
    run(
        place,
        recipe["context"]["deploy-preview"]["command"],
        {"DEPLOY_PRIME_URL": "https://deploy-preview-7--site.netlify.app"},
    )
    assert "noindex" in place.text("index.html")


def test_the_recipe_for_github_pages_runs_here(place: Site) -> None:
    """Each of its steps."""
    recipe = yaml.safe_load(fenced("publishing", "yaml", "deploy-pages"))
    assert recipe["jobs"]["site"].get("permissions", recipe["permissions"]) == {"contents": "read", "pages": "read"}
    for step in recipe["jobs"]["site"]["steps"]:
        if "run" in step:
            assert "${{" not in step["run"]
            run(
                place,
                step["run"],
                {
                    key: expanded(value, {"steps.pages.outputs.base_url": "https://o.github.io/n"})
                    for key, value in step.get("env", {}).items()
                },
            )
    assert "https://o.github.io/n/t/" in place.text("t/index.html")
