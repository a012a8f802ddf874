"""The usual scene, made by the real services wherever one exists."""
