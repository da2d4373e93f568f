# The peers as servers that are measured; see up in rows.sh. Nobody asks for a token here, since most
# have none to ask for.

peers=(ws socketio nchan nats)
home=$root/loadtest/target/peers # where they are installed
peer_port=$((base_port + 20))

# From the registries, once: npm's into node_modules, Debian's unpacked and not installed, so that
# nothing starts by itself and nothing of the machine changes.
install_peers() {
  need npm node apt-get dpkg redis-server
  mkdir -p "$home/deb"
  if [ ! -d "$home/node_modules" ] || [ "$root/loadtest/peers/package.json" -nt "$home/node_modules" ]; then
    say "installing npm packages into $home"
    cp "$root"/loadtest/peers/{package.json,*.js} "$home/"
    (cd "$home" && npm install --no-audit --no-fund --loglevel error) >&2 || fail "npm failed"
    touch "$home/node_modules"
  fi
  cp "$root"/loadtest/peers/*.js "$home/"
  if [ ! -x "$home/deb/usr/sbin/nats-server" ]; then
    say "unpacking Debian packages into $home/deb"
    (
      cd "$home/deb"
      apt-get download nginx libnginx-mod-nchan nats-server ||
        { apt-get update && apt-get download nginx libnginx-mod-nchan nats-server; }
      for package in *.deb; do dpkg -x "$package" .; done
    ) >"$home/apt.log" 2>&1 || fail "see $home/apt.log"
  fi
}

# The versions that are measured, a line each.
versions() {
  (cd "$home" && npm ls --depth=0 --parseable=false 2>/dev/null | sed -n 's/^[^@a-z]*\(@\?[a-z].*@.*\)$/\1/p' | grep -v peers)
  echo "node $(node --version)"
  (cd "$home/deb" && for package in *.deb; do dpkg-deb -f "$package" Package Version | sed 's/^[^:]*: //' | paste -sd' '; done)
  redis-server --version | sed 's/ *sha.*//'
}

# Waits until a port is listened to.
await_port() { await "$1" bash -c "exec 3<>/dev/tcp/127.0.0.1/$2"; }

# One server in JavaScript: script FILE PORT TLS REDIS
script() {
  local tls=()
  if [ -n "$3" ]; then
    certificate
    tls=(CERTIFICATE="$out/certificate.pem" KEY="$out/key.pem")
  fi
  start "$out/$1-$2.log" env NODE_ENV=production PORT="$2" REDIS="$4" "${tls[@]}" node "$home/$1.js"
  await_port "$1" "$2"
  urls+=(--url "${3:-ws}://127.0.0.1:$2/")
  pids+=(--pid "$pid")
}

scripts() {
  case $2 in
    plain | delayed) script "$1" $peer_port "" "" ;;
    tls) script "$1" $peer_port wss "" ;;
    cluster)
      redis_server
      script "$1" $peer_port "" "$redis_port"
      script "$1" $((peer_port + 1)) "" "$redis_port"
      ;;
  esac
}

up_ws() {
  speak=(--dialect bare)
  scripts ws "$1"
}

up_socketio() {
  speak=(--dialect socketio)
  scripts socketio "$1"
}

up_nchan() {
  local tls='' certificate='' scheme=ws child
  speak=(--dialect bare)
  case $1 in
    cluster) return 1 ;;
    tls)
      certificate
      tls=ssl scheme=wss
      certificate="ssl_certificate $out/certificate.pem; ssl_certificate_key $out/key.pem; ssl_protocols TLSv1.3;"
      ;;
  esac
  sed -e "s#{module}#$home/deb/usr/lib/nginx/modules/ngx_nchan_module.so#; s#{out}#$out#; s#{port}#$peer_port#" \
    -e "s#{tls}#$tls#; s#{certificate}#$certificate#; s#{user}#$(id -un)#" \
    "$root/loadtest/peers/nchan.conf" >"$out/nchan.conf"
  start "$out/nchan.log" "$home/deb/usr/sbin/nginx" -p "$out" -c "$out/nchan.conf"
  await "nchan's worker" grep -q . "/proc/$pid/task/$pid/children"
  await_port nchan $peer_port
  urls=(--url "$scheme://127.0.0.1:$peer_port/")
  pids=(--pid "$pid")
  for child in $(cat "/proc/$pid/task/$pid/children"); do pids+=(--pid "$child"); done
}

# nats NUMBER PORT TLS MORE
nats() {
  local tls=${3:+tls \{ cert_file: \"$out/certificate.pem\", key_file: \"$out/key.pem\" \}}
  cat >"$out/nats-$1.conf" <<CONF
server_name: bench-$1
listen: "127.0.0.1:$(($2 + 3))"
max_connections: 20000
websocket { listen: "127.0.0.1:$2", ${tls:-no_tls: true} }
$4
CONF
  start "$out/nats-$1.log" "$home/deb/usr/sbin/nats-server" -c "$out/nats-$1.conf"
  await_port nats "$2"
  urls+=(--url "${3:-ws}://127.0.0.1:$2/")
  pids+=(--pid "$pid")
}

up_nats() {
  local first=$((peer_port + 6)) second=$((peer_port + 7))
  speak=(--dialect nats)
  case $1 in
    plain | delayed) nats 1 $peer_port "" "" ;;
    tls)
      certificate
      nats 1 $peer_port wss ""
      ;;
    cluster)
      nats 1 $peer_port "" "cluster { name: bench, listen: \"127.0.0.1:$first\" }"
      nats 2 $((peer_port + 1)) "" "cluster { name: bench, listen: \"127.0.0.1:$second\", routes: [\"nats://127.0.0.1:$first\"] }"
      await "the route between the NATS servers" grep -q "Route connection created" "$out/nats-2.log"
      ;;
  esac
}

up_peer() {
  urls=() pids=() collect=() compiles=
  "up_$1" "$2"
}
