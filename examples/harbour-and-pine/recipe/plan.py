#!/usr/bin/env python3
"""Write the week of traffic as one list of events, from a fixed seed.

usage: plan.py PLAN.json

Nothing is contacted here. drive.py carries the list out, check.py counts it.
"""
import json
import random
import sys
from datetime import datetime, timedelta, timezone

SEED = 20261116
MONDAY = datetime(2026, 11, 16, tzinfo=timezone.utc)
START = MONDAY + timedelta(minutes=20)
RESTART = MONDAY + timedelta(days=2, hours=21, minutes=30)  # the resolvers restart
ROTATE = MONDAY + timedelta(days=3, seconds=4)              # squid's log is rotated
END = MONDAY + timedelta(days=4, hours=23, minutes=50)

rng = random.Random(SEED)

# person: (name for the proxy, workstation)
PEOPLE = {
    "ana": ("ana.ruiz", "10.20.1.11"),
    "tom": ("HARBOUR\\tom.baker", "10.20.1.12"),
    "priya": ("priya shah", "10.20.1.13"),
    "martin": ("martin.hale", "10.20.1.14"),
    "lucia": ("lucia.ferrari", "10.20.1.15"),
    "okafor": ("j.okafor", "10.20.1.16"),
    "sven": ("s.lindqvist", "10.20.1.17"),
    "dev": ("dev.patel", "10.20.1.21"),
    "marta": ("marta.nowak", "10.20.1.22"),
    "kay": ("HARBOUR\\kay.whitman", "10.20.1.23"),
    "emil": ("emil.berg", "10.20.1.24"),
    "osei": ("r.osei", "10.20.1.25"),
    "hana": ("h.tanaka", "10.20.1.26"),
    "nora": ("nora.quinn", "10.20.1.27"),
    "luis": ("luis.mendes", "10.20.1.28"),
    "petrov": ("g.petrov", "10.20.1.29"),
}
BUILD, RENDER = "10.20.8.21", "10.20.8.22"
LOANS = {"10.20.6.41": "lucia", "10.20.6.42": "kay", "10.20.6.43": "petrov"}

# Hosts of AI services and of suites with AI inside; everything else is plain.
AI = """
chatgpt.com cdn.oaistatic.com files.oaiusercontent.com auth.openai.com api.openai.com
claude.ai api.anthropic.com api.githubcopilot.com copilot-proxy.githubusercontent.com
gemini.google.com generativelanguage.googleapis.com copilot.microsoft.com
www.perplexity.ai www.midjourney.com www.deepl.com api.deepl.com otter.ai
huggingface.co cdn-lfs.huggingface.co chat.deepseek.com
bedrock-runtime.eu-central-1.amazonaws.com harbour-pine.openai.azure.com
""".split()
EMBEDDED = "miro.com www.notion.so zoom.us us02web.zoom.us".split()
DECOYS = """
openai.com.login-check.example notchatgpt.example chatgpt.com.harbour.example
claude.ai.harbour.example
""".split()

OFFICE_WEB = """
www.wikipedia.org en.wikipedia.org www.bbc.co.uk www.theguardian.com www.archdaily.com
outlook.office365.com login.microsoftonline.com teams.microsoft.com graph.microsoft.com
www.google.com fonts.gstatic.com cdn.jsdelivr.net cdnjs.cloudflare.com github.com
api.github.com www.autodesk.com accounts.autodesk.com www.rhino3d.com www.vam.ac.uk
bank.example travel.example suppliers.example.net www.example.com news.example.org
www.openstreetmap.org tile.openstreetmap.org maps.googleapis.com www.dezeen.com
slack.com edge.slack.com www.dropbox.com weather.example stats.timber-prices.example
""".split()
STUDIO_WEB = """
www.behance.net www.pinterest.com use.typekit.net www.adobe.com cc-api-storage.adobe.io
www.figma.com fonts.googleapis.com www.dezeen.com vimeo.com player.vimeo.com
www.wikipedia.org images.example.org paper-mill.example www.pantone.com
outlook.office365.com teams.microsoft.com www.dropbox.com open.spotify.com
""".split()
PHONE_WEB = """
captive.apple.com connectivitycheck.gstatic.com time.apple.com www.google.com
push.apple.com mtalk.google.com www.wikipedia.org www.bbc.co.uk web.whatsapp.com
radio.example football.example.net laser-cutter.example api.weather.example
www.youtube.com i.ytimg.com www.openstreetmap.org
""".split()

