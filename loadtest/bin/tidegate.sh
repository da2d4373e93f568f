# Tidegate as a server that is measured; see up in rows.sh.

node_opts=${NODE_OPTS:--XX:+UseSerialGC -Xms32m -Xmx1g}
secret="at least thirty-two random characters, of no use elsewhere"

# Builds what is not there, or older than its sources.
build_jars() {
  local jar stale=
  while read -r jar sources; do
    # shellcheck disable=SC2086 # several directories
    if [ ! -f "$root/$jar" ] || [ -n "$(cd "$root" && find $sources -type f -newer "$jar" -print -quit)" ]; then
      stale=yes
    fi
  done <<LIST
gateway/target/tidegate.jar gateway/src/main gateway/pom.xml backplane/src/main backplane/pom.xml
loadtest/target/tidegate-loadtest.jar loadtest/src/main loadtest/pom.xml
LIST
  [ -z "$stale" ] || {
    need mvn
    say "building the jars"
    (cd "$root" && mvn -q -B package -pl gateway,loadtest -am -Dmaven.test.skip=true) >&2 || fail "the build failed"
    touch "$root/gateway/target/tidegate.jar" "$root/loadtest/target/tidegate-loadtest.jar"
  }
}

# Starts a node: gateway_node PORT LISTEN LINES, the keys of listen and more lines of its file. Its internal and
# ops ports are the next two.
gateway_node() {
  local port=$1 file=$out/tidegate-$1
  cat >"$file.yaml" <<YAML
listen: { host: 127.0.0.1, port: $port, $2 }
internal: { port: $((port + 1)), api_keys: ["at least sixteen random characters"] }
ops: { host: 127.0.0.1, port: $((port + 2)) }
auth: { jwt: { hmac_secret: "$secret" } }
limits: { messages_per_second: 0, bytes_per_second: 0, queue_bytes: 64MiB }
drain: { delay: 0s, window: 0s, deadline: 1s }
$3
YAML
  JAVA_OPTS=$node_opts start "$file.log" "$root/gateway/bin/tidegate" serve --config "$file.yaml"
  await "tidegate" curl -fsS "http://127.0.0.1:$((port + 2))/ready"
  case $2 in
    *tls*) urls+=(--url "wss://127.0.0.1:$port/connection/websocket") ;;
    *) urls+=(--url "ws://127.0.0.1:$port/connection/websocket") ;;
  esac
  pids+=(--pid "$pid")
}

# A Redis server that keeps nothing, on $redis_port.
redis_port=$((base_port + 9))
redis_server() {
  need redis-server redis-cli
  start "$out/redis.log" redis-server --bind 127.0.0.1 --port $redis_port --save "" --appendonly no
  await "the Redis server" redis-cli -p $redis_port ping
  pids+=(--pid "$pid")
}

up_tidegate() {
  local alone='backplane: { type: local }
channels: { defaults: { positioned: true, history_size: 100, publish: [authenticated] } }'
  local cluster="backplane: { type: redis, cluster: bench, redis: { uri: \"redis://127.0.0.1:$redis_port\" } }
channels: { defaults: { publish: [authenticated] } }"
  urls=() pids=() speak=(--secret "$secret") collect=(--heap) compiles=yes
  case $1 in
    plain) gateway_node $base_port "plaintext: true" "$alone" ;;
    delayed) gateway_node $base_port "plaintext: true, flush_delay: 5ms" "$alone" ;;
    tls)
      certificate
      gateway_node $base_port "tls: { certificate: \"$out/certificate.pem\", key: \"$out/key.pem\", min_version: TLSv1.3 }" "$alone"
      ;;
    cluster)
      redis_server
      gateway_node $base_port "plaintext: true" "$cluster"
      gateway_node $((base_port + 10)) "plaintext: true" "$cluster"
      ;;
  esac
}
