# Home Assistant puts probatio in the place of voluptuous, so that is what a checker has to see.
from probatio import *  # noqa: F403
