"""The multilingual weights that come as two packages: joined once, checked, and refused where they are not the ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from hub import publish

from voicecare.backends import whisper_models, whisper_parts
from voicecare.commands.cli import run
from voicecare.errors import InputError

FILES = {
    "model.bin": b"first and second",
    "config.json": b"{}",
    "tokenizer.json": b"{}",
    "vocabulary.txt": b"a",
}


@pytest.fixture
def packages(monkeypatch, tmp_path: Path) -> Path:
    """Two small packages in place of the real ones, whose hashes are taken for the published ones."""
    monkeypatch.setenv("VOICECARE_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    names = ("weights_for_a_test_part1", "weights_for_a_test_part2")
    monkeypatch.setattr(whisper_parts, "PACKAGES", names)
    for name in names:
        (tmp_path / name / "data").mkdir(parents=True)
        (tmp_path / name / "__init__.py").write_text("raise AssertionError", encoding="utf-8")
    first, second = (tmp_path / name / "data" for name in names)
    (first / "model.bin.part1").write_bytes(FILES["model.bin"][:6])
    (second / "model.bin.part2").write_bytes(FILES["model.bin"][6:])
    for file in whisper_parts.BESIDE:
        (first / file).write_bytes(FILES[file])
    publish(monkeypatch, "base", FILES)
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_the_packages_are_listed_as_one_model_before_anything_is_joined(packages, capsys):
    assert run(["models", "list"]) == 0
    assert "packages   many languages" in capsys.readouterr().out
    assert not (packages / "models").exists()


def test_the_parts_are_joined_once_when_the_model_is_used_and_none_of_their_code_runs(packages):
    model = whisper_models.locate("base")
    assert model.origin == "packages"
    assert {file: (model.folder / file).read_bytes() for file in FILES} == FILES
    joined = (model.folder / "model.bin").stat().st_mtime_ns
    assert whisper_models.verify(whisper_models.locate("base"))
    assert (model.folder / "model.bin").stat().st_mtime_ns == joined
    assert packages.exists()


def test_parts_that_are_not_the_published_weights_are_refused_in_one_line_and_leave_nothing(packages, capsys):
    (packages / "weights_for_a_test_part2" / "data" / "model.bin.part2").write_bytes(b"something else")
    with pytest.raises(InputError, match=r"model\.bin of the extra `multilingual` is not the published one"):
        whisper_models.locate("base")
    assert list((packages / "models").iterdir()) == []
    assert run(["models", "path", "base"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_joined_weights_that_change_afterwards_are_refused(packages):
    model = whisper_models.locate("base")
    (model.folder / "model.bin").write_bytes(b"changed")
    with pytest.raises(InputError, match=r"model\.bin is damaged"):
        whisper_models.locate("base")
    assert packages.exists()


def test_one_package_of_the_two_is_no_model(packages):
    (packages / "weights_for_a_test_part2" / "data" / "model.bin.part2").unlink()
    assert [model.name for model in whisper_models.available()] == ["tiny.en"]


def test_a_pulled_model_of_a_pinned_name_must_be_the_pinned_one(packages):
    folder = packages / "models" / "base"
    folder.mkdir(parents=True)
    for file, content in FILES.items():
        (folder / file).write_bytes(content + b"!")
    with pytest.raises(InputError, match="is damaged"):
        whisper_models.locate("base")
