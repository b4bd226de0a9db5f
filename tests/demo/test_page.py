"""The page's endpoints, called over HTTP as any client would."""

import base64
import io
import json
import re
import urllib.request
from pathlib import Path

import numpy as np
import pytest
from gradio_client import handle_file
from gradio_client.exceptions import AppError
from PIL import Image, ImageDraw

from demo.interface import build
from demo.kit.components import as_json
from demo.kit.words import percent
from model.digits import WORDS
from model.network.stages import cells
from tests.demo.conftest import new_client

pytestmark = pytest.mark.slow  # a page is opened for them


def drawn_hand(size: int = 200) -> Image.Image:
    """A fist with one finger, roughly."""
    picture = Image.new("RGB", (size, size), "white")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((60, 100, 140, 190), fill="black")
    draw.rounded_rectangle((90, 20, 110, 120), 9, fill="black")
    return picture


@pytest.fixture
def picture(tmp_path):
    drawn_hand().save(tmp_path / "hand.png")
    return handle_file(str(tmp_path / "hand.png"))


def as_data_url(picture: Image.Image) -> str:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


def row_texts(row: dict) -> list[str]:
    return [cell["text"] for cell in row["cells"]] + [row["bias"], row["logit"]]


def pixels(path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB"))


def test_the_page_is_put_together_without_loading_the_network():
    def load():
        raise AssertionError("nobody asked for the network yet")

    build(load)


def test_a_picture_is_answered_with_a_digit_six_probabilities_and_a_heat_map(client, picture):
    answer, heat, caption, sums, part, seen, digit = client.predict(picture, api_name="/read")
    assert answer["digit"] == int(np.argmax(answer["probabilities"]))
    assert answer["word"] in ("zero", "one", "two", "three", "four", "five")
    assert sum(answer["probabilities"]) == pytest.approx(1, abs=0.001)
    assert len(answer["bars"]) == 6
    assert pixels(heat).shape[0] == pixels(heat).shape[1] > 64
    assert pixels(seen).shape == (64, 64, 3)
    assert answer["word"] in caption
    for row in sums["rows"]:
        *parts, logit = (float(text.replace("−", "-")) for text in row_texts(row))
        assert sum(parts) == pytest.approx(logit, abs=0.031)  # six numbers, each rounded
    assert (part["left"], part["top"], part["width"], part["height"]) == (0, 0, 100, 100)
    assert digit == -1


def test_a_drawing_is_answered_like_the_same_picture_uploaded(client, picture):
    drawn, *_ = client.predict(as_data_url(drawn_hand()), api_name="/draw")
    uploaded, *_ = client.predict(picture, api_name="/read")
    assert drawn == uploaded


def test_a_box_of_ones_own_is_read_and_given_up_again(client, picture):
    client.predict(picture, api_name="/read")
    whole, *_ = client.predict({"how": "all"}, "conv5", 55, api_name="/read_part")
    box = {"how": "yours", "left": 30, "top": 5, "width": 40, "height": 40}
    answer, _, _, _, part, seen, _ = client.predict(box, "conv5", 55, api_name="/read_part")
    assert answer["probabilities"] != whole["probabilities"]
    assert part["how"] == "yours" and part["left"] == 30 and part["width"] == 40
    expected = drawn_hand().crop((60, 10, 140, 90)).resize((64, 64), Image.Resampling.BICUBIC)
    assert np.abs(pixels(seen).astype(int) - np.asarray(expected)).mean() < 4
    answer, *_ = client.predict({"how": "all"}, "conv5", 55, api_name="/read_part")
    assert answer["probabilities"] == whole["probabilities"]


@pytest.mark.parametrize(
    "box", [{"left": 1}, {"left": 0, "top": 0, "width": 0, "height": 9}, {"left": "a"}]
)
def test_a_box_that_is_none_gets_one_sentence(client, picture, box):
    client.predict(picture, api_name="/read")
    with pytest.raises(AppError, match="box"):
        client.predict({"how": "yours", **box}, "conv5", 55, api_name="/read_part")
    answer, *_ = client.predict({"how": "all"}, "conv5", 55, api_name="/read_part")
    assert answer["probabilities"]  # the picture is still there


def test_the_hand_is_looked_for_unless_all_is_read(client, picture, network):
    def read(how):
        return client.predict({"how": how}, "conv5", 55, api_name="/read_part")[0]["probabilities"]

    first = client.predict(picture, api_name="/read")[0]["probabilities"]
    whole = read("all")
    found, everything = (network.classifier.read(drawn_hand(), find) for find in (True, False))
    np.testing.assert_allclose(first, found.probabilities, atol=2e-4)
    np.testing.assert_allclose(whole, everything.probabilities, atol=2e-4)
    assert np.abs(found.probabilities - everything.probabilities).max() > 2e-3
    assert read("found") == first


@pytest.mark.parametrize("chosen", [{}, {"how": "mirrored"}, "all", None])
def test_a_part_is_chosen_in_one_of_three_ways(client, picture, chosen):
    client.predict(picture, api_name="/read")
    with pytest.raises(AppError, match="found, all or yours|an object with named values"):
        client.predict(chosen, "conv5", 55, api_name="/read_part")
    with pytest.raises(AppError, match="There is no digit None; choose one from 0 to 5|an object"):
        client.predict(chosen, "conv5", 55, api_name="/remedy")


def test_a_wrong_answer_gets_remedies_and_one_can_be_used(client, picture):
    client.predict(picture, api_name="/read")
    shelf = client.predict(3, api_name="/remedies")
    chosen = {**shelf, "chosen": shelf["rows"][0]["name"]}
    answer, _, _, _, part, *_ = client.predict(chosen, "conv5", 55, api_name="/remedy")
    assert shelf["rows"][0]["change"].endswith(as_json(percent(answer["probabilities"][3])))
    assert shelf["rows"][0]["name"] in part["words"]
    # A second remedy changes the picture as it was brought, not as the first one left it.
    assert client.predict(3, api_name="/remedies") == shelf
    whole, *_ = client.predict({"how": "all"}, "conv5", 55, api_name="/read_part")
    client.predict(picture, api_name="/read")
    again, *_ = client.predict({"how": "all"}, "conv5", 55, api_name="/read_part")
    assert whole == again
    with pytest.raises(AppError, match="no such remedy"):
        client.predict({"digit": 3, "chosen": "prayer"}, "conv5", 55, api_name="/remedy")


def test_a_picture_without_a_hand_has_no_remedies(client, picture):
    client.predict(picture, api_name="/read")
    shelf = client.predict(-1, api_name="/remedies")
    assert shelf["rows"] == [] and shelf["words"]


def test_remedies_for_no_digit_are_refused_in_a_sentence(client, picture):
    client.predict(picture, api_name="/read")
    with pytest.raises(AppError, match="one of 0, 1, 2, 3, 4, 5"):
        client.predict(None, api_name="/remedies")


def test_any_digit_at_any_stage_is_explained_on_the_picture_in_hand(client, picture):
    client.predict(picture, api_name="/read")
    maps = set()
    asked = [(3, stage) for stage in ("sharp", *cells())] + [(digit, "conv3") for digit in range(6)]
    for digit, stage in asked:
        heat, caption, sums, _ = client.predict(digit, stage, 60, api_name="/explain")
        assert sums["word"] == WORDS[digit]
        assert ("cells" in caption) == (stage != "sharp")
        assert stage == "sharp" or f"{cells()[stage]}×{cells()[stage]} cells" in caption
        assert WORDS[digit] in caption
        maps.add(pixels(heat).tobytes())
    assert len(maps) > 6  # neither the digit nor the stage is ignored


def test_the_overlay_can_be_faded_out(client, picture):
    client.predict(picture, api_name="/read")
    bare, _ = client.predict("conv3", 0, api_name="/show")
    strong, _ = client.predict("conv3", 100, api_name="/show")
    picture = np.asarray(drawn_hand().resize((512, 512), Image.Resampling.BICUBIC))
    assert np.abs(pixels(bare).astype(int) - picture).mean() < 2
    assert np.abs(pixels(bare).astype(int) - pixels(strong)).mean() > 5


def test_maps_of_all_digits_share_a_scale_unless_each_is_given_its_own(client, picture):
    client.predict(picture, api_name="/read")
    bars = {own: set() for own in (False, True)}
    for own, found in bars.items():
        for digit in range(6):
            _, caption, *_ = client.predict(digit, "conv5", 60, False, own, api_name="/explain")
            found.add(re.search(r"<span>\+(\S+) ", caption)[1])
    assert len(bars[False]) == 1 < len(bars[True])


def test_explaining_nothing_is_refused_in_one_sentence(address, tmp_path):
    client = new_client(address, tmp_path)
    with pytest.raises(AppError, match="Put in a picture of a hand first"):
        client.predict(3, "conv5", 50, api_name="/explain")


@pytest.mark.parametrize("nothing", ["", None])
def test_an_empty_canvas_is_told_what_to_do(client, nothing):
    answer, heat, *_ = client.predict(nothing, api_name="/draw")
    assert "digit" not in answer
    assert answer["sentence"].endswith(".")
    assert heat is None


def test_no_picture_is_told_what_to_do(client):
    answer, *_ = client.predict(None, api_name="/read")
    assert "digit" not in answer
    assert "Choose a photo" in answer["sentence"]


def odd_pictures() -> dict[str, Image.Image]:
    hand = drawn_hand()
    clear = hand.convert("RGBA")
    clear.putalpha(hand.convert("L").point(lambda value: 255 - value))
    return {
        "one pixel": hand.resize((1, 1)),
        "transparent": clear,
        "grey": hand.convert("L"),
        "palette": hand.convert("P"),
        "very wide": hand.resize((900, 12)),
    }


@pytest.mark.parametrize("kind", odd_pictures())
def test_odd_pictures_get_an_answer(client, tmp_path, kind):
    odd_pictures()[kind].save(tmp_path / "odd.png")
    answer, *_ = client.predict(handle_file(str(tmp_path / "odd.png")), api_name="/read")
    assert 0 <= answer["digit"] <= 5


def test_transparency_is_read_as_white(client, tmp_path, picture):
    odd_pictures()["transparent"].save(tmp_path / "clear.png")
    clear, *_ = client.predict(handle_file(str(tmp_path / "clear.png")), api_name="/read")
    plain, *_ = client.predict(picture, api_name="/read")
    assert clear["probabilities"] == pytest.approx(plain["probabilities"], abs=0.02)


def test_a_photograph_that_exif_says_is_turned_is_read_upright(client, tmp_path):
    upright, lying = tmp_path / "upright.png", tmp_path / "lying.png"
    drawn_hand().save(upright)
    turned = drawn_hand().rotate(90)
    exif = turned.getexif()
    exif[0x0112] = 6  # shown rightly when turned by 270 degrees
    turned.save(lying, exif=exif)
    seen = [client.predict(handle_file(str(f)), api_name="/read")[5] for f in (upright, lying)]
    np.testing.assert_array_equal(pixels(seen[0]), pixels(seen[1]))


def test_text_named_png_gets_one_clear_sentence(client, tmp_path):
    (tmp_path / "letter.png").write_text("Dear network,")
    answer, heat, *_ = client.predict(handle_file(str(tmp_path / "letter.png")), api_name="/read")
    assert "digit" not in answer
    assert "letter.png is not a picture that can be read" in answer["sentence"]
    assert answer["sentence"].count(".") <= 2
    assert heat is None


def test_a_drawing_that_is_no_data_url_gets_one_clear_sentence(client):
    answer, *_ = client.predict("scribble", api_name="/draw")
    assert "data URL" in answer["sentence"]


def test_the_call_in_the_readme_works(address, tmp_path, capsys):
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    code = re.search(r"```python\n(.*?)```", readme, re.S).group(1)
    drawn_hand().save(tmp_path / "hand.jpg")
    code = code.replace("http://127.0.0.1:7860", address)
    exec(code.replace("hand.jpg", str(tmp_path / "hand.jpg")), {})
    assert capsys.readouterr().out.split("[")[0].split()[-1] in WORDS


def test_every_end_point_has_a_name_and_a_description(address):
    with urllib.request.urlopen(f"{address}gradio_api/info?all_endpoints=true") as answer:
        listed = json.load(answer)
    points = listed["named_endpoints"]
    names = {"read", "draw", "film", "read_part", "remedies", "remedy", "explain", "show"}
    assert set(points) >= {f"/{name}" for name in names | {"wake", "architecture"}}
    assert all(point["description"] for point in points.values())
    assert not listed["unnamed_endpoints"]
