"""A crowd at the page: each gets the answer to their own picture, and nothing is left of it."""

import asyncio
import ctypes
import gc
import json
import os
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import chain
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

from tests.awkward import SEED, Awkward, bombs, encoded, no_pictures
from tests.demo.test_uploads import LOOK

pytestmark = pytest.mark.slow
CLIENTS, ROUNDS = 50, 10
MINUTES = 15  # that they may take; where an answer is lost, somebody waits for ever
PICTURES = 12
HANGS_UP, BAD = 1 / 10, 1 / 20
BOMBS = {"108-megapixels.jpg", "large-RGBA.png", "large-1.png", "too-large.webp"}


def pictures() -> list[Awkward]:
    """Pictures that are all read differently."""
    rng = np.random.default_rng(SEED)
    small = (rng.integers(0, 256, (8, 6, 3), np.uint8) for _ in range(PICTURES))
    large = (Image.fromarray(each).resize((240, 320)) for each in small)
    return [Awkward(f"{index}.png", encoded(each, "PNG"), True) for index, each in enumerate(large)]


class Crowd:
    """Visitors of a page.

    Args:
        address: of the page.
        browser: for all of them.
    """

    def __init__(self, address: str, browser: httpx.AsyncClient):
        self.address, self.browser = address, browser

    async def find_events(self) -> "Crowd":
        page = (await self.browser.get(f"{self.address}config")).json()
        values = {part["id"]: part["props"].get("value") for part in page["components"]}
        self.events = {
            each["api_name"]: (each["id"], [values[part] for part in each["inputs"]])
            for each in page["dependencies"]
        }
        return self

    async def call(self, name: str, visitor: str, data: list | None = None, most: int = 10**6):
        """The event's last message; None if the visitor hung up, after `most` messages."""
        index, values = self.events[name]
        body = {"fn_index": index, "data": data or values, "session_hash": visitor}
        joined = await self.browser.post(f"{self.address}gradio_api/queue/join", json=body)
        event = joined.raise_for_status().json()["event_id"]
        address = f"{self.address}gradio_api/queue/data?session_hash={visitor}"
        async with self.browser.stream("GET", address) as lines:
            count = 0
            async for line in lines.aiter_lines():
                if not line.startswith("data:"):
                    continue
                message = json.loads(line.removeprefix("data:"))
                if message.get("event_id") != event:  # of one that the visitor hung up on
                    continue
                if message["msg"] == "process_completed":
                    return message
                count += 1
                if count >= most:
                    return None
        raise AssertionError("the queue said nothing")

    async def read(self, file: Awkward, visitor: str, most: int = 10**6) -> dict | None:
        """What the page says of a file."""
        files = {"files": (file.name, file.data)}
        sent = await self.browser.post(f"{self.address}gradio_api/upload", files=files)
        said = await self.call("read", visitor, [{"path": sent.json()[0]}, *LOOK], most)
        if said is None:
            return None
        assert said["success"], (file.name, said)
        answer = said["output"]["data"][1]
        return {name: answer.get(name) for name in ("probabilities", "headline")}  # no pictures


def left() -> tuple[float, int, int]:
    """Megabytes of this process, its threads, and its open files."""
    gc.collect()
    with suppress(AttributeError):  # not every system's library keeps what was freed
        ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
    megabytes = pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    return megabytes, threading.active_count(), len(os.listdir("/proc/self/fd"))


async def visit(address: str) -> tuple[dict, list, list]:
    """Let the crowd in; what was answered, by what was asked, and what is left before and after."""
    limits = httpx.Limits(max_keepalive_connections=0)  # none that the server is closing
    async with httpx.AsyncClient(timeout=300, limits=limits) as browser:
        crowd = await Crowd(address, browser).find_events()
        shown, wrong = pictures(), list(no_pictures())
        awaited = {file.name: await crowd.read(file, "alone") for file in shown}
        special = [file for file in bombs() if file.name in BOMBS]
        assert len(special) == len(BOMBS)

        async def one(number: int, rounds: int) -> list:
            rng, answers = random.Random(number), []
            for each in range(rounds):
                if each == rounds // 2 and number < len(special):
                    file = special[number]
                else:
                    file = rng.choice(wrong if rng.random() < BAD else shown)
                most = 2 if rng.random() < HANGS_UP else 10**6
                answers.append((file, await crowd.read(file, f"visitor-{number}", most)))
            return answers

        async def all_at_once(rounds: int) -> list:
            slow = [
                asyncio.create_task(crowd.call(name, visitor))
                for name, visitor in (("run_slow", "alone"), ("learn", "learner"))
            ]
            answers = await asyncio.gather(*(one(number, rounds) for number in range(CLIENTS)))
            for each in await asyncio.gather(*slow):
                assert each["success"], each
            await asyncio.sleep(1)
            return list(chain.from_iterable(answers))

        await all_at_once(3)  # what is built once is built, and what is kept for an hour is kept
        before = left()
        answers = await all_at_once(ROUNDS)
    await asyncio.sleep(3)
    return awaited, answers, [before, left()]


def test_a_crowd_is_answered_and_forgotten(address):
    with ThreadPoolExecutor(1) as apart:  # where no event loop runs
        all_visits = asyncio.wait_for(visit(address), MINUTES * 60)
        awaited, answers, (before, after) = apart.submit(asyncio.run, all_visits).result()
    assert len(answers) == CLIENTS * ROUNDS
    probabilities = {name: answer["probabilities"] for name, answer in awaited.items()}
    assert len({tuple(each) for each in probabilities.values()}) == PICTURES
    hung_up = 0
    for file, answer in answers:
        if answer is None:
            hung_up += 1
        elif file.name in probabilities:
            np.testing.assert_allclose(
                answer["probabilities"], probabilities[file.name], atol=1e-4, err_msg=file.name
            )
        elif file.read is False:
            assert answer["headline"] == "That did not work", file.name
    assert hung_up > 20
    print(f"{len(answers)} requests, {hung_up} hung up; left before and after: {before}, {after}")
    for now, then in zip(after, before, strict=True):
        assert now <= 1.1 * then + 2, (before, after)  # a thread more is none that is left
