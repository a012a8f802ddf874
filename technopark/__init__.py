"""Composition: settings, addresses, jobs, the API's and the staff site's roots."""
