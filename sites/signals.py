"""What sites tell to whoever stands above them, inside the transaction."""

from django.dispatch import Signal

# The network's file has been loaded: sites may be new.
network_loaded = Signal()
