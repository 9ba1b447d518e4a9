"""In which account and Region a plan makes its resources: what the configuration of their provider says."""

from __future__ import annotations

from typing import Any

from ..whose import ACCOUNT, ARN, REGION, UNTOLD, Viewer
from .references import Module

Json = dict[str, Any]


class Providers:
    """The configurations of providers in a plan, by the keys that resources name them with."""

    def __init__(self, document: Json, root: Module | None) -> None:
        configuration = document.get("configuration")
        listed = configuration.get("provider_config") if isinstance(configuration, dict) else None
        self._configs = listed if isinstance(listed, dict) else {}
        self._root = root
        self._known = {key: self._of(key) for key in self._configs}

    def viewer(self, key: str, values: Json) -> Viewer:
        """Return the account and Region of a resource, given the key of its provider; "" for what nobody can tell."""
        known = self._known.get(key, UNTOLD)
        region = values.get("region")
        # Since version 6 of the provider every resource says its own Region.
        own = region if isinstance(region, str) and REGION.fullmatch(region) else ""
        return Viewer(known.account, own or known.region)

    def _of(self, key: str) -> Viewer:
        config = self._configs[key]
        expressions = config.get("expressions") if isinstance(config, dict) else None
        if not isinstance(config, dict) or not isinstance(expressions, dict):
            return UNTOLD
        # A provider that is configured inside a module speaks of the module's own variables.
        root = None if config.get("module_address") else self._root
        region = _text(expressions.get("region"), root)
        roles = expressions.get("assume_role")
        arns = [_text(one.get("role_arn"), root) for one in roles if isinstance(one, dict)] if isinstance(roles, list) else []
        matches = [match for arn in arns if (match := ARN.fullmatch(arn))]
        accounts = {match[2] for match in matches} or {_text(expressions.get("allowed_account_ids"), root)}
        account = accounts.pop() if len(accounts) == 1 else ""
        return Viewer(account if ACCOUNT.fullmatch(account) else "", region if REGION.fullmatch(region) else "")


def _text(expression: Any, root: Module | None) -> str:
    """Return the text that an expression is: a constant, a list of one, or a variable of the root; "" for anything else."""
    if not isinstance(expression, dict):
        return ""
    if "constant_value" in expression:
        value = expression["constant_value"]
    else:
        names = [one for one in expression.get("references", []) if isinstance(one, str)]
        variable = names[0].removeprefix("var.") if len(names) == 1 and names[0].startswith("var.") else ""
        said = root.variables.get(variable) if root is not None else None
        value = said.get("value") if isinstance(said, dict) else None
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, str) else ""
