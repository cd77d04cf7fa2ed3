"""The threads that journals work in."""

import threading


def lasting_journal_threads(seconds: float = 10) -> list[threading.Thread]:
    """Return the threads of journals that do not end within a time.

    A closed journal has told its last before its thread comes to its end.
    """
    threads = [
        thread
        for thread in threading.enumerate()
        if "_connection_worker_thread" in thread.name
    ]
    for thread in threads:
        thread.join(seconds)
    return [thread for thread in threads if thread.is_alive()]
