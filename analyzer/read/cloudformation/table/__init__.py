"""Which property of which type of resource is which field of AWS's answers. A new type is one entry."""

from __future__ import annotations

from ...declared.shape import Table
from .balancers import BALANCERS
from .gateways import GATEWAYS
from .guards import GUARDS
from .routes import ROUTES
from .services import SERVICES
from .stores import STORES
from .transit import TRANSIT
from .vpc import VPC

TABLE: Table = {**VPC, **GUARDS, **ROUTES, **GATEWAYS, **TRANSIT, **BALANCERS, **SERVICES, **STORES}
