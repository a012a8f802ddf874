"""Documents of billing: PDF for people, UBL for programs."""
