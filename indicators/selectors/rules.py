"""What the network decided about its figures."""

from indicators.models import FigureSettings


def figure_settings() -> FigureSettings:
    """As they stand, or the usual ones. One query."""
    return FigureSettings.objects.first() or FigureSettings()
