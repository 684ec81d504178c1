#!/usr/bin/env python3
"""Count the plan, compare with the logs, write expected.json and EXPECTED.md.

usage: check.py PLAN.json LOG_FOLDER OUT_FOLDER

Every figure but the number of lines comes from the plan and from rules about what one
visit makes a daemon write. One of these rules was learned from the log itself: dnsmasq
refuses A and AAAA of a blocked name but forwards type 65. The logs are then counted in
a second way (one regular expression a format) and must agree, or nothing is written.
"""
import gzip
import json
import re
import sys
from collections import Counter

plan = json.load(open(sys.argv[1]))
logs, out = sys.argv[2], sys.argv[3]
GROUPS = ("ai", "embedded", "decoys")
TITLES = {"ai": "ai_hosts", "embedded": "embedded_ai_hosts", "decoys": "lookalike_hosts"}
FILES = {
    "squid-access.log.1.gz": ("squid", lambda e: e["t"] < plan["rotate"]),
    "squid-access.log": ("squid", lambda e: e["t"] >= plan["rotate"]),
    "bind-query.log": ("bind", lambda e: True),
    "unbound.log": ("unbound", lambda e: True),
    "dnsmasq.log": ("dnsmasq", lambda e: True),
}


def squid_records(e):
    """(host, client, user, kind) of each access record of one visit."""
    host, client, user = e["host"], e["client"], e["user"]
    if e["mode"] == "garbage":
        return [(None, client, None, "invalid")]
    if e["mode"] == "wrong":
        return [(host, client, user, "challenged")]
    rows = []
    if e["mode"] == "first":
        rows.append((host, client, None, "challenged"))
    if host.endswith("deepseek.com"):
        return rows + [(host, client, user, "blocked")]
    if e["port"] == 3129:
        rows.append((host, client, user, "peek_repeat"))
    return rows + [(host, client, user, "used")]


def dns_records(e):
    name = e["name"].lower()
    rows = []
    for t in e["types"]:
        blocked = name.endswith("deepseek.com")
        if e["log"] == "dnsmasq" and t not in ("A", "AAAA"):
            blocked = False  # address=/name/# answers A and AAAA only, the rest is forwarded
        rows.append((name, e["client"], None, "blocked" if blocked else "used"))
    return rows


def figures(rows):
    f = {"client_records": len(rows),
         "records_without_host": sum(1 for r in rows if r[0] is None),
         "distinct_hosts": len({r[0] for r in rows if r[0]}),
         "distinct_clients": len({r[1] for r in rows})}
    kinds = Counter(r[3] for r in rows)
    for k in ("used", "blocked", "challenged", "peek_repeat"):
        f[k] = kinds[k]
    for g in GROUPS:
        f[TITLES[g]] = {}
        for host in sorted(plan[g]):
            mine = [r for r in rows if r[0] == host]
            if mine:
                k = Counter(r[3] for r in mine)
                d = {"records": len(mine), "clients": sorted({r[1] for r in mine})}
                users = sorted({r[2] for r in mine if r[2]})
                if users:
                    d["users"] = users
                for kind in ("used", "blocked", "challenged", "peek_repeat"):
                    if k[kind]:
                        d[kind] = k[kind]
                f[TITLES[g]][host] = d
    return f


def read(name):
    opener = gzip.open if name.endswith(".gz") else open
    with opener(logs + "/" + name, "rt", encoding="utf-8") as f:
        return f.read().splitlines()


def from_log(kind, lines):
    """(records per host, clients, blocked, challenged, peek repeats) as the lines have it."""
    hosts, clients = Counter(), set()
    if kind == "squid":
        for line in lines:
            m = re.match(r"\d+\.\d+ +\d+ (\S+) (\S+)/(\d+) \d+ (\S+) (\S+) .* \S+/\S+ \S+$", line)
            url = m[5]
            host = re.sub(r"^[a-z]+://", "", url).split("/")[0].rsplit(":", 1)[0].lower()
            hosts[None if url.startswith("error:") else host] += 1
            clients.add(m[1])
        return (hosts, clients, sum(" TCP_DENIED/403 " in x for x in lines),
                sum(" TCP_DENIED/407 " in x for x in lines), sum(" NONE_NONE/200 " in x for x in lines))
    query, client, blocked = {
        "bind": (r" queries: info: client @\S+ ([0-9.]+)#\d+ \(\S+\): query: (\S+) IN", 1, r" rpz: info: .*NXDOMAIN rewrite"),
        "unbound": (r"\] info: (\S+) (\S+)\. \S+ IN$", 1, r" always_nxdomain "),
        "dnsmasq": (r" query\[\S+\] (\S+) from (\S+)$", 2, r" config \S*deepseek\S* is (0\.0\.0\.0|::)$"),
    }[kind]
    for line in lines:
        m = re.search(query, line)
        if m:
            hosts[m[3 - client].lower()] += 1
            clients.add(m[client])
    return hosts, clients, sum(bool(re.search(blocked, x, re.I)) for x in lines), 0, 0


