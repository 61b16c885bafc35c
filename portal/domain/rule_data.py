"""The table of rules as data, for a form that has to judge without a signal."""

from collections.abc import Callable
from typing import Any

from .claims import HOME, HOMES, LIMITS, Claim
from .rules import RULES, Rule
from .texts import LARGEST_COUNT


def as_data(say: Callable[[str], str]) -> dict[str, Any]:
    """The table for a form without signal: claims it can judge itself; of the others only that there are such."""
    return {
        "form": "recordings",
        "limits": LIMITS | {HOME: LARGEST_COUNT},
        "sums": {HOMES: HOME},
        "rules": [_rule_data(rule, say) for rule in RULES],
    }


def _rule_data(rule: Rule, say: Callable[[str], str]) -> dict[str, Any]:
    judged = {}
    if rule.claim is not None:
        judged = {
            "when": [_claim_data(claim) for claim in rule.when],
            "claim": _claim_data(rule.claim),
            "each": list(rule.each),
            "missing": rule.missing,
            "words": {name: say(text) for name, text in rule.words.items()},
        }
    return {
        "id": rule.id,
        "kind": rule.kind,
        "where": "form" if judged else "server",
        "fields": list(rule.fields),
        "text": say(rule.text),
        "instruction": say(rule.instruction) if rule.instruction else "",
        "source": say(rule.source),
        **judged,
    }


def _claim_data(claim: Claim) -> dict[str, Any]:
    against: Any = list(claim.words) if claim.words else list(claim.right) if claim.right else claim.number
    return {"left": list(claim.left), "operator": claim.operator, "right": against}
