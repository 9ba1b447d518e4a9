"""Every way in which a selector can be refused, by the exact text that people see."""

from __future__ import annotations

import pytest

from analyzer.models.errors import QuestionError
from analyzer.models.snapshot import Snapshot
from analyzer.select import select

from .conftest import NETWORK, eni, made, tagged

LOOK = "\n  try: look at what there is with `reach list`"
KINDS = "\n  try: ask for a kind that is there: `alb`, `ec2`, `endpoint`, `interface`, `lambda`"
INTERFACES = "\n  try: name an interface, or a resource that has one: `reach list eni` shows them"
JOIN = "\n  try: join selectors with `and`, `or`, `not` and parentheses, and quote names that hold such words"
MIXED = "\n  try: name interfaces by subnet, tag or name: an address means packets with that very address, whoever owns it"


def refused(text: str, network: Snapshot) -> str:
    with pytest.raises(QuestionError) as caught:
        select(text, network)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("wbe", "nothing in the snapshot is called `wbe`\n  try: did you mean `web`, `web-2`?"),
        ("i-11", "nothing in the snapshot is called `i-11`\n  try: did you mean `i-1`, `eni-1`, `i-4`, `i-3`, `i-2`?"),
        ("qqqq", f"nothing in the snapshot is called `qqqq`{LOOK}"),
        ("'firewall'", f"nothing in the snapshot is called `firewall`{LOOK}"),
        (
            "ecs",
            f"no interface of kind `ecs` in the snapshot{KINDS}",
        ),
        (
            "ecs:x",
            f"no interface of kind `ecs` in the snapshot{KINDS}",
        ),
        ("rds:order", "no `rds` in the snapshot is called `order`\n  try: did you mean `rds:orders`?"),
        (
            "sg:x",
            "no `sg` in the snapshot is called `x`\n  try: there are `sg:app`, `sg:bastion`, `sg:rds-group`, `sg:sg-a`, `sg:unused`",
        ),
        ("alb:shop", f"no `alb` in the snapshot is called `shop`{LOOK}"),
        ("frob:x", f"nothing in the snapshot is called `frob:x`{LOOK}"),
        ("name:app", "no interface in the snapshot is called `app`\n  try: did you mean `sg:app`?"),
        ("name:bastio", "no interface in the snapshot is called `bastio`\n  try: did you mean `name:bastion`?"),
        ("tag:tier=wbe", "no interface in the snapshot has the tag `tier=wbe`\n  try: did you mean `tag:tier=web`?"),
        ("tag:tier", "a tag selector without a value: `tag:tier`\n  try: write `tag:tier=VALUE`, or `tag:tier=*` for any value"),
        (
            "account:1",
            "no interface in the snapshot belongs to the account `1`\n  try: there are `account:111122223333`, `account:444455556666`",
        ),
        (
            "region:eu-west-2",
            "no interface in the snapshot is in the Region `eu-west-2`\n  try: did you mean `region:eu-west-1`?",
        ),
        (
            "context:zzz",
            "no interface in the snapshot is in the context `zzz`\n  try: there are `context:catalog`, `context:payments`, `context:shop`",
        ),
        ("10.0.0.300", "no such addresses: `10.0.0.300`\n  try: write them like `10.0.1.4`, `10.0.0.0/8` or `2001:db8::/32`"),
        ("10.0.0.0/40", "no such addresses: `10.0.0.0/40`\n  try: write them like `10.0.1.4`, `10.0.0.0/8` or `2001:db8::/32`"),
    ],
)
def test_what_matches_nothing_is_refused_with_near_names(network: Snapshot, text: str, message: str):
    assert refused(text, network) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sg-3", "`sg-3` (security group) cannot send or take packets: no interface in the snapshot carries it"),
        ("unused", "`sg-3` (security group) cannot send or take packets: no interface in the snapshot carries it"),
        ("vpc-2", "`vpc-2` (vpc) cannot send or take packets: no interface in the snapshot is in it"),
        ("vpc:empty", "`vpc-2` (vpc) cannot send or take packets: no interface in the snapshot is in it"),
        ("i-4", "`i-4` (instance) cannot send or take packets: none of its interfaces is in the snapshot"),
        ("rtb-1", "`rtb-1` (route table) cannot send or take packets: it has no interface"),
        ("routes", "`rtb-1` (route table) cannot send or take packets: it has no interface"),
    ],
)
def test_a_resource_without_interfaces_is_refused(network: Snapshot, text: str, message: str):
    assert refused(text, network) == message + INTERFACES


