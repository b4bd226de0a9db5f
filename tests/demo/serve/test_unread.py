"""Answers that nobody fetches."""

from queue import Queue

from demo.serve.page import forget_unread


def waiting(count: int) -> Queue:
    queue: Queue = Queue()
    for number in range(count):
        queue.put(number)
    return queue


def test_of_too_many_unread_messages_the_oldest_sessions_lose_theirs():
    sessions = {"first": waiting(3), "read": waiting(0), "last": waiting(4)}
    forget_unread(sessions, 7)
    assert [queue.qsize() for queue in sessions.values()] == [3, 0, 4]
    forget_unread(sessions, 5)
    assert [queue.qsize() for queue in sessions.values()] == [1, 0, 4]
    assert sessions["first"].get() == 2  # its oldest are gone
    forget_unread(sessions, 1)
    assert [queue.qsize() for queue in sessions.values()] == [0, 0, 1]
