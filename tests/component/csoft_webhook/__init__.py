"""The webhook of an account at Connection Software."""
