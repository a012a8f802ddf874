"""One service per step of `applications.workflow`."""
