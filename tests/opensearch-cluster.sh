#!/bin/sh
# A real OpenSearch cluster on loopback for tests and benchmarks, from its archive on Maven Central.
#   opensearch-cluster.sh start DIR [NODES]   unpack once, start every node that is not running, wait for all (default: 3)
#   opensearch-cluster.sh restart DIR NODE    stop one node in good order and start it again, be it as another OPENSEARCH_VERSION
#   opensearch-cluster.sh kill DIR NODE       kill -9 one node; `start` brings it back with its data
#   opensearch-cluster.sh pause DIR NODE      let one node hang: it takes connections and never answers; `resume` lets it go on
#   opensearch-cluster.sh resume DIR NODE
#   opensearch-cluster.sh stop DIR            stop all nodes, keep their data
#   opensearch-cluster.sh remove DIR          stop all nodes and remove everything
#   opensearch-cluster.sh java                say which Java would run them
# HTTP on 127.0.0.1:9201.., transport on 9301..; OPENSEARCH_PORT moves both. DIR/snapshots is the path.repo of
# snapshots. Needs Maven and Java 21 or newer, looked for in OPENSEARCH_JAVA_HOME, JAVA_HOME, /usr/lib/jvm and on the
# PATH. Run by root, the nodes get a user of their own.
set -eu
verb=${1:-} dir=${2:-} version=${OPENSEARCH_VERSION:-3.8.0} user=${OPENSEARCH_USER:-opensearch-test}
http=${OPENSEARCH_PORT:-9200} transport=$((${OPENSEARCH_PORT:-9200} + 100))

say() { echo "opensearch-cluster: $*" >&2; }

fail() { say "$*"; exit 1; }

