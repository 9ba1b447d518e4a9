"""Mail to the internet: what AWS blocks before any filter of the account is asked."""

from __future__ import annotations

import msgspec

from .engine.spread import Piece
from .models.component import conditional
from .models.packet import TCP, services_of
from .models.rule import rule
from .models.verdict import Verdict, all_of

SMTP = services_of(TCP, 25, 25)


@rule(
    "SG-30",
    says="EC2 blocks TCP port 25 to the internet outside any security group, until the account asks for its removal.",
    source="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-resource-limits.html",
)
def doubted(piece: Piece) -> Piece:
    """Return mail to the internet, in the doubt whether the account may send it."""
    doubt = conditional("AWS blocks TCP port 25 to the internet unless the account had the limit removed", "", "SG-30")
    verdict = all_of((piece.forward, Verdict.CONDITIONAL))
    return msgspec.structs.replace(piece, forward=verdict, doubts=piece.doubts | {doubt})
