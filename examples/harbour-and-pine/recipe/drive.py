#!/usr/bin/env python3
"""Carry out plan.json inside a network namespace that holds only the loopback device.

usage: unshare -n -m python3 drive.py WORK_FOLDER LIBFAKETIME

The daemons read the time through libfaketime, whose offset lies in a small file.
Before every event this script sets the offset so that the daemons' clock shows the
planned moment; between two settings their clock runs at normal speed. Nothing in the
logs is written by this script.
"""
import gzip
import json
import os
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

W, FAKETIME = os.path.abspath(sys.argv[1]), sys.argv[2]
LOGS, RUN, CONF = W + "/logs", W + "/run", W + "/conf"
CLOCK = RUN + "/clock"
SERVER = {"bind": "10.20.0.53", "unbound": "10.21.0.53", "dnsmasq": "10.22.0.1"}
TYPES = {"A": 1, "PTR": 12, "AAAA": 28, "SRV": 33, "HTTPS": 65}
PASSWORD = "only-for-the-lab"
rng = random.Random(1)
procs, failures = {}, []


def sh(*args):
    subprocess.run(args, check=True)


def namespace():
    links = subprocess.run(["ip", "-o", "link"], capture_output=True, text=True).stdout
    names = [l.split(":")[1].strip() for l in links.splitlines()]
    idle = ("tunl0", "sit0", "ip6tnl0", "gre", "erspan", "ip_vti", "ip6_vti", "ip6gre")
    if [n for n in names if n != "lo" and not n.startswith(idle)]:
        sys.exit("drive.py must run inside 'unshare -n -m': there is more than the loopback device")
    if os.readlink("/proc/self/ns/mnt") == os.readlink("/proc/%d/ns/mnt" % os.getppid()):
        sys.exit("drive.py must run inside 'unshare -n -m': the mounts are the caller's own")
    sh("mount", "--make-rprivate", "/")
    sh("mount", "-t", "tmpfs", "tmpfs", "/dev/shm")
    sh("ip", "link", "set", "lo", "up")
    for a in ("10.20.0.53", "10.20.0.8", "10.21.0.53", "10.22.0.1", "192.0.2.53", "192.0.2.8"):
        sh("ip", "addr", "add", a + "/32", "dev", "lo")
    for net in ("10.20.0.0/16", "10.21.0.0/16", "10.22.0.0/16", "198.18.0.0/15"):
        sh("ip", "-4", "route", "add", "local", net, "dev", "lo")
    for a in ("fd42:21::53", "fd42:21::4:61", "fd42:21::4:62"):
        sh("ip", "-6", "addr", "add", a + "/128", "dev", "lo", "nodad")
    for net in ("fd42:21::/64", "2001:db8::/32"):
        sh("ip", "-6", "route", "add", "local", net, "dev", "lo")


def set_clock(t):
    with open(CLOCK + ".new", "w") as f:
        f.write("%+.6f\n" % (t - time.time()))
    os.chmod(CLOCK + ".new", 0o644)
    os.rename(CLOCK + ".new", CLOCK)


def fake_now():
    with open(CLOCK) as f:
        return time.time() + float(f.read())


def start(name, argv, fake=True):
    env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "TZ": "UTC", "LC_ALL": "C"}
    if fake:
        # libc.so.6 in second place: without it named, which is linked with jemalloc, ends
        # at start with libfaketime's "unexpected recursive calls to clock_gettime()"
        env.update(LD_PRELOAD=FAKETIME + ":libc.so.6", FAKETIME_TIMESTAMP_FILE=CLOCK,
                   FAKETIME_NO_CACHE="1", FAKETIME_DONT_FAKE_MONOTONIC="1",
                   DONT_FAKE_MONOTONIC="1")
    err = open("%s/%s.stderr" % (RUN, name), "ab")
    procs[name] = subprocess.Popen(argv, env=env, stdin=subprocess.DEVNULL, stdout=err, stderr=err,
                                   cwd=RUN)


def stop(name):
    p = procs.pop(name)
    if p.poll() is not None:
        failures.append("%s had ended by itself with %s" % (name, p.returncode))
        return
    p.terminate()
    try:
        p.wait(8)
    except subprocess.TimeoutExpired:
        failures.append("%s had to be killed" % name)
        p.kill()
        p.wait()


def start_resolvers():
    start("named", [W + "/bin/named", "-f", "-n", "2", "-c", CONF + "/named.conf"])
    start("unbound", [W + "/bin/unbound", "-d", "-c", CONF + "/unbound.conf"])
    start("dnsmasq", [W + "/bin/dnsmasq", "--keep-in-foreground", "--conf-file=" + CONF + "/dnsmasq.conf"])


def listening(addr, port, kind):
    for _ in range(100):
        family = socket.AF_INET6 if ":" in addr else socket.AF_INET
        with socket.socket(family, kind) as s:
            try:
                if kind == socket.SOCK_DGRAM:
                    s.bind((addr, port))  # free means: nobody there yet
                else:
                    s.connect((addr, port))
                    return
            except OSError:
                if kind == socket.SOCK_DGRAM:
                    return
        time.sleep(0.1)
    sys.exit("nobody listens on %s port %d" % (addr, port))


def wait_resolvers():
    for a in SERVER.values():
        listening(a, 53, socket.SOCK_DGRAM)
    time.sleep(1)


