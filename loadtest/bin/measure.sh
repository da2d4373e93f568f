# What figures and peers/compare have in common; they source it and set $out. Here: processes, runs of
# the tester, what comes of them. The rows are in rows.sh. Needs bash, jq, taskset, curl.
#
# One kind of server at a time on one core, the tester on another; all on the loopback.

server_core=${SERVER_CORE:-0}
tester_core=${TESTER_CORE:-1}
base_port=${BASE_PORT:-27440} # servers take it and the next 30
tester=$root/loadtest/bin/tidegate-loadtest
runs=3
quick=
warmup=5s
duration=6s
started=() # processes to end, by id

say() { echo "${0##*/}: $*" >&2; }

fail() {
  say "$*"
  exit 1
}

need() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || fail "$tool: not found"
  done
}

# One run of everything, too short to be believed: to see whether it works.
be_quick() { quick=yes runs=1 warmup=1s duration=2s; }

# Starts a server on its core: start LOG COMMAND...; its id is then in $pid.
start() {
  local log=$1
  shift
  taskset -c "$server_core" "$@" >"$log" 2>&1 &
  pid=$!
  started+=("$pid")
}

# Ends all that was started, the last first.
stop_all() {
  local i one
  for ((i = ${#started[@]} - 1; i >= 0; i--)); do
    one=${started[$i]}
    kill "$one" 2>/dev/null || continue
    for _ in {1..100}; do
      kill -0 "$one" 2>/dev/null || break
      sleep 0.1
    done
    kill -9 "$one" 2>/dev/null || true
    wait "$one" 2>/dev/null || true
  done
  started=()
}

# Waits for a condition: await WHAT COMMAND...
await() {
  local what=$1
  shift
  for _ in {1..300}; do
    "$@" >/dev/null 2>&1 && return
    kill -0 "$pid" 2>/dev/null || fail "$what: ended; see $out"
    sleep 0.1
  done
  fail "$what: not there after 30 s; see $out"
}

# A certificate for servers with TLS: P-256, in $out/certificate.pem and $out/key.pem.
certificate() {
  [ -s "$out/certificate.pem" ] && return
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
    -keyout "$out/key.pem" -out "$out/certificate.pem" 2>"$out/openssl.log" || fail "see $out/openssl.log"
}

# One run of the tester: run_once NAME ARGUMENTS...; its report is $out/NAME.json. A run that was not
# good, because something was lost or the like, stops nothing and is told in the table.
run_once() {
  local name=$1
  shift
  say "$name"
  rm -f "$out/$name.json"
  JAVA_OPTS="-Xms512m -Xmx3g ${TESTER_OPTS:-}" taskset -c "$tester_core" \
    timeout --foreground 300 "$tester" "$@" --json "$out/$name.json" >"$out/$name.txt" 2>"$out/$name.log" ||
    say "$name: not good: $(grep -h -e MISSED -e 'tidegate-loadtest:' "$out/$name.txt" "$out/$name.log" |
      head -3 | tr -s ' ' | tr '\n' ';')"
}

# As many runs as are wanted: run_all NAME ARGUMENTS...
run_all() {
  local name=$1 i
  shift
  for ((i = 1; i <= runs; i++)); do
    run_once "$name-$i" "$@" --warmup "$warmup" --duration "$duration"
  done
}

# A run before anything is measured, so that a server that compiles while it runs has compiled: the
# arguments are those of run_once, without times. Others have their warm-up in each run.
warm() {
  [ -n "$quick" ] || [ -z "$compiles" ] || run_once "$1-warm" "${@:2}" --warmup 0s --duration 10s
}

# The median over the runs of NAME of what a jq expression says of a report: median NAME EXPRESSION
median() {
  local name=$1 expression=$2 i files=()
  for ((i = 1; i <= runs; i++)); do
    if [ -s "$out/$name-$i.json" ]; then files+=("$out/$name-$i.json"); fi
  done
  if [ ${#files[@]} -eq 0 ]; then
    echo null
    return
  fi
  jq -s "map($expression) | map(select(. != null)) | sort |
    if length == 0 then null else (.[(length - 1) / 2 | floor] + .[length / 2 | floor]) / 2 end" "${files[@]}"
}

# How many runs of each NAME were not good.
bad_runs() {
  local name i bad=0 file
  for name in "$@"; do
    for ((i = 1; i <= runs; i++)); do
      file=$out/$name-$i.json
      if [ ! -s "$file" ] || ! jq -e 'all(.checks[]; .met)' "$file" >/dev/null; then bad=$((bad + 1)); fi
    done
  done
  echo "$bad"
}

# Notes what came of a row: result ROW SERVER "NAME..." FIGURE=VALUE...
result() {
  local row=$1 server=$2 names=$3 one figures=
  shift 3
  for one in "$@"; do figures+="\"${one%%=*}\":${one#*=},"; done
  # shellcheck disable=SC2086 # names are several
  jq -nc --arg row "$row" --arg server "$server" --argjson bad "$(bad_runs $names)" \
    --argjson runs "$((runs * $(wc -w <<<"$names")))" --argjson figures "{${figures%,}}" \
    '{row: $row, server: $server, runs: $runs, bad_runs: $bad, figures: $figures}' >>"$out/results.jsonl"
}

cpu='.cost.server_cpu_per_unit'
tester_cpu='.cost.tester_cpu_per_unit'
rate='.deliveries.per_second'
p99='.latency_millis.p99'
share='([.cost.servers[].cpu_seconds] | add) / .seconds * 100'
heap='(.cost.server_heap_per_connection // empty) / 1024'
grown='.cost.server_bytes_per_connection / 1024'
rss='([.cost.servers[].rss_connected] | add) / 1e6'
