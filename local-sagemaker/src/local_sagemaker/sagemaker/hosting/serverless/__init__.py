"""Serverless endpoints: their rules, and the container that runs only while requests come in."""