expected, wrong = {}, []
for name, (kind, mine) in FILES.items():
    rows = []
    for e in plan["events"]:
        if e["log"] == kind and mine(e):
            rows += squid_records(e) if kind == "squid" else dns_records(e)
    f = figures(rows)
    lines = read(name)
    got = from_log(kind, lines)
    want = (Counter(r[0] for r in rows), {r[1] for r in rows}, f["blocked"], f["challenged"], f["peek_repeat"])
    for label, a, b in zip(("hosts", "clients", "blocked", "challenged", "peek"), want, got):
        if a != b:
            wrong.append("%s: %s: plan %r, log %r" % (name, label, a, b))
    expected["logs/" + name] = {"kind": kind, "lines": len(lines), **f}
if wrong:
    sys.exit("\n".join(wrong))

top = {"organisation": "Harbour & Pine", "first_day": "2026-11-16", "last_day": "2026-11-20",
       "files": expected}
with open(out + "/expected.json", "w") as f:
    json.dump(top, f, indent=1)
    f.write("\n")

md = ["# What stands in the logs of Harbour & Pine", "",
      "Written by `recipe/check.py` from the plan of the traffic, not from any scanner's reading;",
      "the logs were counted a second time, line by line, and agree. The same figures stand in",
      "`expected.json`.", "",
      "A client record is one `query` line of a resolver (a reply, an rpz line or a `config` line is",
      "no second one), and every line of Squid. Host names are compared without regard to case.", "",
      "| file | lines | client records | distinct hosts | clients | used | blocked | challenged (407) | peek repeats |",
      "|---|---|---|---|---|---|---|---|---|"]
for name, f in expected.items():
    md.append("| %s | %d | %d | %d | %d | %d | %d | %d | %d |" % (
        name, f["lines"], f["client_records"], f["distinct_hosts"], f["distinct_clients"], f["used"],
        f["blocked"], f["challenged"], f["peek_repeat"]))
md += ["",
       "- Squid: used + blocked + challenged + peek repeats + records without a host (`error:invalid-request`,",
       "  a monitoring probe) = client records. Records without a host: " + ", ".join(
           "%d in %s" % (f["records_without_host"], n) for n, f in expected.items() if f["kind"] == "squid") + ".",
       "  A peek repeat is the `NONE_NONE/200` line that precedes the `TCP_TUNNEL` line of the same visit.",
       "  `martin.hale` is only ever challenged; the visits of chat.deepseek.com are refused with 403.",
       "  Used means neither refused nor challenged; it includes visits that failed later: one `NONE_NONE/500`",
       "  for no-such-host.example and a `TCP_TUNNEL/500` now and then on the peeking port.",
       "- BIND: blocked = rpz lines, one for each refused query. The query itself is a client record too.",
       "- Unbound: blocked = `always_nxdomain` local-action lines, one for each refused query.",
       "- dnsmasq: blocked = `config ... is 0.0.0.0` or `::` lines. dnsmasq 2.90 forwards the HTTPS (type 65)",
       "  queries of a name blocked with `address=/name/#`, so two of the eight queries went through.",
       "- Reply lines of dnsmasq name harbour-pine.openai.azure.com as the target of our own alias",
       "  assistant.harbour-pine.example; nobody at the workshop asked for it: 0 records.",
       "- www.example.org has chatgpt.com and claude.ai in its query string only (2 records): no use of either."]
for g, title in (("ai", "AI hosts"), ("embedded", "Services with AI inside"), ("decoys", "Look-alikes: must not match")):
    md += ["", "## " + title, "", "Client records per file.", "",
           "| host | " + " | ".join(n.split("/")[1] for n in expected) + " | total |",
           "|---|" + "---|" * (len(expected) + 1)]
    for host in plan[g]:
        n = [f[TITLES[g]].get(host, {}).get("records", 0) for f in expected.values()]
        md.append("| %s | %s | %d |" % (host, " | ".join(map(str, n)), sum(n)))
md += ["", "## Squid, by AI host", "", "Both files together.", "",
       "| host | records | used | blocked | challenged | peek repeats | users named |", "|---|---|---|---|---|---|---|"]
for host in plan["ai"]:
    c, users = Counter(), set()
    for f in expected.values():
        d = f["ai_hosts"].get(host)
        if f["kind"] == "squid" and d:
            c.update({k: v for k, v in d.items() if isinstance(v, int)})
            users.update(d.get("users", []))
    if c:
        md.append("| %s | %d | %d | %d | %d | %d | %s |" % (
            host, c["records"], c["used"], c["blocked"], c["challenged"], c["peek_repeat"],
            ", ".join("`%s`" % u for u in sorted(users)) or "-"))
md += ["", "Squid writes a backslash in a user's name twice: `HARBOUR\\tom.baker` stands as",
       "`HARBOUR\\\\tom.baker` in the log. The space in `priya shah` stands as it is."]
with open(out + "/EXPECTED.md", "w") as f:
    f.write("\n".join(md) + "\n")
print("checked: plan and logs agree")
