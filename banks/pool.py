"""A pool of threads that is refilled continuously: no call waits for the slowest of its chunk."""

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from queue import SimpleQueue
from typing import Final, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class _Stop:
    """Tells a worker to end; a worker that ends says so with the same mark."""


STOP: Final = _Stop()


def work_refilled(
    items: Iterable[Item], work: Callable[[Item], Result], *, workers: int, ahead: int
) -> Iterator[tuple[Item, Result]]:
    """Run `work` on every item in `workers` threads; yield (item, result) as they complete.

    Items are taken in the caller's thread, at most `ahead` more than the workers hold, so memory is flat however many
    come. What `work` raises is raised here. A caller who stops early waits for the calls under way and loses the rest.
    """
    waiting: SimpleQueue[Item | _Stop] = SimpleQueue()
    done: SimpleQueue[tuple[Item, Result] | _Stop] = SimpleQueue()
    abandoned = threading.Event()

    def loop() -> None:
        try:
            while not isinstance(item := waiting.get(), _Stop):
                if not abandoned.is_set():
                    done.put((item, work(item)))
        finally:
            done.put(STOP)

    with ThreadPoolExecutor(workers, thread_name_prefix="bank") as executor:
        loops = [executor.submit(loop) for _ in range(workers)]
        try:
            under_way = 0
            for item in items:
                waiting.put(item)
                under_way += 1
                while under_way and (under_way >= workers + ahead or not done.empty()):
                    yield _next_result(done, loops)
                    under_way -= 1
            for _ in range(under_way):
                yield _next_result(done, loops)
        finally:
            abandoned.set()
            for _ in loops:
                waiting.put(STOP)


def _next_result(done: "SimpleQueue[tuple[Item, Result] | _Stop]", loops: list[Future[None]]) -> tuple[Item, Result]:
    result = done.get()
    if isinstance(result, _Stop):
        for ended in wait(loops, return_when=FIRST_COMPLETED).done:
            ended.result()
        raise RuntimeError("a worker ended early without an error")
    return result
