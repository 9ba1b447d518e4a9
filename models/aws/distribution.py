"""CloudFront distributions: whether a web ACL looks at their requests, and in which protocols viewers and origins are spoken to.

What they bring to a VPC is not modelled here: see VPC origins.
"""

from __future__ import annotations

from typing import ClassVar

import msgspec

from ..component import Component, Document


class CacheBehavior(msgspec.Struct, rename="pascal", frozen=True):
    """How requests to some paths are answered: `allow-all` takes them over HTTP too."""

    path_pattern: str = ""
    viewer_protocol_policy: str = ""


class CacheBehaviors(msgspec.Struct, rename="pascal", frozen=True):
    """The behaviors beside the default one."""

    items: list[CacheBehavior] = []


class CustomOrigin(msgspec.Struct, rename="pascal", frozen=True):
    """In which protocol an origin is called."""

    origin_protocol_policy: str = ""


class Origin(msgspec.Struct, rename="pascal", frozen=True):
    """Where a distribution gets its answers."""

    domain_name: str = ""
    custom_origin_config: CustomOrigin | None = None


class Origins(msgspec.Struct, rename="pascal", frozen=True):
    """The origins of a distribution."""

    items: list[Origin] = []


class ViewerCertificate(msgspec.Struct, rename="pascal", frozen=True):
    """The certificate that viewers see, and the oldest protocol in which they may connect."""

    cloud_front_default_certificate: bool = False
    minimum_protocol_version: str = ""


class Distribution(Component, kw_only=True):
    """A distribution: ListDistributions. `web_acl_id` is None where the answer does not say it, "" where there is none."""

    kind: ClassVar[str] = "distribution"
    documents: ClassVar[tuple[Document, ...]] = (Document("DistributionList", "cloudfront", "ListDistributions", rows="Items"),)

    distribution_id: str = msgspec.field(name="Id")
    arn: str = msgspec.field(name="ARN", default="")
    domain_name: str = ""
    enabled: bool = True
    web_acl_id: str | None = msgspec.field(name="WebACLId", default=None)
    default_cache_behavior: CacheBehavior = CacheBehavior()
    cache_behaviors: CacheBehaviors = CacheBehaviors()
    origins: Origins = Origins()
    viewer_certificate: ViewerCertificate = ViewerCertificate()

    @property
    def id(self) -> str:
        """The ARN, or the id where the answer has no ARN."""
        return self.arn or self.distribution_id

    def names(self) -> list[str]:
        """Return its id, its domain name and its Name tag."""
        return [name for name in (self.distribution_id, self.domain_name, self.name) if name]

    @property
    def behaviors(self) -> list[CacheBehavior]:
        """The default behavior, and those of paths."""
        return [self.default_cache_behavior, *self.cache_behaviors.items]