def test_a_name_of_several_kinds_is_refused_with_the_candidates(network: Snapshot):
    message = "`bastion` is the name of several kinds: `ec2:bastion` (i-3), `sg:bastion` (sg-4)"
    assert refused("bastion", network) == f"{message}\n  try: say which kind you mean, like `ec2:bastion`"
    more = made(
        **(
            NETWORK
            | {"SecurityGroups": [*NETWORK["SecurityGroups"], {"GroupId": "sg-9", "GroupName": "bastion", "VpcId": "vpc-2"}]}
        )
    )
    assert refused("bastion", more).startswith(f"{message} and 1 more of these kinds\n")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "it is empty"),
        ("  ", "it is empty"),
        ("a and", "a selector is missing at its end"),
        ("and a", "a selector is missing at character 1"),
        ("a or or b", "a selector is missing at character 6"),
        ("not", "a selector is missing at its end"),
        ("()", "a selector is missing at character 2"),
        ("(a", "a `)` is missing at its end"),
        ("a)", "nothing is open for the `)` at character 2"),
        ("a not b", "`and` or `or` is missing at character 3"),
        ("a (b)", "`and` or `or` is missing at character 3"),
        ("'a' 'b'", "`and` or `or` is missing at character 5"),
        ("sg:'a", "the quote at character 4 is never closed"),
        ("(" * 33 + "a" + ")" * 33, "its parentheses are nested more than 32 deep"),
    ],
)
def test_what_cannot_be_read_says_where(network: Snapshot, text: str, what: str):
    assert refused(text, network) == f"cannot read selector `{text}`: {what}{JOIN}"


def test_parentheses_may_be_32_deep_and_no_deeper(network: Snapshot):
    assert select("(" * 32 + "web" + ")" * 32, network)


def test_a_selector_has_at_most_4000_characters(network: Snapshot):
    assert select("web" + " " * 3997, network)
    message = (
        "a selector has 4,001 characters, at most 4,000 are read\n  try: tag the resources, and select them by `tag:KEY=VALUE`"
    )
    assert refused("web" + " " * 3998, network) == message


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("ec2 and 10.0.0.0/8", "`and` joins interfaces with addresses"),
        ("internet and rds", "`and` joins interfaces with addresses"),
        ("ec2 and not 10.0.0.0/8", "`not` takes addresses from interfaces"),
        ("not internet", "`not` takes addresses from interfaces"),
        ("internet and not ec2", "`not` takes interfaces from addresses"),
    ],
)
def test_interfaces_and_addresses_have_nothing_in_common(network: Snapshot, text: str, what: str):
    assert refused(text, network) == f"cannot read selector `{text}`: {what}, which have nothing in common{MIXED}"


@pytest.mark.parametrize("text", ["sg-1 and rds", "ec2 and not ec2", "8.8.8.8 and 9.9.9.9", "8.8.8.8 and not 8.0.0.0/8"])
def test_a_formula_that_selects_nothing_is_refused(network: Snapshot, text: str):
    assert (
        refused(text, network)
        == f"the parts of `{text}` have nothing in common\n  try: ask for its parts one by one with `reach list`"
    )


@pytest.mark.parametrize("text", ["ec2 or wbe", "ec2 and not wbe", "not (ec2 or wbe)"])
def test_every_part_must_match_something(network: Snapshot, text: str):
    assert refused(text, network).startswith("nothing in the snapshot is called `wbe`\n")


def test_an_empty_snapshot_says_so():
    assert refused("any", made()).startswith("the snapshot holds no interface\n")
    assert refused("rds", made()) == f"no interface of kind `rds` in the snapshot{LOOK}"


def test_hostile_names_and_words_stay_on_their_line():
    network = made(NetworkInterfaces=[eni(1, "10.0.0.1", TagSet=tagged("we\x1b[31mb\n`"))])
    assert refused("we\x1b[31mb`", network) == "nothing in the snapshot is called `we?[31mb?`\n  try: did you mean `we?[31mb??`?"
    assert refused("x" * 200, network) == f"nothing in the snapshot is called `{'x' * 79}…`{LOOK}"


def test_of_very_many_names_the_nearest_are_found():
    rows = [eni(number, f"10.0.{number // 250}.{number % 250}", TagSet=tagged(f"web-{number}")) for number in range(2500)]
    assert "did you mean `web-1234`," in refused("wbe-1234", made(NetworkInterfaces=rows))
