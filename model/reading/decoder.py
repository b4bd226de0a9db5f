"""Pictures decoded in processes of their own: these can be ended, and their memory is bounded.

The libraries that decode a stranger's file are written in C. A file that makes one of them work for
ever, or ask for gigabytes, costs a process that is replaced, and others wait no longer than that.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from model.reading.images import read_picture

SECONDS = 15.0  # that a picture may take to decode
TO_START = 60.0  # seconds that a process may take before its first picture
MEMORY = 450_000_000  # bytes that decoding a picture may take
NOT_STARTED = "No process to open this picture could be started; try again in a minute."
TOO_SLOW = "This picture takes too long to open; save it as a JPEG and try again."
TOO_MANY = "Too many pictures are being opened; try again in a minute."
TOO_MUCH = "This picture takes too much memory to open; make it smaller and try again."


class Decoders:
    """A few processes that decode pictures, started when they are first needed.

    Args:
        count: of processes, so of pictures that are decoded at a time.
        seconds: that a picture may take.
        memory: bytes that it may take; enforced where the system can, so not on Windows.
    """

    def __init__(self, count: int = 2, seconds: float = SECONDS, memory: int = MEMORY):
        self._idle: queue.LifoQueue[Decoder] = queue.LifoQueue()
        self._patience = 2 * seconds
        for _ in range(count):
            self._idle.put(Decoder(seconds, memory))

    def start(self) -> None:
        """Start one process before the first picture comes."""
        decoder = self._idle.get()
        try:
            decoder.start()
        finally:
            self._idle.put(decoder)

    def read(self, source: Path | bytes, longest: int | None = None) -> np.ndarray:
        """Decode a picture; see `model.reading.images.read_picture`.

        Raises:
            ValueError: one sentence, if there is no picture in it, it takes too long or too much
                memory to decode, or too many others are being decoded.
        """
        try:
            decoder = self._idle.get(timeout=self._patience)
        except queue.Empty:
            raise ValueError(TOO_MANY) from None
        try:
            return decoder.read(source, longest)
        finally:
            self._idle.put(decoder)


class Decoder:
    """One process that decodes a picture at a time, replaced when it has to be ended."""

    def __init__(self, seconds: float, memory: int):
        self._seconds, self._memory = seconds, memory
        self._process: multiprocessing.process.BaseProcess | None = None

    def start(self) -> None:
        if self._process is not None and self._process.is_alive():
            return
        spawn = multiprocessing.get_context("spawn")
        self._pipe, other = spawn.Pipe()
        process = spawn.Process(
            target=serve, args=(other, self._memory), name="decoder", daemon=True
        )
        process.start()
        other.close()
        self._process = process
        if not self._pipe.poll(TO_START):
            self._end()
            raise ValueError(NOT_STARTED)
        self._pipe.recv()  # it has begun, so its time is all for the picture

    def read(self, source: Path | bytes, longest: int | None) -> np.ndarray:
        try:
            self.start()
            self._pipe.send((source, longest))
            if not self._pipe.poll(self._seconds):
                self._end()
                raise ValueError(TOO_SLOW)
            answer = self._pipe.recv()
        except (EOFError, OSError) as error:  # the process died
            self._end()
            raise ValueError(TOO_MUCH) from error
        if isinstance(answer, str):
            raise ValueError(answer)
        return answer

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._pipe.close()
            self._process = None


def serve(pipe: Connection, memory: int) -> None:
    """Decode what comes through a pipe until it is closed; what is none gets a sentence."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the page, which closes the pipe
    limit_memory(memory)
    pipe.send(None)
    while True:
        try:
            source, longest = pipe.recv()
        except EOFError:
            return
        try:
            answer: np.ndarray | str = read_picture(source, longest)
        except ValueError as error:
            answer = TOO_MUCH if ran_out(error) else str(error)
        pipe.send(answer)


def ran_out(error: BaseException | None) -> bool:
    """Whether memory was what was missing, in an error or in what it was raised from."""
    while error is not None:
        if isinstance(error, MemoryError):
            return True
        error = error.__cause__
    return False


def limit_memory(more: int) -> None:
    """Let this process take `more` bytes than it has now, where the system can bound it."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text("utf-8").split()[5])
    except (ImportError, OSError):
        return
    most = pages * os.sysconf("SC_PAGE_SIZE") + more
    _, bound = resource.getrlimit(resource.RLIMIT_DATA)
    if bound != resource.RLIM_INFINITY:
        most = min(most, bound)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
