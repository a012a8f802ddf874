"""Gauges for Prometheus: what waits in the jobs' tables, and how the hubs are doing."""
