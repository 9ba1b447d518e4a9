"""Flow logs: of which VPCs, subnets and interfaces somebody records who talked to whom. They move no packet."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from ..component import Component, Document


class FlowLog(Component, kw_only=True):
    """A flow log: DescribeFlowLogs. `resource_id` is a VPC, a subnet, an interface or something of a transit gateway."""

    kind: ClassVar[str] = "flow_log"
    documents: ClassVar[tuple[Document, ...]] = (Document("FlowLogs", "ec2", "DescribeFlowLogs"),)

    flow_log_id: str
    resource_id: str = ""
    flow_log_status: str = "ACTIVE"
    traffic_type: str = ""
    delivery: str = msgspec.field(name="DeliverLogsStatus", default="")

    @property
    def id(self) -> str:
        """The flow log's id."""
        return self.flow_log_id

    @property
    def records(self) -> bool:
        """Whether it is switched on and delivers what it records: AWS says `FAILED` where the destination refuses it."""
        return self.flow_log_status == "ACTIVE" and self.delivery != "FAILED"
