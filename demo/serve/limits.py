"""What a request may bring, in bytes and in files; what is refused is refused in one sentence."""

from __future__ import annotations

import errno
import json
import sys
import time
from collections import deque
from dataclasses import dataclass

from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from demo.serve.sweep import EVERY, SECONDS

MEGA = 1_000_000
UPLOAD = "/gradio_api/upload"
# Of files, those of other websites are closed, which Gradio would fetch for whoever asks.
CLOSED = tuple(
    f"/gradio_api/{name}"
    for name in ("deep_link", "process_recording", "vibe-", "file=http", "file/http")
)
KEPT = SECONDS + EVERY  # seconds until an upload is deleted

NOT_HERE = "This page has no such address."
TOO_MANY_FILES = "Send no more than {} files in a request."
TOO_LARGE = "This is too large: send at most {} MB in a request."
YOUR_SHARE = "You have sent {} MB within the last hour, which is the limit; try again later."
NO_ROOM = "The server has no room for more pictures now; try again in an hour."
HUNG_UP = "The upload ended before all of it came."
FULL = "The server's disk is full; try again later."
NOT_ANSWERED = "The server cannot answer this; check the endpoint's name and its arguments."


@dataclass(frozen=True)
class Bounds:
    """What is let in.

    Attributes:
        body: bytes of a request that brings no files.
        upload: bytes of a request that brings files.
        files: in one request.
        visitor: bytes of the files that are kept for one address.
        folder: bytes of all files that are kept.
    """

    body: int = 12 * MEGA
    upload: int = 41 * MEGA
    files: int = 4
    visitor: int = 400 * MEGA
    folder: int = 2000 * MEGA


@dataclass
class Upload:
    """Bytes that somebody sent; `began` is when, in seconds."""

    visitor: str
    began: float
    bytes: int = 0


class Limits:
    """Lets in what is within the bounds; it stands before Gradio's server.

    Args:
        app: what answers.
        bounds: of what comes.
    """

    def __init__(self, app: ASGIApp, bounds: Bounds | None = None):
        self.app, self.bounds = app, bounds or Bounds()
        self.uploads: deque[Upload] = deque()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        path = scope["path"].rstrip("/")
        if any(closed in path for closed in CLOSED):
            return await say(send, 404, NOT_HERE)
        uploads = path.endswith(UPLOAD)
        most = self.bounds.upload if uploads else self.bounds.body
        length = Headers(scope=scope).get("content-length", "")
        if length.isdigit() and int(length) > most:
            return await say(send, 413, TOO_LARGE.format(most // MEGA))
        if not uploads:
            return await self.answer(scope, bounded(receive, most), send)
        upload = Upload((scope.get("client") or ("",))[0], time.monotonic())
        if sentence := self.refusal(upload):
            return await say(send, 503, sentence)
        return await self.receive_files(upload, scope, receive, send)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or say in a sentence that it cannot be; nothing of what was sent is printed."""
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            if begun:
                raise
            if isinstance(error, MultiPartException):
                return await say(send, 400, error.message)
            if isinstance(error, HTTPException):
                return await say(send, error.status_code, error.detail)
            full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
            print(f"Not answered: {scope['path'][:80]!r}, {type(error).__name__}", file=sys.stderr)
            await say(send, 507 if full else 400, FULL if full else NOT_ANSWERED)

    async def receive_files(
        self, upload: Upload, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Take files in; of those that are cut off here, nothing is kept or counted."""
        self.uploads.append(upload)
        cut_off = False
        parts = FileCount(Headers(scope=scope).get("content-type", ""))

        def why_not(message: Message) -> str | None:
            if message["type"] == "http.disconnect":
                return HUNG_UP
            chunk = message.get("body", b"")
            upload.bytes += len(chunk)
            if upload.bytes > self.bounds.upload:
                return TOO_LARGE.format(self.bounds.upload // MEGA)
            if parts.add(chunk) > self.bounds.files:
                return TOO_MANY_FILES.format(self.bounds.files)
            return self.refusal(upload)

        async def counted() -> Message:
            nonlocal cut_off
            message = await receive()
            if sentence := why_not(message):
                cut_off = True
                # With this error, and no other, Gradio deletes what it has written so far.
                raise MultiPartException(sentence)
            return message

        try:
            await self.answer(scope, counted, send)
        finally:
            if cut_off and upload in self.uploads:
                self.uploads.remove(upload)

    def refusal(self, upload: Upload) -> str | None:
        """Why no more can be taken in of an upload; None if it can."""
        while self.uploads and self.uploads[0].began < time.monotonic() - KEPT:
            self.uploads.popleft()
        theirs = sum(each.bytes for each in self.uploads if each.visitor == upload.visitor)
        if theirs > self.bounds.visitor:
            return YOUR_SHARE.format(self.bounds.visitor // MEGA)
        if sum(each.bytes for each in self.uploads) > self.bounds.folder:
            return NO_ROOM
        return None


class FileCount:
    """Counts the parts of a form while it comes in, by the boundary between them."""

    def __init__(self, content_type: str):
        boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
        self._boundary = b"--" + boundary if boundary else b""
        self._tail, self._count = b"", 0

    def add(self, chunk: bytes) -> int:
        """How many parts have begun, after `chunk` came too."""
        if not self._boundary:
            return 0
        seen = self._tail + chunk
        self._count += seen.count(self._boundary + b"\r\n")
        self._tail = seen[max(0, len(seen) - len(self._boundary) - 1) :]
        return self._count


def bounded(receive: Receive, most: int) -> Receive:
    """What comes, until it is too much."""
    total = 0

    async def counted() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > most:
            raise HTTPException(413, TOO_LARGE.format(most // MEGA))
        return message

    return counted


async def say(send: Send, status: int, sentence: str) -> None:
    """Answer with one sentence, under the names that browsers and programs look for."""
    body = json.dumps({"detail": sentence, "error": sentence}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