events = []


def at(day, hour):
    """hour is a number such as 9.25; the odd seconds come from the seed."""
    return MONDAY + timedelta(days=day, hours=hour, milliseconds=rng.randrange(0, 50000))


def office_hour():
    h = 8.5 + rng.random() * 9.0
    if 12.5 < h < 13.25:
        h += 0.8
    return h


def pick(seq):
    return seq[rng.randrange(len(seq))]


def web(when, client, host, user=None, mode="cached", port=3128, size=None, up=0, wait=None,
        url=None, tls=True):
    """One visit through the proxy.

    mode: first = asked without a password, challenged, asked again (2 records)
          cached = password sent at once; wrong = wrong password; none = no password needed
    """
    if size is None:
        size = int(10 ** (3.0 + rng.random() * 2.4))
    if wait is None:
        wait = 12 + rng.randrange(0, 130)
    events.append({"t": when.timestamp(), "log": "squid", "client": client, "user": user,
                   "host": host, "mode": mode, "port": port, "size": size, "up": up,
                   "wait": wait, "url": url or ("https://%s/" % host if tls else "http://%s/" % host)})


def dns(when, log, client, host, types=("A", "AAAA", "HTTPS"), case="lower", how="udp"):
    if case == "mixed":
        host = "".join(c.upper() if rng.random() < 0.5 else c for c in host)
    elif case == "upper":
        host = host.upper()
    events.append({"t": when.timestamp(), "log": log, "client": client, "name": host,
                   "types": list(types), "how": how})


# --- head office, proxy ------------------------------------------------------------------
HABITS = {
    "ana": [("chatgpt.com", 3), ("cdn.oaistatic.com", 1), ("www.deepl.com", 1)],
    "tom": [("chatgpt.com", 1), ("copilot.microsoft.com", 2), ("zoom.us", 1)],
    "priya": [("claude.ai", 3), ("www.notion.so", 2)],
    "lucia": [("www.midjourney.com", 2), ("chatgpt.com", 1), ("miro.com", 2)],
    "okafor": [("gemini.google.com", 2), ("otter.ai", 1)],
    "sven": [("www.perplexity.ai", 2)],
    "dev": [("api.githubcopilot.com", 5), ("copilot-proxy.githubusercontent.com", 4)],
    "marta": [("www.deepl.com", 2), ("api.deepl.com", 1)],
    "kay": [("miro.com", 1), ("us02web.zoom.us", 1), ("chatgpt.com", 1)],
    "emil": [("claude.ai", 1)],
    "osei": [("harbour-pine.openai.azure.com", 4)],
    "hana": [("api.githubcopilot.com", 4), ("api.anthropic.com", 2)],
}
for day in range(5):
    for who, (user, ip) in PEOPLE.items():
        if who == "martin":
            continue  # his password has expired: see below
        if (who, day) in (("kay", 0), ("emil", 4), ("petrov", 2)):
            continue  # out of the office
        visits = [(office_hour(), pick(OFFICE_WEB)) for _ in range(5)]
        for host, n in HABITS.get(who, ()):
            for _ in range(n):
                if rng.random() < 0.85:
                    visits.append((office_hour(), host))
        visits.sort()
        for i, (h, host) in enumerate(visits):
            up = rng.randrange(2000, 60000) if host in AI and rng.random() < 0.5 else 0
            web(at(day, h), ip, host, user, "first" if i == 0 else "cached", up=up)
    # two plain http requests a day, among them the checks that systems make themselves
    web(at(day, office_hour()), PEOPLE["nora"][1], "www.msftconnecttest.com", PEOPLE["nora"][0],
        url="http://www.msftconnecttest.com/connecttest.txt", size=22)
    web(at(day, office_hour()), PEOPLE["luis"][1], "intranet.harbour.example",
        PEOPLE["luis"][0], url="http://intranet.harbour.example/lunch?week=47", size=5200)

