"""Composition: settings, addresses, jobs, the API's and the staff site's roots."""

VERSION = "0.1.0"
