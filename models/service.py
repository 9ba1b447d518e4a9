"""Services as people write them: `tcp/443`, `udp/53`, `icmp/8`, `https`, `proto/47`, comma-separated."""

from __future__ import annotations

from .errors import QuestionError, near, quoted
from .packet import EVERY_SERVICE, ICMP, ICMP6, TCP, UDP, IntervalSet, services_of, union

PROTOCOLS = {
    "icmp": ICMP,
    "tcp": TCP,
    "udp": UDP,
    "gre": 47,
    "esp": 50,
    "ah": 51,
    "icmpv6": ICMP6,
    "ospf": 89,
    "vrrp": 112,
    "sctp": 132,
    "igmp": 2,
    "ipip": 4,
}
WITH_DETAIL = {TCP, UDP, ICMP, ICMP6}
# IANA service names that people use for things in a VPC; what AWS's managed services listen on by default is among them.
NAMES = {
    "ftp": "tcp/21",
    "ssh": "tcp/22",
    "telnet": "tcp/23",
    "smtp": "tcp/25",
    "dns": "tcp/53,udp/53",
    "domain": "tcp/53,udp/53",
    "http": "tcp/80",
    "ntp": "udp/123",
    "ldap": "tcp/389",
    "https": "tcp/443",
    "smb": "tcp/445",
    "microsoft-ds": "tcp/445",
    "syslog": "udp/514",
    "ldaps": "tcp/636",
    "imaps": "tcp/993",
    "mssql": "tcp/1433",
    "ms-sql-s": "tcp/1433",
    "oracle": "tcp/1521",
    "nfs": "tcp/2049",
    "zookeeper": "tcp/2181",
    "mysql": "tcp/3306",
    "rdp": "tcp/3389",
    "ms-wbt-server": "tcp/3389",
    "vxlan": "udp/4789",
    "postgres": "tcp/5432",
    "postgresql": "tcp/5432",
    "redshift": "tcp/5439",
    "winrm": "tcp/5985-5986",
    "geneve": "udp/6081",
    "redis": "tcp/6379",
    "kubernetes": "tcp/6443",
    "http-alt": "tcp/8080",
    "kafka": "tcp/9092",
    "elasticsearch": "tcp/9200",
    "memcached": "tcp/11211",
    "mongodb": "tcp/27017",
    "ping": "icmp/8,icmpv6/128",
}


def parse_services(text: str) -> IntervalSet:
    """Return the services that a comma-separated list names; "" and `all` name every one.

    Raises QuestionError naming the part that is no service.
    """
    parts = [part.strip().lower() for part in text.split(",") if part.strip()]
    return union(_parse(part, text) for part in parts) if parts else EVERY_SERVICE


def _parse(part: str, whole: str) -> IntervalSet:
    if part in ("all", "any"):
        return EVERY_SERVICE
    if part in NAMES:
        return union(_parse(one, whole) for one in NAMES[part].split(","))
    head, slash, detail = part.partition("/")
    if head in ("proto", "protocol") and slash:
        low, high = _range(detail, 255, part)
        return union(services_of(number) for number in range(low, high + 1))
    if head not in PROTOCOLS or (slash and PROTOCOLS[head] not in WITH_DETAIL):
        raise _no_service(part)
    protocol = PROTOCOLS[head]
    if not slash:
        return services_of(protocol)
    if protocol in (ICMP, ICMP6):
        return _icmp(protocol, detail, part)
    return services_of(protocol, *_range(detail, 65535, part))


def _icmp(protocol: int, detail: str, part: str) -> IntervalSet:
    types, slash, code = detail.partition("/")
    low, high = _range(types, 255, part)
    if not slash:
        return services_of(protocol, low * 256, high * 256 + 255)
    first, last = _range(code, 255, part)
    return union(services_of(protocol, one * 256 + first, one * 256 + last) for one in range(low, high + 1))


def _range(text: str, top: int, part: str) -> tuple[int, int]:
    low, dash, high = text.partition("-")
    if not (low.isascii() and low.isdigit() and (not dash or (high.isascii() and high.isdigit()))) or len(text) > 11:
        raise _no_service(part)
    first, last = int(low), int(high or low)
    if not first <= last <= top:
        raise _no_service(part)
    return first, last


def _no_service(part: str) -> QuestionError:
    shown = part[:60]
    close = [f"tcp/{shown}"] if shown.isascii() and shown.isdigit() and int(shown) <= 65535 else near(shown, [*NAMES, *PROTOCOLS])
    hint = (
        f"did you mean {quoted(close)}?"
        if close
        else "write it like `tcp/443`, `tcp/1024-2048`, `udp/53`, `icmp/8`, `proto/47` or `https`"
    )
    return QuestionError(f"no such service: `{shown}`", hint=hint)


def service_text(services: IntervalSet) -> list[str]:
    """Return a set of services in words, merged and in order of protocol number: `tcp/22`, `udp`, `proto/2-5`; `all` for every one."""
    if services == EVERY_SERVICE:
        return ["all"]
    words: list[str] = []
    whole: list[int] = []
    for protocol in sorted({number for low, high in services for number in range(low >> 16, (high >> 16) + 1)}):
        part = services & services_of(protocol)
        if part and protocol not in WITH_DETAIL and protocol not in _SHORT:
            whole.append(protocol)
        elif part:
            words.extend(_words(protocol, part))
    return words + _numbers(whole)


_SHORT = {number: name for name, number in PROTOCOLS.items() if name in ("gre", "esp", "ah", "sctp")}


def _words(protocol: int, part: IntervalSet) -> list[str]:
    name = next((name for name, number in PROTOCOLS.items() if number == protocol), f"proto/{protocol}")
    if part == services_of(protocol) or protocol not in WITH_DETAIL:
        return [name]
    base = protocol << 16
    if protocol in (TCP, UDP):
        return [f"{name}/{_span(low - base, high - base)}" for low, high in part]
    return [word for low, high in part for word in _icmp_words(name, low - base, high - base)]


def _icmp_words(name: str, low: int, high: int) -> list[str]:
    words = []
    while low <= high:
        type_, code = divmod(low, 256)
        if code == 0 and high - low >= 255:
            last = (high + 1) // 256 - 1
            words.append(f"{name}/{_span(type_, last)}")
            low = (last + 1) * 256
        else:
            end = min(high, type_ * 256 + 255)
            words.append(f"{name}/{type_}/{_span(code, end % 256)}")
            low = end + 1
    return words


def _numbers(numbers: list[int]) -> list[str]:
    spans: list[tuple[int, int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    return [f"proto/{_span(low, high)}" for low, high in spans]


def _span(low: int, high: int) -> str:
    return str(low) if low == high else f"{low}-{high}"
