"""Danger, officers and cases: who must be told, and that a person answers."""
