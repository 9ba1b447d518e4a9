"""The translator table of Terraform's AWS provider: which attribute is which field of AWS's answers. A new resource is one entry."""

from __future__ import annotations

from ...declared.shape import Table
from .balancers import BALANCERS
from .gateways import GATEWAYS
from .guards import GUARDS
from .routes import ROUTES
from .services import SERVICES
from .transit import TRANSIT
from .vpc import VPC

TABLE: Table = {**VPC, **GUARDS, **ROUTES, **GATEWAYS, **TRANSIT, **BALANCERS, **SERVICES}
