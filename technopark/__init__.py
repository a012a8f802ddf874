"""Composition: settings, addresses, jobs, the API's and the staff site's roots."""

import gc

VERSION = "0.1.0"

# A program loads hundreds of thousands of objects that stay until it ends. Looking through them
# after every 700 new ones took a quarter of the time in which it starts, or migrates.
gc.set_threshold(50_000, 20, 20)
