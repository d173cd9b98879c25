"""What was found of a deployment: all that it is built from, so that it can be built again with other values."""

from __future__ import annotations

from collections.abc import Sequence

from pgfpmlint.config import Config
from pgfpmlint.model.build import Readings, build
from pgfpmlint.model.deployment import Deployment
from pgfpmlint.record import NamedTuple
from pgfpmlint.resolve.settings import Reading


class Survey(NamedTuple):
    """The arguments of `build`, and the readings that they were made from."""

    found: Readings
    config: Config
    whole: bool = True
    hidden: Sequence[str] = ()
    readings: Sequence[Reading] = ()

    def deployment(self) -> Deployment:
        """ConfigError where the configuration names nodes that aren't there."""
        return build(self.found, self.config, whole=self.whole, hidden=self.hidden)
