"""Where things lie, in a checkout and for the user."""

import os

from twinview import paths


def test_shipped_folders_lie_beside_the_package_or_in_it(tmp_path, monkeypatch):
    assert paths.demo_folder().name == "demo"
    assert paths.assets_folder().is_dir()
    monkeypatch.setattr(paths, "_PACKAGE", tmp_path / "twinview")
    inside = tmp_path / "twinview" / "_assets"
    assert paths.assets_folder() == tmp_path / "assets"
    inside.mkdir(parents=True)
    assert paths.assets_folder() == inside


def test_the_users_folders_are_four_places(user_folders):
    folders = [paths.user_cache(), paths.user_config(), paths.user_state()]
    assert len(set(folders)) == 3
    assert all(folder.is_relative_to(user_folders) for folder in folders)


def test_a_folder_that_is_not_there_is_as_writable_as_its_parent(tmp_path, monkeypatch):
    assert paths.writable(tmp_path / "a" / "b")
    monkeypatch.setattr(os, "access", lambda path, _mode: path != tmp_path)
    assert not paths.writable(tmp_path / "a" / "b")