java_home() {
  for home in "${OPENSEARCH_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/* "$(dirname "$(dirname "$(readlink -f "$(command -v java || echo /)")")")"; do
    [ -x "$home/bin/java" ] || continue
    major=$("$home/bin/java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
    [ "${major:-0}" -ge 21 ] && { echo "$home"; return; }
  done
  fail "no Java 21 or newer in JAVA_HOME, /usr/lib/jvm or on the PATH: install one (Debian 13: apt-get install openjdk-21-jre-headless)"
}

process() { cat "$dir/n$1.pid" 2>/dev/null || true; }

running() { pid=$(process "$1"); [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; }

unpack() {
  [ -x "$dir/opensearch-$version/bin/opensearch" ] && return
  command -v mvn >/dev/null || fail "no Maven: apt-get install maven"
  # Maven keeps the archive in its own repository, so a second folder needs no network.
  (cd "$dir" && mvn -q -B -Dstyle.color=never org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack \
    -Dartifact="org.opensearch.distribution.integ-test-zip:opensearch:$version:zip" -DoutputDirectory="$dir" >&2) ||
    fail "OpenSearch $version cannot be had from Maven Central: check the network, or set OPENSEARCH_VERSION"
  chmod +x "$dir/opensearch-$version"/bin/*
  rm -rf "$dir/\${project.basedir}"  # where no project is, Maven writes its markers into a folder of this name
}

launch() {
  node=$1 home=$dir/opensearch-$version conf=$dir/conf$1
  rm -rf "$conf"
  cp -r "$home/config" "$conf"
  sed -i '/-Xlog:gc/d; /^-Xm[sx]/d; /UseG1GC/d; /G1/d; /HeapDump/d' "$conf/jvm.options"
  mkdir -p "$dir/snapshots" "$dir/data$node" "$dir/logs$node" "$dir/tmp$node"
  as=
  if [ "$(id -u)" = 0 ]; then  # OpenSearch refuses to run as root
    id "$user" >/dev/null 2>&1 || useradd -r -M -d "$dir" "$user"
    chown -R "$user" "$dir"
    as="setpriv --reuid=$user --regid=$user --clear-groups"
  fi
  # shellcheck disable=SC2086 - `as` is words
  nohup $as env HOME="$dir" OPENSEARCH_TMPDIR="$dir/tmp$node" OPENSEARCH_JAVA_HOME="$java" OPENSEARCH_PATH_CONF="$conf" \
    OPENSEARCH_JAVA_OPTS="-Xms512m -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1" \
    "$home/bin/opensearch" -p "$dir/n$node.pid" -Ecluster.name="searchapp-test-$http" -Enode.name="n$node" \
    -Enetwork.host=127.0.0.1 -Ehttp.port=$((http + node)) -Etransport.port=$((transport + node)) \
    -Epath.data="$dir/data$node" -Epath.logs="$dir/logs$node" -Epath.repo="$dir/snapshots" \
    -Ediscovery.seed_hosts="$(list "127.0.0.1:" "$transport")" -Ecluster.initial_cluster_manager_nodes="$(list n 0)" \
    -Ecluster.routing.allocation.disk.threshold_enabled=false -Ebootstrap.memory_lock=false \
    >"$dir/n$node.log" 2>&1 </dev/null &
}

# list PREFIX BASE: PREFIX(BASE+1),PREFIX(BASE+2).. for all nodes
list() {
  all= i=1
  while [ $i -le "$nodes" ]; do all=$all,$1$(($2 + i)) i=$((i + 1)); done
  echo "${all#,}"
}

ready() {  # wait until NODE sees all nodes
  tries=0
  until curl -fsS "http://127.0.0.1:$((http + $1))/_cluster/health?wait_for_nodes=$nodes&timeout=2s" 2>/dev/null | grep -q '"timed_out":false'; do
    tries=$((tries + 1))
    [ $tries -gt 180 ] && { tail -n 20 "$dir"/n*.log >&2; fail "the cluster did not come up within three minutes: see $dir/n*.log"; }
    sleep 1
  done
}

halt() {  # halt NODE SIGNAL: and wait until it is gone
  pid=$(process "$1")
  [ -n "$pid" ] && kill "-$2" "$pid" 2>/dev/null || return 0
  kill -CONT "$pid" 2>/dev/null || true  # where it was paused
  tries=0
  while kill -0 "$pid" 2>/dev/null; do
    tries=$((tries + 1))
    [ $tries -gt 300 ] && kill -KILL "$pid"
    sleep 0.1
  done
  rm -f "$dir/n$1.pid"
}

usage() { sed -n '2,11s/^# *//p' "$0" >&2; exit 2; }

[ "$verb" != java ] || { java_home; exit; }
[ -n "$dir" ] || usage
case $dir in /*) ;; *) dir=$PWD/$dir ;; esac
case $verb in
start)
  mkdir -p "$dir"
  nodes=${3:-$(cat "$dir/nodes" 2>/dev/null || echo 3)}
  echo "$nodes" >"$dir/nodes"
  java=$(java_home)
  unpack
  i=1
  while [ $i -le "$nodes" ]; do
    running $i || launch $i
    i=$((i + 1))
  done
  ready 1
  curl -fsS "http://127.0.0.1:$((http + 1))/_cat/nodes?h=name,http_address,heap.max,version"
  ;;
restart)
  [ -n "${3:-}" ] || usage
  nodes=$(cat "$dir/nodes")
  java=$(java_home)
  unpack  # before the node stops
  halt "$3" TERM
  launch "$3"
  ready "$3"
  ;;
kill)
  [ -n "${3:-}" ] || usage
  halt "$3" KILL
  ;;
pause | resume)
  [ -n "${3:-}" ] || usage
  running "$3" || fail "node $3 does not run"
  [ "$verb" = pause ] && signal=STOP || signal=CONT
  kill "-$signal" "$(process "$3")"
  ;;
stop | remove)
  for file in "$dir"/n*.pid; do
    [ -f "$file" ] || continue
    number=${file##*/n}
    halt "${number%.pid}" TERM
  done
  [ "$verb" = stop ] || rm -rf "$dir"
  ;;
*) usage ;;
esac
