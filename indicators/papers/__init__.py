"""Documents of indicators: the monthly report, set by typst."""
