"""What a request may bring."""

import asyncio
import json
import os

import httpx
import pytest
from gradio.utils import get_upload_folder
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, Router

from demo.kit.theme import launch_settings
from demo.serve.limits import (
    NO_ROOM,
    NOT_HERE,
    TOO_LARGE,
    TOO_MANY_FILES,
    Bounds,
    FileCount,
    Limits,
)

MEGA = 1_000_000
BOUNDS = Bounds(body=2 * MEGA, upload=3 * MEGA, files=2, visitor=5 * MEGA, folder=8 * MEGA)


async def take(request: Request) -> PlainTextResponse:
    total = 0
    async for chunk in request.stream():
        total += len(chunk)
    return PlainTextResponse(str(total))


async def fail(request: Request) -> PlainTextResponse:
    raise OSError(28, "No space left on device")


def served() -> Limits:
    routes = [Route("/gradio_api/upload", take, methods=["POST"]),
              Route("/gradio_api/queue/join", take, methods=["POST"]),
              Route("/full", fail)]  # fmt: skip
    return Limits(Router(routes), BOUNDS)


def post(app, path: str, size: int = 0, address: str = "10.0.0.1", chunked=False, **request):
    async def go():
        transport = httpx.ASGITransport(app, client=(address, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://page") as client:

            async def chunks():
                for _ in range(size // 1000):
                    yield b"x" * 1000

            content = chunks() if chunked else b"x" * size
            return await client.post(path, **({"content": content} | request))

    return asyncio.run(go())


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not(chunked):
    app = served()
    assert post(app, "/gradio_api/queue/join", MEGA, chunked=chunked).text == str(MEGA)
    refused = post(app, "/gradio_api/queue/join", 3 * MEGA, chunked=chunked)
    assert refused.status_code == 413 and TOO_LARGE.format(2) in refused.text


def test_each_visitor_and_all_of_them_have_a_bound():
    app = served()
    for _ in range(2):
        assert post(app, "/gradio_api/upload", 2 * MEGA + 400_000).status_code == 200
    mine = post(app, "/gradio_api/upload", MEGA)
    assert mine.status_code == 400 and "You have sent 5 MB" in mine.json()["detail"]
    assert post(app, "/gradio_api/upload", 2 * MEGA, "10.0.0.2").status_code == 200
    assert post(app, "/gradio_api/upload", MEGA, "10.0.0.3").status_code == 200
    theirs = post(app, "/gradio_api/upload", MEGA, "10.0.0.4")
    assert theirs.status_code == 400 and theirs.json()["error"] == NO_ROOM
    assert sum(upload.bytes for upload in app.uploads) < BOUNDS.folder  # what was refused is gone


async def refuse(request: Request) -> PlainTextResponse:
    await request.body()
    return PlainTextResponse("no", 400)


def test_what_the_page_refuses_itself_counts_as_it_may_be_kept():
    app = Limits(Router([Route("/gradio_api/upload", refuse, methods=["POST"])]), BOUNDS)
    for _ in range(2):
        assert post(app, "/gradio_api/upload", 2 * MEGA + 400_000).text == "no"
    assert "You have sent 5 MB" in post(app, "/gradio_api/upload", MEGA).text


def test_room_comes_back_when_uploads_are_deleted():
    app = served()
    for _ in range(2):
        post(app, "/gradio_api/upload", 2 * MEGA + 400_000)
    assert post(app, "/gradio_api/upload", MEGA).status_code == 400
    for upload in app.uploads:
        upload.began -= 5000
    assert post(app, "/gradio_api/upload", MEGA).status_code == 200


def test_closed_addresses_are_not_there():
    api = "/gradio_api/"
    for path in ("deep_link", "vibe-edit/", "vibe-code", "file=http://a.org/b", "file=https%3A//a"):
        refused = post(served(), api + path)
        assert refused.status_code == 404 and refused.json()["detail"] == NOT_HERE


def test_a_full_disk_is_said_to_be_full(capsys):
    async def go():
        transport = httpx.ASGITransport(served())
        async with httpx.AsyncClient(transport=transport, base_url="http://page") as client:
            return await client.get("/full")

    said = asyncio.run(go())
    assert said.status_code == 507 and "disk is full" in said.json()["detail"]
    assert "Traceback" not in capsys.readouterr().err


def test_parts_are_counted_however_the_form_is_cut():
    form = 3 * b"--limit\r\nname\r\n\r\n--limi and text\r\n" + b"--limit--\r\n"
    for step in (1, 5, 8, 999):
        count = FileCount('multipart/form-data; boundary="limit"')
        for start in range(0, len(form), step):
            found = count.add(form[start : start + step])
        assert found == 3, step
    assert FileCount("text/plain").add(form) == 0


@pytest.mark.parametrize(
    "boundary", ["boundary=limit", 'Boundary="limit"', "charset=x; BOUNDARY=limit; more=1"]
)
def test_the_boundary_is_read_as_the_form_is(boundary):
    form = 5 * b"--limit\r\nname\r\n\r\ntext\r\n" + b"--limit--\r\n"
    assert FileCount(f"multipart/form-data; {boundary}").add(form) == 5
    assert FileCount('multipart/form-data; boundary="a;b"').add(b"--a;b\r\n") == 1


def files_kept() -> int:
    return sum(len(files) for _, _, files in os.walk(get_upload_folder()))


@pytest.mark.slow
def test_the_page_keeps_nothing_of_what_it_refuses_or_of_what_is_cut_off(address):
    before = files_kept()
    many = [("files", (f"{number}.png", b"x")) for number in range(9)]
    refused = httpx.post(f"{address}gradio_api/upload", files=many)
    assert refused.status_code == 400 and TOO_MANY_FILES.format(4) in refused.text
    large = httpx.post(f"{address}gradio_api/upload", files={"files": b"x" * 42 * MEGA})
    assert large.status_code == 413 and TOO_LARGE.format(41) in large.text
    url = httpx.URL(address)

    async def hang_up():
        _, writer = await asyncio.open_connection(url.host, url.port)
        start = b"--limit\r\nContent-Disposition: form-data; name=files; filename=a.png\r\n\r\nabc"
        writer.write(
            b"POST /gradio_api/upload HTTP/1.1\r\nHost: page\r\nContent-Length: 90000\r\n"
            b"Content-Type: multipart/form-data; boundary=limit\r\n\r\n" + start + b"x" * 9000
        )
        await writer.drain()
        await asyncio.sleep(0.5)
        assert files_kept() == before + 1  # it has begun to be written
        writer.close()
        await asyncio.sleep(1.5)

    asyncio.run(hang_up())
    assert files_kept() == before


@pytest.mark.slow
def test_the_page_refuses_what_is_too_large_and_has_no_links_to_what_one_visitor_sees(address):
    body = json.dumps({"data": ["x" * 13 * MEGA], "session_hash": "large"})
    said = httpx.post(f"{address}gradio_api/call/draw", content=body,
                      headers={"content-type": "application/json"})  # fmt: skip
    assert said.status_code == 413 and "at most 12 MB" in said.json()["detail"]
    link = httpx.get(f"{address}gradio_api/deep_link", params={"session_hash": "large"})
    assert link.status_code == 404
    assert launch_settings()["max_file_size"] == "40mb"
