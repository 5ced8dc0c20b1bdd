"""Durable state in a home folder: every acknowledged change survives `kill -9`.

Only one thread at a time changes state (`lock.py`). Its changes are in SQLite (`database.py`) or, for the bytes of S3
objects, in files (`contents.py`) before the response is sent (`keeper.py`, `middleware.py`). Small state that seldom
changes is pickled whole; objects, items, messages, log events and jobs have one row each, so that a request does not
cost more the more state there is. Writes are not synced to disk: the kernel keeps what a killed process wrote. The
price: a power cut can lose the last moments, but never leaves the state inconsistent.

This package knows nothing of moto; `local_sagemaker/moto_seams/` knows what changes in moto, and how to restore it.
"""
