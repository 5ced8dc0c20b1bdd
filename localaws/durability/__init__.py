"""What outlives the process: a home of its own, in which everything acknowledged is found again after `kill -9`.

How: one thread at a time changes anything (`turn.py`), and what it changed is in SQLite (`database.py`) or, the bytes
of S3's objects, in files (`contents.py`) before the answer goes out (`keeper.py`, `door.py`). What is small and seldom
changes is pickled whole; what is many (objects, items, messages, log events, jobs) has a row each, so that a request
costs the same however much there is. Nothing waits for the disk itself: the kernel has what a killed process wrote. The
price: a power cut can take the last moments, never the consistency.

It knows nothing of moto; `localaws/moto_seams/` says what in moto changes, and how it is read back.
"""