def lines(path):
    with open(path, "rb") as f:
        return f.read().count(b"\n")


def ask(event):
    server, name, src = SERVER[event["log"]], event["name"], event["client"]
    if ":" in src:
        server = "fd42:21::53"
    for qtype in event["types"]:
        if event["how"].startswith("dig"):
            extra = ["+tcp"] if event["how"] == "dig-tcp" else ["+dnssec"]
            r = subprocess.run(["dig", "+tries=1", "+time=3", "-b", src, "@" + server, name, qtype] + extra,
                               capture_output=True, text=True)
            if "status:" not in r.stdout:
                failures.append("no answer: %r" % event)
            continue
        # a stub resolver's packet; half of the clients send EDNS
        edns = src[-1] in "13579"
        q = struct.pack(">HHHHHH", rng.randrange(65536), 0x0100, 1, 0, 0, 1 if edns else 0)
        for label in name.split("."):
            q += bytes([len(label)]) + label.encode()
        q += b"\0" + struct.pack(">HH", TYPES[qtype], 1)
        if edns:
            q += b"\0" + struct.pack(">HHIH", 41, 1232, 0, 0)
        with socket.socket(socket.AF_INET6 if ":" in src else socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.settimeout(4)
            s.bind((src, 0))
            s.sendto(q, (server, 53))
            try:
                s.recv(4096)
            except socket.timeout:
                failures.append("no answer: %r %s" % (event, qtype))
        time.sleep(0.003)


def browse(event):
    log = LOGS + "/squid-access.log"
    want = lines(log) + records(event)
    if event["mode"] == "garbage":
        with socket.create_connection(("10.20.0.8", 3128), 3, (event["client"], 0)) as s:
            s.sendall(b"PROBE\r\n\r\n")
            s.recv(200)
    else:
        cmd = ["curl", "-q", "-s", "-k", "-o", "/dev/null", "--max-time", "15", "--noproxy", "",
               "--interface", event["client"], "-x", "http://10.20.0.8:%d" % event["port"],
               "-H", "X-Lab-Size: %d" % event["size"], "-H", "X-Lab-Wait: %d" % event["wait"]]
        if event["mode"] != "none":
            pw = "expired" if event["mode"] == "wrong" else PASSWORD
            cmd += ["-U", "%s:%s" % (event["user"], pw)]
            if event["mode"] == "first":
                cmd.append("--proxy-anyauth")
        if event["up"]:
            with open(RUN + "/upload", "wb") as f:
                f.write(b"u" * event["up"])
            cmd += ["--data-binary", "@" + RUN + "/upload"]
        subprocess.run(cmd + [event["url"]], stdin=subprocess.DEVNULL)
    for _ in range(300):
        if lines(log) >= want:
            break
        time.sleep(0.01)
    if lines(log) != want:
        failures.append("squid wrote %+d records: %r" % (lines(log) - want, event))


def records(event):
    """How many access records this visit makes (the same rule stands in check.py)."""
    return 1 + (event["mode"] == "first") + (event["port"] == 3129)


def rotate():
    # as a log rotation job does: rename, tell squid, compress
    old = LOGS + "/squid-access.log.1"
    os.rename(LOGS + "/squid-access.log", old)
    procs["squid"].send_signal(signal.SIGUSR1)
    for _ in range(100):
        if os.path.exists(LOGS + "/squid-access.log"):
            break
        time.sleep(0.1)
    time.sleep(1)
    with open(old, "rb") as src, open(old + ".gz", "wb") as raw:
        with gzip.GzipFile("squid-access.log.1", "wb", 9, raw, mtime=0) as dst:
            shutil.copyfileobj(src, dst)
    os.remove(old)


def main():
    with open(W + "/plan.json") as f:
        plan = json.load(f)
    namespace()
    set_clock(plan["start"])
    begun = time.time()
    start("internet", [sys.executable, W + "/bin/internet.py", RUN + "/cert.pem", RUN + "/key.pem"], fake=False)
    listening("198.18.0.1", 443, socket.SOCK_STREAM)
    start_resolvers()
    start("squid", [W + "/bin/squid", "-N", "-f", CONF + "/squid.conf"])
    wait_resolvers()
    time.sleep(3)
    try:
        steps = [(e["t"], e) for e in plan["events"]]
        steps += [(plan["restart"], "restart"), (plan["rotate"], "rotate")]
        for t, e in sorted(steps, key=lambda s: s[0]):
            if t > fake_now():
                set_clock(t)
            for name, p in procs.items():
                if p.poll() is not None:
                    sys.exit("%s ended with %s, see %s/%s.stderr" % (name, p.returncode, RUN, name))
            if e == "restart":
                for name in ("named", "unbound", "dnsmasq"):
                    stop(name)
                set_clock(fake_now() + 48)
                start_resolvers()
                wait_resolvers()
            elif e == "rotate":
                rotate()
            elif e["log"] == "squid":
                browse(e)
            else:
                ask(e)
        set_clock(plan["end"])
        time.sleep(0.5)
    finally:
        for name in list(procs):
            stop(name)
    for f in failures:
        print("odd:", f)
    print("driven: %d events in %d s, %d odd" % (len(plan["events"]), time.time() - begun, len(failures)))
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
