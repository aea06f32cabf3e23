#!/bin/bash
# Starts and stops a real S3 server, Ceph's RADOS Gateway, on 127.0.0.1 with its data in memory: the model that the contract
# suite holds the local bucket against.
#
#   eval "$(bash test/support/radosgw.sh start 9320)"   sets RGW_ENDPOINT, RGW_KEY_ID, RGW_APPLICATION_KEY; about 15 s
#   bash test/support/radosgw.sh stop 9320              ends what `start` on that port began, and nothing else
#
# The port above by 1000 (monitor) and the fifty after it (OSD) must be free too. State: $RADOSGW_STATE or ${TMPDIR:-/tmp}/radosgw-PORT.
set -euo pipefail
export LC_ALL=C

usage() { echo "usage: radosgw.sh start|stop PORT" >&2; exit 64; }
[[ $# -eq 2 && $2 =~ ^[0-9]+$ ]] || usage

command=$1
port=$2
monitor_port=$((port + 1000))
state=${RADOSGW_STATE:-${TMPDIR:-/tmp}/radosgw-$port}
key_id=localtest
application_key=localtestsecret
conf=$state/ceph.conf

# Repeats a command until it succeeds, for 30 s at most.
wait_for() {
  local tries
  for ((tries = 0; tries < 150; tries++)); do "$@" >/dev/null 2>&1 && return 0; sleep 0.2; done
  echo "radosgw.sh: gave up waiting for: $*; logs are in $state" >&2
  return 1
}

is_listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
is_osd_up() { timeout 5 ceph -c "$conf" osd stat 2>/dev/null | grep -q '1 up'; }
is_gone() { ! kill -0 "$1" 2>/dev/null; }

# Runs a daemon that outlives this shell, and remembers its process.
launch() {
  local name=$1
  shift
  setsid "$@" </dev/null >"$state/$name.log" 2>&1 &
  echo $! >"$state/$name.pid"
}

write_conf() {
  cat >"$conf" <<EOF
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon host = [v2:127.0.0.1:$monitor_port/0]
ms bind msgr1 = false
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind port min = $((monitor_port + 1))
ms bind port max = $((monitor_port + 50))
run dir = $state
admin socket = $state/\$name.asok
log file = $state/\$name.ceph.log
crash dir = $state
keyring = $state/keyring
# One copy, one place to keep it, few placement groups: a test server, not a cluster.
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon max pg per osd = 1000
mon data avail warn = 1
mon data avail crit = 0
mon warn on pool no redundancy = false
[mon.a]
mon data = $state/mon
[osd.0]
osd data = $state/osd
osd objectstore = memstore
memstore device bytes = ${RADOSGW_MEMORY_BYTES:-6442450944}
osd class load list = *
osd class default list = *
osd max object name len = 2048
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:$port
rgw dns name = s3.localhost
rgw enable ops log = false
rgw enable usage log = false
# Deleted objects leave the memory after seconds, not hours: a full store would block every write.
rgw gc obj min wait = 5
rgw gc processor period = 5
EOF
}

write_keys() {
  local keys=$state/keyring
  ceph-authtool --create-keyring "$keys" --gen-key -n mon. --cap mon 'allow *'
  ceph-authtool "$keys" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *'
  ceph-authtool "$keys" --gen-key -n client.rgw --cap mon 'allow rw' --cap osd 'allow rwx'
  ceph-authtool "$keys" --gen-key -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *'
}

start_monitor() {
  local fsid
  fsid=$(sed -n 's/^fsid = //p' "$conf")
  monmaptool --create --fsid "$fsid" --addv a "[v2:127.0.0.1:$monitor_port]" "$state/monmap"
  ceph-mon --mkfs -i a --monmap "$state/monmap" --keyring "$state/keyring" -c "$conf"
  launch mon ceph-mon -f -i a -c "$conf"
  wait_for timeout 5 ceph -c "$conf" mon stat
}

start_osd() {
  local id
  id=$(cat /proc/sys/kernel/random/uuid)
  ceph -c "$conf" osd new "$id" 0
  ceph -c "$conf" osd crush add osd.0 1.0 root=default host=localhost
  ceph-osd -i 0 --mkfs --osd-uuid "$id" -c "$conf"
  launch osd ceph-osd -f -i 0 -c "$conf"
  wait_for is_osd_up
}

start_gateway() {
  radosgw-admin -c "$conf" -n client.rgw user create --uid=test --display-name=test \
    --access-key="$key_id" --secret="$application_key"
  launch rgw radosgw -f -n client.rgw -c "$conf"
  wait_for is_listening "$port"
}

start() {
  local tool
  for tool in radosgw ceph-mon ceph-osd; do
    command -v "$tool" >/dev/null && continue
    echo "$tool is missing: apt-get install -y --no-install-recommends radosgw ceph-mon ceph-osd" >&2
    exit 2
  done
  if [[ -e $state ]] || is_listening "$port"; then
    echo "port $port or $state is in use; if it is a server of this script: radosgw.sh stop $port" >&2
    exit 1
  fi
  mkdir -p "$state"/{mon,osd}
  # What stands on stdout is meant for eval; everything else goes to a file.
  { write_conf && write_keys && start_monitor && start_osd && start_gateway; } >"$state/start.log" 2>&1 || {
    cat "$state/start.log" >&2
    stop
    exit 1
  }
  echo "export RGW_ENDPOINT=http://127.0.0.1:$port RGW_KEY_ID=$key_id RGW_APPLICATION_KEY=$application_key"
}

# The monitor goes last: the others take leave of it.
stop() {
  local name pid
  for name in rgw osd mon; do
    [[ -f $state/$name.pid ]] || continue
    pid=$(<"$state/$name.pid")
    kill "$pid" 2>/dev/null || true
    wait_for is_gone "$pid" || kill -9 "$pid" 2>/dev/null || true
  done
  rm -rf "$state"
}

case $command in
  start) start ;;
  stop) stop ;;
  *) usage ;;
esac
