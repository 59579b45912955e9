"""pyproject.toml, environment.yml and requirements.lock describe one environment."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from rattler import MatchSpec

ROOT = Path(__file__).parents[1]
CONDA_NAMES = {"matplotlib": "matplotlib-base", "torch": "pytorch", "playwright": "playwright-python"}


def project():
    """Read the [project] table of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def project_requirements():
    """List every requirement of the package and of its extras, less what only the benchmark compares with."""
    table = project()
    extras = {name: lines for name, lines in table["optional-dependencies"].items() if name != "bench"}
    lines = [*table["dependencies"], *(line for extra in extras.values() for line in extra)]
    return [Requirement(line) for line in lines]


def conda_environment():
    """Read environment.yml."""
    return yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


def locked():
    """Map each locked package to its exact version."""
    pins = {}
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            requirement = Requirement(line)
            assert re.fullmatch(r"==[^,*]+", str(requirement.specifier)), f"{line}: not an exact version"
            pins[canonicalize_name(requirement.name)] = str(requirement.specifier).removeprefix("==")
    return pins


def test_environment_yml_has_the_packages_and_ranges_of_pyproject():
    wanted = {CONDA_NAMES.get(r.name, r.name): r.specifier for r in project_requirements()}
    wanted["python"] = SpecifierSet(project()["requires-python"])
    given = {}
    for line in conda_environment()["dependencies"]:
        if isinstance(line, str) and line != "pip":
            name, ranges = re.fullmatch(r"([a-z0-9-]+)(.*)", line).groups()
            given[name] = SpecifierSet(ranges)
    assert given == wanted


def test_environment_yml_is_read_by_conda_and_takes_conda_forge_only():
    environment = conda_environment()
    assert environment["channels"] == ["conda-forge", "nodefaults"]
    for line in environment["dependencies"]:
        if isinstance(line, str):
            assert MatchSpec(line).name.normalized == re.match(r"[a-z0-9-]+", line).group()
    assert environment["dependencies"][-1] == {"pip": ["--editable ."]}


def test_a_malformed_conda_line_would_be_caught():
    with pytest.raises(Exception, match=r"(?i)spec|version|parse"):
        MatchSpec("numpy>=2..2,,<x")


def test_the_lock_pins_every_requirement_within_its_range():
    pins = locked()
    for requirement in project_requirements():
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), requirement
    assert pins["torch"] == "2.13.0"


def test_the_lock_names_no_index_and_no_cuda_package():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"(?m)^(nvidia|cuda|triton)", text)
