"""Builds and runs everything: settings, channels, workers, command line, migrations."""
