"""S3: how it answers, the events of its buckets, and its objects in a home."""
