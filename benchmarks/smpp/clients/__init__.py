"""Programs that send: each a process of its own, with one session bound.

Arguments are the port and the window. For each line on standard input, the number of
messages, it sends so many, and prints the monotonic times of the start and of the last
response, and the seconds of CPU time between them.
"""
