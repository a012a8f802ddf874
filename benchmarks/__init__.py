"""What the product costs, as ratios measured in one run; `make bench` runs all of it.

Every part runs on the demo's network, in services and data of its own (`.data-bench/`).
"""
