import csv

import numpy as np
import pytest
from PIL import Image

from model.digits import NO_HAND
from model.synthetic.people.folder import PEOPLE, TABLE
from model.training.mixture import Mixture, Pool, Prepared
from model.training.people import people, rendered_person
from model.training.preparing import open_kept, prepare_people
from model.training.warps import box_of_a_view

HAND = (70, 20, 90, 45)  # of a red body that is blue where the hand is


@pytest.fixture
def data(tmp_path):
    """Two rendered people, and a third whose picture is missing."""
    folder = tmp_path / PEOPLE
    folder.mkdir()
    y, x = np.mgrid[:120, :160]
    body = (abs(x - 80) < 30) & (y > 15)
    x0, y0, x1, y1 = HAND
    pixels = np.where(body[..., None], (200, 0, 0, 255), 0).astype(np.uint8)
    pixels[y0:y1, x0:x1] = 0, 0, 200, 255
    with (folder / TABLE).open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["file", "kind", "digit", "x0", "y0", "x1", "y1"])
        for number in range(3):
            name = f"person-{number}.webp"
            table.writerow([name, "person", number, *HAND])
            if number < 2:
                Image.fromarray(pixels).save(folder / name, lossless=True)
    return str(tmp_path)


def test_people_are_listed_whose_picture_is_there(data, tmp_path):
    assert [row["digit"] for _, row in people(data)] == ["0", "1"]
    assert people(str(tmp_path / "elsewhere")) == []


def test_a_person_is_cut_out_and_its_colours_go_on_around_it(data):
    person = rendered_person(people(data)[1])
    assert person.box == HAND and person.digit == 1 and person.bare
    assert person.mask[60, 80] == 255 and not person.mask[60, 5]
    np.testing.assert_array_equal(person.picture[60, 5], (200, 0, 0))


def test_people_are_prepared_once(data, tmp_path):
    path = prepare_people(data, map, tmp_path / "cache")
    assert [hand.digit for hand in open_kept(path).photographs] == [0, 1]
    before = path.stat().st_mtime_ns
    assert prepare_people(data, map, tmp_path / "cache") == path
    assert path.stat().st_mtime_ns == before
    assert prepare_people(str(tmp_path / "elsewhere"), map, tmp_path / "cache") is None


def test_parts_of_a_person_hold_little_of_the_hand(data):
    made = [rendered_person(listed) for listed in people(data)]
    ground = [np.full((60, 60, 3), 90, np.uint8)]
    pool = Pool([Prepared(PEOPLE, 1, made, [""] * 2, ground)], mixture=Mixture())
    shares = []
    for number in range(60):
        part = pool.beside_a_hand(np.random.default_rng(number))
        shares.append((abs(part - np.divide((0, 0, 200), 255)) < 0.1).all(-1).mean())
    assert max(shares) < 0.4 and np.mean(shares) < 0.05


def test_pictures_of_a_person_show_the_digit_or_none(data):
    made = [rendered_person(listed) for listed in people(data)]
    pool = Pool([Prepared(PEOPLE, 1, made, [""] * 2, [])], mixture=Mixture(rendered=0))
    pictures, targets = pool.batch((0,), 24)
    assert pictures.shape == (24, 64, 64, 3)
    shown = {int(target.argmax()) if target.any() else NO_HAND for target in targets}
    assert shown == {0, 1, NO_HAND}


def test_in_a_view_the_hand_is_small_and_whole():
    for number in range(50):
        x0, y0, x1, y1 = box_of_a_view(HAND, np.random.default_rng(number))
        assert 2.6 * 25 <= x1 - x0 <= 4.5 * 25 and x1 - x0 == pytest.approx(y1 - y0)
        assert x0 <= HAND[0] and y0 <= HAND[1] and x1 >= HAND[2] and y1 >= HAND[3]
