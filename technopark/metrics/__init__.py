"""For Prometheus: what waits in the jobs' tables, how the hubs are doing, what was answered."""
