"""Awkward files of all kinds, each sent over HTTP: an answer or one sentence, and little memory."""

import gc
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.awkward import Awkward, bombs, damaged, no_pictures, telephones
from tests.demo.test_uploads import BROWSER, LOOK, ask

pytestmark = pytest.mark.slow
MOST = 500  # MB above what the page takes when nobody asks


def memory() -> int:
    """Bytes that this process and the decoders it started take."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/statm"):
        try:
            parent = int((status.parent / "stat").read_text("utf-8").rpartition(")")[2].split()[1])
            if os.getpid() in (parent, int(status.parent.name)):
                total += int(status.read_text("utf-8").split()[1])
        except (OSError, IndexError):  # it has just ended
            continue
    return total * os.sysconf("SC_PAGE_SIZE")


def peak_of(work: Callable[[], object]) -> tuple[object, int]:
    """What work gives, and the most memory that was taken meanwhile."""
    ended, peaks = threading.Event(), [memory()]

    def watch() -> None:
        while not ended.wait(0.01):
            peaks.append(memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        return work(), max(peaks)
    finally:
        ended.set()
        watcher.join()


def send(address: str, file: Awkward) -> dict:
    """Upload a file and have it read; what the page says."""
    files = {"files": (file.name, file.data)}
    sent = BROWSER.post(f"{address}gradio_api/upload", files=files).json()
    page = BROWSER.get(f"{address}config").json()
    point = next(each for each in page["dependencies"] if each["api_name"] == "read")
    said = ask(address, point["id"], f"awkward-{file.name}", [{"path": sent[0]}, *LOOK])
    assert said["success"], (file.name, said)
    return said["output"]["data"][1]


def check(file: Awkward, answer: dict) -> None:
    was_read = "probabilities" in answer
    if file.read is not None:
        assert was_read == file.read, (file.name, answer)
    if not was_read:
        sentence = answer["sentence"]
        assert sentence.endswith(".") and "\n" not in sentence and "/" not in sentence, file.name
        assert answer["headline"] == "That did not work"


@pytest.mark.parametrize("file", [*telephones(), *no_pictures()], ids=lambda file: file.name)
def test_what_people_send_is_read_and_what_is_no_picture_is_refused(address, file):
    check(file, send(address, file))


def test_damaged_files_get_an_answer_or_a_sentence(address, capfd):
    for file in damaged():
        check(file, send(address, file))
    assert "Traceback" not in capfd.readouterr().err


def test_no_picture_takes_more_than_500_megabytes_or_too_long(address):
    for file in telephones():
        send(address, file)
    for file in bombs():
        gc.collect()
        idle, began = memory(), time.monotonic()
        answer, peak = peak_of(lambda file=file: send(address, file))
        check(file, answer)
        seconds, took = time.monotonic() - began, (peak - idle) / 1e6
        print(f"{file.name}: {took:.0f} MB, {seconds:.1f} s, {answer.get('sentence')}")
        assert took < MOST, file.name
        assert seconds < 40, file.name


def test_a_small_picture_does_not_wait_for_a_bomb(address):
    bomb = next(each for each in bombs() if each.name == "large-RGBA.png")
    small = next(telephones())
    send(address, small)
    slow = threading.Thread(target=send, args=(address, bomb))
    slow.start()
    time.sleep(0.3)
    check(small, send(address, small))
    assert slow.is_alive()
    slow.join()
