import re

import pytest

from model.collections.__main__ import main
from model.collections.catalogue import COLLECTIONS
from model.collections.reductions import TABLE, Originals, chosen


def test_homes_are_whole():
    for row in COLLECTIONS:
        if row.home is None:
            assert row.by_hand
            continue
        assert re.fullmatch("[0-9a-f]{40}", row.home.commit)
        if isinstance(row.home, Originals):
            assert chosen(TABLE)[row.name]
            continue
        digests = list(row.home.single.values()) or [row.home.digest]
        assert all(re.fullmatch("[0-9a-f]{40}|[0-9a-f]{64}", digest) for digest in digests)


def test_list_shows_what_is_fetched_and_what_is_not(folder, capsys):
    (folder / "signs").rename(folder / "elsewhere")
    main(["list", "--data", str(folder)])
    heading, signs, digits, *rest = capsys.readouterr().out.splitlines()
    assert heading.split()[:4] == ["collection", "train", "validation", "test"]
    assert signs.split()[:4] == ["signs", "-", "-", "-"] and "none stated" in signs
    assert digits.split()[:4] == ["sign-language-digits", "2", "2", "1"]
    assert "Apache-2.0, github.com/ardamavi/" in digits and len(rest) == len(COLLECTIONS) - 2


def test_the_command_ends_with_the_sentence(folder, monkeypatch):
    monkeypatch.setenv("HANDS_DATA", str(folder))
    with pytest.raises(SystemExit, match="holds 5 of the 1237 files of sign-language-digits"):
        main(["fetch"])
