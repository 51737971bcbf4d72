"""Tests with a real language model server on this machine (``make test-llm``)."""
