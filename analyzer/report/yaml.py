"""YAML for other tools: safely dumped, in the order that is given, with no anchors."""

from __future__ import annotations

from typing import Any


def dumped(value: Any) -> str:
    """Return plain values as YAML; the same values, the same bytes."""
    import yaml

    class Dumper(yaml.SafeDumper):  # type: ignore[misc]  # it comes without types
        """A dumper that writes every value where it stands: few tools read aliases."""

        def ignore_aliases(self, data: object) -> bool:
            return True

    text: str = yaml.dump(value, Dumper=Dumper, sort_keys=False, allow_unicode=False, width=120)
    return text
