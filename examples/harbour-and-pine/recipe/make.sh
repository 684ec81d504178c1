#!/bin/bash
# Make the evidence of Harbour & Pine anew: ./make.sh [WORK_FOLDER]
# Needs root and the Debian packages named below. See ../README.md.
set -eu
umask 022
here=$(cd "$(dirname "$0")" && pwd)

missing=()
need() { command -v "$1" >/dev/null 2>&1 || missing+=("$2"); }
PATH=$PATH:/usr/sbin:/sbin
need squid squid-openssl; need named bind9; need unbound unbound; need dnsmasq dnsmasq-base
need dig dnsutils; need curl curl; need htpasswd apache2-utils; need openssl openssl
need ip iproute2; need python3 python3; need unshare util-linux
[ -x /usr/lib/squid/basic_ncsa_auth ] || missing+=(squid-openssl)
faketime=$(ls /usr/lib/*/faketime/libfaketimeMT.so.1 2>/dev/null | head -n 1 || true)
[ -n "$faketime" ] || missing+=(libfaketime)
if [ ${#missing[@]} -gt 0 ]; then
  echo "missing; install with: apt-get install ${missing[*]}" >&2; exit 2
fi
squid -v | grep -q -- --with-openssl || { echo "this squid has no TLS: install squid-openssl" >&2; exit 2; }
[ "$(id -u)" = 0 ] || { echo "run as root: the namespace and port 53 need it" >&2; exit 2; }

if [ $# -gt 0 ]; then
  mkdir -p "$1"; work=$(cd "$1" && pwd)
  [ -z "$(ls -A "$work")" ] || { echo "$work is not empty" >&2; exit 2; }
else
  work=$(mktemp -d)
fi
chmod 755 "$work"
mkdir "$work"/bin "$work"/conf "$work"/logs "$work"/run "$work"/run/bind
chown proxy:proxy "$work/logs" "$work/run"
: > "$work/logs/bind-query.log"  # named gives up root's right to write into others' folders

# Copies of the daemons: profiles that confine them to their usual folders go by path.
for d in squid named unbound dnsmasq; do cp "$(command -v $d)" "$work/bin/"; done
cp "$here/internet.py" "$work/bin/"
for f in "$here"/conf/*; do
  b=$(basename "$f"); sed "s#@W@#$work#g" "$f" > "$work/conf/${b%.in}"
done

openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=Harbour and Pine lab" \
  -keyout "$work/run/key.pem" -out "$work/run/cert.pem" 2>/dev/null
cat "$work/run/key.pem" "$work/run/cert.pem" > "$work/run/squid.pem"
chmod 644 "$work"/run/*.pem
python3 "$here/plan.py" "$work/plan.json"
: > "$work/run/squid.users"
python3 -c 'import json,sys; print("\n".join(json.load(open(sys.argv[1]))["users"]))' "$work/plan.json" |
  while IFS= read -r user; do htpasswd -b "$work/run/squid.users" "$user" only-for-the-lab 2>/dev/null; done
chmod 644 "$work/run/squid.users"

env -u LD_PRELOAD TZ=UTC unshare -n -m python3 "$here/drive.py" "$work" "$faketime"
python3 "$here/check.py" "$work/plan.json" "$work/logs" "$work"

mkdir -p "$here/../logs"
for f in squid-access.log squid-access.log.1.gz bind-query.log unbound.log dnsmasq.log; do
  cp "$work/logs/$f" "$here/../logs/$f"; chmod 644 "$here/../logs/$f"
done
cp "$work/EXPECTED.md" "$work/expected.json" "$here/../"
python3 "$here/accounts/make.py" "$here/../accounts" "$here/.."
echo "done; the work folder $work can be deleted"
