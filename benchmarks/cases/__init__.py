"""Measurements of cases: durable steps, storage, growth, jobs and verification."""
