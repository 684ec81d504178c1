#!/usr/bin/env python3
"""The pretended internet inside the namespace: one DNS server and one web server.

usage: internet.py CERT.pem KEY.pem

DNS on 192.0.2.53:53 answers every name with an address from 198.18.0.0/15 (the
range set aside for benchmarks). Web on ports 80 and 443 sends as many bytes as
the request asks for in X-Lab-Size, after X-Lab-Wait milliseconds.
"""
import socket
import ssl
import struct
import sys
import threading
import time
import zlib

A, CNAME, SOA, AAAA, OPT, HTTPS = 1, 5, 6, 28, 41, 65
MISSING = ("no-such-host.example",)
MISSING_UNDER = (".harbour.example", ".in-addr.arpa", ".ip6.arpa", "_msdcs.harbour.example")
ALIASES = {
    "copilot.microsoft.com": "edge.front-door.example.net",
    "www.midjourney.com": "www.midjourney.com.edge.cdn.example.net",
    "www.perplexity.ai": "tenant.edge.cdn.example.net",
    "outlook.office365.com": "mail.front-door.example.net",
    "harbour-pine.openai.azure.com": "swc-1.cognitive.example.net",
    "assistant.harbour-pine.example": "harbour-pine.openai.azure.com",
    "use.typekit.net": "fonts.edge.cdn.example.net",
    "captive.apple.com": "captive.edge.cdn.example.net",
}
TWO_ADDRESSES = ("chatgpt.com", "www.wikipedia.org", "www.bbc.co.uk", "www.notion.so")
WITH_AAAA = ("www.google.com", "www.wikipedia.org", "fonts.googleapis.com", "i.ytimg.com",
             "chatgpt.com", "gemini.google.com", "www.youtube.com")
WITH_HTTPS = ("chatgpt.com", "claude.ai", "www.perplexity.ai", "cdn.jsdelivr.net", "www.notion.so")
NO_AAAA_FOR = "192.0.2.8"  # the proxy reaches everything over IPv4


def pack_name(name):
    out = b""
    for label in name.rstrip(".").split("."):
        if label:
            out += bytes([len(label)]) + label.encode("latin-1")
    return out + b"\0"


def record(name, rtype, ttl, data):
    return pack_name(name) + struct.pack(">HHIH", rtype, 1, ttl, len(data)) + data


def address(name, salt=0):
    h = zlib.crc32(name.encode("latin-1")) + salt
    return bytes([198, 18 + (h >> 16) % 2, (h >> 8) % 250, 1 + h % 250])


def soa(name):
    tail = ".".join(name.split(".")[-2:])
    data = pack_name("ns." + tail) + pack_name("hostmaster." + tail)
    return record(tail, SOA, 300, data + struct.pack(">IIIII", 1, 7200, 900, 1209600, 300))


def answer(packet, client):
    qid, flags, _, _, _, extra = struct.unpack(">HHHHHH", packet[:12])
    pos, labels = 12, []
    while packet[pos]:
        n = packet[pos]
        labels.append(packet[pos + 1:pos + 1 + n].decode("latin-1"))
        pos += n + 1
    qtype = struct.unpack(">H", packet[pos + 1:pos + 3])[0]
    question = packet[12:pos + 5]
    asked = ".".join(labels)
    name = asked.lower()
    answers, chain, rcode = [], [], 0
    if name in MISSING or name.endswith(MISSING_UNDER):
        rcode = 3
    else:
        owner = asked
        for _ in range(4):
            if name not in ALIASES:
                break
            answers.append(record(owner, CNAME, 300, pack_name(ALIASES[name])))
            chain.append(name)
            owner = name = ALIASES[name]
        if qtype == A:
            for salt in ((0, 1) if name in TWO_ADDRESSES else (0,)):
                answers.append(record(owner, A, 120, address(name, salt)))
        elif qtype == AAAA and name in WITH_AAAA and client != NO_AAAA_FOR:
            v6 = socket.inet_pton(socket.AF_INET6, "2001:db8::")[:12] + address(name)
            answers.append(record(owner, AAAA, 120, v6))
        elif qtype == HTTPS and name in WITH_HTTPS:
            # priority 1, same name, alpn h3 and h2
            answers.append(record(owner, HTTPS, 120, b"\0\1\0\0\1\0\6\2h3\2h2"))
    complete = len(answers) > len(chain)
    authority = [] if complete else [soa(name or "example")]
    tail = b"\0" + struct.pack(">HHIH", OPT, 1232, 0, 0) if extra else b""
    head = struct.pack(">HHHHHH", qid, 0x8080 | (flags & 0x0100) | rcode, 1, len(answers),
                       len(authority), 1 if extra else 0)
    return head + question + b"".join(answers) + b"".join(authority) + tail


def serve_dns():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(("192.0.2.53", 53))
    while True:
        packet, peer = s.recvfrom(4096)
        try:
            s.sendto(answer(packet, peer[0]), peer)
        except (IndexError, struct.error):
            pass


def serve_request(conn, context):
    try:
        conn.settimeout(20)
        if context:
            conn = context.wrap_socket(conn, server_side=True)
        data = b""
        while b"\r\n\r\n" not in data and len(data) < 65536:
            more = conn.recv(8192)
            if not more:
                return
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        fields = {}
        for line in head.decode("latin-1").split("\r\n")[1:]:
            k, _, v = line.partition(":")
            fields[k.strip().lower()] = v.strip()
        if fields.get("expect", "").lower() == "100-continue":
            conn.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        left = int(fields.get("content-length", 0)) - len(body)
        while left > 0:
            more = conn.recv(65536)
            if not more:
                return
            left -= len(more)
        time.sleep(min(int(fields.get("x-lab-wait", 10)), 2000) / 1000)
        size = min(int(fields.get("x-lab-size", 100)), 60_000_000)
        conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n"
                     b"Connection: close\r\n\r\n" % size)
        block = b"x" * 65536
        while size > 0:
            conn.sendall(block[:size])
            size -= len(block)
        if context:
            conn.unwrap()
    except (OSError, ValueError):
        pass
    finally:
        conn.close()


def serve_web(port, context):
    s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    s.bind(("::", port))
    s.listen(64)
    while True:
        conn, _ = s.accept()
        threading.Thread(target=serve_request, args=(conn, context), daemon=True).start()


def main():
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(sys.argv[1], sys.argv[2])
    for target, args in ((serve_dns, ()), (serve_web, (80, None)), (serve_web, (443, tls))):
        threading.Thread(target=target, args=args, daemon=True).start()
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    main()
