"""The acts of a lease's life: draft, sign, hand over, end, cancel; and holding over."""