# martin.hale: wrong password, only ever challenged
for day, h in ((1, 9.4), (1, 9.45), (3, 14.1)):
    web(at(day, h), PEOPLE["martin"][1], "claude.ai", PEOPLE["martin"][0], "wrong")
web(at(1, 9.2), PEOPLE["martin"][1], "outlook.office365.com", PEOPLE["martin"][0], "wrong")

# the blocked service
for day, h in ((0, 11.3), (0, 11.32), (2, 15.7), (4, 10.05)):
    web(at(day, h), PEOPLE["marta"][1], "chat.deepseek.com", PEOPLE["marta"][0])
web(at(3, 16.4), PEOPLE["petrov"][1], "chat.deepseek.com", PEOPLE["petrov"][0], "first")

# model downloads
for day, h, size in ((0, 14.2, 31_000_000), (1, 10.6, 24_500_000), (2, 16.1, 40_200_000),
                     (3, 9.9, 18_700_000)):
    web(at(day, h), PEOPLE["emil"][1], "huggingface.co", PEOPLE["emil"][0], size=64_000)
    web(at(day, h + 0.02), PEOPLE["emil"][1], "cdn-lfs.huggingface.co", PEOPLE["emil"][0],
        size=size, wait=300)

# build server: the same job every ten minutes in the night, large uploads, no password
for day in range(5):
    for i in range(14):
        web(MONDAY + timedelta(days=day, hours=2, minutes=10 * i, milliseconds=rng.randrange(900)),
            BUILD, "api.openai.com", mode="none", size=rng.randrange(1500, 9000),
            up=rng.randrange(1_500_000, 6_000_000), wait=rng.randrange(200, 600),
            url="https://api.openai.com/v1/chat/completions")
    for h in (7.0, 12.0, 19.0):
        web(at(day, h), BUILD, "github.com", mode="none", size=300_000)
        web(at(day, h + 0.02), BUILD, "updates.example.net", mode="none", tls=False, size=90_000,
            url="http://updates.example.net/packages/index")
    for h in (20.0, 20.5, 21.0):
        web(at(day, h), RENDER, "bedrock-runtime.eu-central-1.amazonaws.com", mode="none",
            up=rng.randrange(200_000, 900_000), size=40_000)

# loan laptops, on the peeking port
for ip, who in LOANS.items():
    user = PEOPLE[who][0]
    for day in (1, 3, 4):
        for i, host in enumerate(["teams.microsoft.com", "chatgpt.com", pick(OFFICE_WEB),
                                  "miro.com"][: 3 + (day == 4)]):
            web(at(day, 10 + i * 0.3 + rng.random()), ip, host, user, port=3129)
web(at(4, 15.1), "10.20.6.42", "gemini.google.com", PEOPLE["kay"][0], "first", port=3129)

# look-alikes and traps
nora = PEOPLE["nora"]
web(at(0, 15.4), nora[1], "openai.com.login-check.example", nora[0])
web(at(2, 9.7), nora[1], "openai.com.login-check.example", nora[0])
web(at(1, 16.6), PEOPLE["luis"][1], "notchatgpt.example", PEOPLE["luis"][0])
web(at(3, 11.2), PEOPLE["luis"][1], "notchatgpt.example", PEOPLE["luis"][0])
for day in (0, 3):
    web(at(day, 13.9), nora[1], "www.example.org", nora[0],
        url="http://www.example.org/read?next=https://chatgpt.com/&tool=claude.ai")
