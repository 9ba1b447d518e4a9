"""What is easier said in Python than in an invariant."""


def test_web_hosts_are_the_only_ones_with_https(network, reach):
    reach("internet", "sg:web", on="https").assert_reachable()
    reach("internet", "name:orders-db", on="https").assert_blocked()
    assert {row.target.name for row in network.matrix("interface", source="internet").rows()} == {"web-1"}