web(at(2, 14.4), PEOPLE["ana"][1], "chatgpt.com", PEOPLE["ana"][0], url="https://CHATGPT.COM/")
web(at(1, 11.8), PEOPLE["dev"][1], "198.18.250.7", PEOPLE["dev"][0], url="https://198.18.250.7:443/")
web(at(1, 12.1), PEOPLE["dev"][1], "api.openai.com", PEOPLE["dev"][0], tls=False,
    url="http://api.openai.com/v1/models")
web(at(2, 12.1), PEOPLE["dev"][1], "generativelanguage.googleapis.com", PEOPLE["dev"][0])
web(at(3, 17.2), PEOPLE["sven"][1], "files.oaiusercontent.com", PEOPLE["sven"][0], size=900_000)
web(at(3, 17.1), PEOPLE["sven"][1], "auth.openai.com", PEOPLE["sven"][0])
web(at(4, 9.1), PEOPLE["hana"][1], "no-such-host.example", PEOPLE["hana"][0])
# a monitoring probe that is no HTTP at all: squid writes error:invalid-request
for day in (0, 2, 4):
    events.append({"t": at(day, 6.0).timestamp(), "log": "squid", "client": "10.20.0.99",
                   "user": None, "host": None, "mode": "garbage", "port": 3128})

# --- head office, BIND: machines and phones that resolve for themselves ----------------------
WORK = [ip for _, ip in PEOPLE.values()]
PHONES = ["10.20.9.%d" % n for n in (31, 32, 33, 34, 35, 36)]
for day in range(5):
    for _ in range(42):
        dns(at(day, office_hour()), "bind", pick(WORK + PHONES), pick(OFFICE_WEB),
            pick([("A", "AAAA", "HTTPS"), ("A", "AAAA"), ("A",), ("A", "AAAA", "HTTPS")]))
    for _ in range(9):
        dns(at(day, office_hour()), "bind", pick(WORK),
            pick(["intranet", "wiki", "files", "git", "print", "proxy"]) + ".harbour.example",
            ("A", "AAAA"))
    for h in (8.2, 13.4):
        dns(at(day, h), "bind", pick(WORK), "_ldap._tcp.dc._msdcs.harbour.example", ("SRV",))
        dns(at(day, h), "bind", pick(WORK), "wpad.harbour.example", ("A",))
        dns(at(day, h), "bind", PEOPLE["dev"][1], "21.8.20.10.in-addr.arpa", ("PTR",))
    for ip in (PEOPLE["ana"][1], PEOPLE["tom"][1], PEOPLE["lucia"][1], PHONES[0], PHONES[3]):
        if rng.random() < 0.8:
            dns(at(day, office_hour()), "bind", ip, "chatgpt.com")
    for host, ip in (("claude.ai", PEOPLE["priya"][1]), ("gemini.google.com", PHONES[1]),
                     ("copilot.microsoft.com", PEOPLE["tom"][1]), ("miro.com", PEOPLE["lucia"][1]),
                     ("www.notion.so", PEOPLE["priya"][1]), ("zoom.us", PHONES[2]),
                     ("otter.ai", PHONES[4]), ("www.perplexity.ai", PEOPLE["sven"][1])):
        if rng.random() < 0.7:
            dns(at(day, office_hour()), "bind", ip, host)
    for h in (9.1, 13.6, 16.2):
        dns(at(day, h), "bind", PEOPLE["dev"][1], "api.githubcopilot.com", ("A", "AAAA"))
    dns(at(day, 9.2), "bind", PEOPLE["dev"][1], "copilot-proxy.githubusercontent.com", ("A", "AAAA"))
    dns(at(day, 2.0) - timedelta(seconds=55), "bind", BUILD, "api.openai.com", ("A", "AAAA"))
    dns(at(day, 3.2), "bind", BUILD, "api.openai.com", ("A", "AAAA"))
    dns(at(day, 20.0) - timedelta(seconds=55), "bind", RENDER,
        "bedrock-runtime.eu-central-1.amazonaws.com", ("A", "AAAA"))
    dns(at(day, 10.1), "bind", PEOPLE["osei"][1], "harbour-pine.openai.azure.com", ("A", "AAAA"))
dns(at(0, 11.29), "bind", PEOPLE["marta"][1], "chat.deepseek.com")
dns(at(2, 15.69), "bind", PEOPLE["marta"][1], "chat.deepseek.com")
dns(at(3, 18.2), "bind", PHONES[5], "chat.deepseek.com", case="mixed")
for day, case in ((0, "mixed"), (1, "mixed"), (2, "upper"), (4, "mixed")):
    dns(at(day, 10.9), "bind", PHONES[5], "chatgpt.com", case=case)
dns(at(3, 9.3), "bind", PEOPLE["emil"][1], "API.OPENAI.COM", ("A",))
dns(at(1, 15.0), "bind", PEOPLE["emil"][1], "huggingface.co")
dns(at(1, 15.01), "bind", PEOPLE["emil"][1], "cdn-lfs.huggingface.co")
for day in (0, 1, 3):
    dns(at(day, 9.05), "bind", PEOPLE["tom"][1], "chatgpt.com.harbour.example", ("A", "AAAA"))
dns(at(2, 9.05), "bind", PEOPLE["priya"][1], "claude.ai.harbour.example", ("A", "AAAA"))
dns(at(0, 15.39), "bind", nora[1], "openai.com.login-check.example")
dns(at(1, 16.59), "bind", PEOPLE["luis"][1], "notchatgpt.example")
dns(at(1, 17.3), "bind", PEOPLE["dev"][1], "claude.ai", ("A",), how="dig")       # dig +dnssec
dns(at(2, 17.3), "bind", PEOPLE["dev"][1], "api.openai.com", ("A",), how="dig-tcp")

# --- studio, Unbound ------------------------------------------------------------------------
STUDIO = ["10.21.4.%d" % n for n in (51, 52, 53, 54, 55, 56, 57)]
STUDIO6 = ["fd42:21::4:61", "fd42:21::4:62"]
for day in range(5):
    for _ in range(24):
        dns(at(day, office_hour()), "unbound", pick(STUDIO + STUDIO6), pick(STUDIO_WEB),
            pick([("A", "AAAA", "HTTPS"), ("A", "AAAA")]))
    for _ in range(4):
        dns(at(day, office_hour()), "unbound", pick(STUDIO),
            pick(["intranet", "files", "plotter"]) + ".harbour.example", ("A",))
    for host, ip, odds in (("www.midjourney.com", STUDIO[0], 1.0), ("www.midjourney.com", STUDIO[3], 0.6),
                           ("chatgpt.com", STUDIO[1], 1.0), ("chatgpt.com", STUDIO6[0], 0.8),
                           ("claude.ai", STUDIO6[1], 0.8), ("www.deepl.com", STUDIO[4], 0.6),
                           ("miro.com", STUDIO[2], 0.7), ("gemini.google.com", STUDIO[5], 0.5),
                           ("www.perplexity.ai", STUDIO[5], 0.4)):
        if rng.random() < odds:
            dns(at(day, office_hour()), "unbound", ip, host)
dns(at(1, 10.2), "unbound", STUDIO[6], "huggingface.co", ("A", "AAAA"))
dns(at(1, 10.21), "unbound", STUDIO[6], "cdn-lfs.huggingface.co", ("A", "AAAA"))
dns(at(0, 17.1), "unbound", STUDIO[6], "chat.deepseek.com")
dns(at(3, 11.9), "unbound", STUDIO6[1], "chat.deepseek.com")
dns(at(2, 10.4), "unbound", STUDIO[1], "chatgpt.com", case="mixed")
dns(at(4, 10.4), "unbound", STUDIO[1], "CLAUDE.AI")
dns(at(2, 9.9), "unbound", STUDIO[2], "chatgpt.com.harbour.example", ("A", "AAAA"))
dns(at(4, 9.9), "unbound", STUDIO[2], "notchatgpt.example", ("A", "AAAA"))
dns(at(3, 15.2), "unbound", STUDIO[6], "api.openai.com", ("A",), how="dig-tcp")
dns(at(3, 16.0), "unbound", STUDIO[3], "51.4.21.10.in-addr.arpa", ("PTR",))

# --- workshop Wi-Fi, dnsmasq ------------------------------------------------------------------
WIFI = ["10.22.9.%d" % n for n in (101, 102, 104, 107, 111, 115)]
for day in range(5):
    for _ in range(17):
        dns(at(day, office_hour()), "dnsmasq", pick(WIFI), pick(PHONE_WEB),
            pick([("A", "AAAA", "HTTPS"), ("A", "AAAA"), ("HTTPS", "A", "AAAA")]))
    for host, ip, odds in (("chatgpt.com", WIFI[0], 1.0), ("chatgpt.com", WIFI[3], 0.7),
                           ("gemini.google.com", WIFI[1], 0.8), ("otter.ai", WIFI[2], 0.6),
                           ("copilot.microsoft.com", WIFI[4], 0.6), ("zoom.us", WIFI[2], 0.6)):
        if rng.random() < odds:
            dns(at(day, office_hour()), "dnsmasq", ip, host, ("HTTPS", "A", "AAAA"))
    dns(at(day, 8.4), "dnsmasq", pick(WIFI), "files.harbour.example", ("A",))
dns(at(0, 12.6), "dnsmasq", WIFI[5], "chat.deepseek.com", ("HTTPS", "A", "AAAA"))
dns(at(2, 12.7), "dnsmasq", WIFI[5], "chat.deepseek.com", ("HTTPS", "A", "AAAA"))
dns(at(4, 12.5), "dnsmasq", WIFI[3], "chat.deepseek.com", ("A", "AAAA"), case="mixed")
dns(at(1, 11.0), "dnsmasq", WIFI[3], "claude.ai", ("HTTPS", "A", "AAAA"), case="mixed")
dns(at(3, 11.0), "dnsmasq", WIFI[4], "WWW.PERPLEXITY.AI", ("A", "AAAA"))
dns(at(1, 9.5), "dnsmasq", WIFI[2], "chatgpt.com.harbour.example", ("A", "AAAA"))
dns(at(2, 9.5), "dnsmasq", WIFI[0], "openai.com.login-check.example", ("A", "AAAA"))
# an alias of our own whose target is an AI host: only the alias was asked for
for day in (1, 3):
    dns(at(day, 14.7), "dnsmasq", WIFI[1], "assistant.harbour-pine.example", ("A", "AAAA"))
dns(at(2, 16.3), "dnsmasq", WIFI[4], "104.0.18.198.in-addr.arpa", ("PTR",))

events.sort(key=lambda e: e["t"])
assert START.timestamp() < events[0]["t"] and events[-1]["t"] < END.timestamp()
plan = {"seed": SEED, "start": START.timestamp(), "restart": RESTART.timestamp(),
        "rotate": ROTATE.timestamp(), "end": END.timestamp(), "ai": AI, "embedded": EMBEDDED,
        "decoys": DECOYS, "users": sorted(u for u, _ in PEOPLE.values()), "events": events}
with open(sys.argv[1], "w") as f:
    json.dump(plan, f, indent=0)
n = {}
for e in events:
    n[e["log"]] = n.get(e["log"], 0) + (len(e["types"]) if "types" in e else 1)
print("plan:", n)
