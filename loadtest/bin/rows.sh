# The rows of the figures: what is done to a server, whichever it is. A row is called with the server's
# name. up SERVER VARIANT starts it (plain, delayed: a flush delay of 5 ms, tls, cluster: two nodes) and sets
# where it is: urls, pids and speak, all options of the tester; collect, the option --heap for a virtual
# machine of Java; and compiles, whether it needs a run to get warm.

declare -A work=(
  [a]="1,000 subscribers, 8 messages in flight: deliveries/s · CPU s per million"
  [b]="1,000 subscribers, 30,000 deliveries/s, open loop: CPU s per million · p99 ms"
  [c]="1,000 subscribers, 150,000 deliveries/s, open loop, flush delay 5 ms: share of the core in % · p99 ms"
  [d]="5,000 connections, each publishing to one other, 10,000 messages/s: CPU s per million"
  [e]="two nodes, 500 subscribers each, 32 messages in flight, so that they queue, no history: CPU s per million, Redis's too"
  [f]="fan-out 10 · 100 · 1,000 · 10,000, 2,000 deliveries in flight: CPU s per million"
  [g]="10,000 idle ws connections, one subscription each: RSS MB · heap KiB per connection after GC · the same, each with a channel of its own"
  [g-tls]="10,000 idle wss connections: RSS KiB per connection after GC"
  [h]="connect, warm: CPU ms per connection, ws · wss (P-256, TLS 1.3, full handshakes)"
)

# N publications under way, each until all subscribers have it.
in_flight() {
  in_flight=(--publish-by clients --publishing-connections "${2:-1}" --publishers "$1" --closed-loop --until-delivered)
}

# fanout CHANNEL SUBSCRIBERS OPTIONS...: what the tester is told, into $load.
fanout() {
  load=(fanout "${urls[@]}" "${speak[@]}" --timeout 2m --channel "$1" --connections "$2" "${@:3}")
}

# A fan-out at full speed before a fan-out is measured.
warm_fanout() {
  in_flight 8
  fanout "$1" 1000 "${in_flight[@]}"
  warm "$1" "${load[@]}"
}

row_a() {
  up "$1" plain
  warm_fanout "a-$1"
  fanout "a-$1" 1000 "${in_flight[@]}"
  run_all "a-$1" "${load[@]}" "${pids[@]}"
  result a "$1" "a-$1" "deliveries_per_second=$(median "a-$1" "$rate")" "cpu=$(median "a-$1" "$cpu")" \
    "tester_cpu=$(median "a-$1" "$tester_cpu")"
}

# open_loop NAME PUBLICATIONS_PER_SECOND. The tester has little to do here, so it takes longer until its own code is
# compiled; before, its cost is twice as high, and its pauses are in the latencies.
open_loop() {
  local warmup=$warmup
  [ -n "$quick" ] || warmup=20s
  warm_fanout "$1"
  fanout "$1" 1000 --publish-by clients --publishing-connections 1 --publishers 64 --rate "$2"
  run_all "$1" "${load[@]}" "${pids[@]}"
}

row_b() {
  up "$1" plain
  open_loop "b-$1" 30
  result b "$1" "b-$1" "cpu=$(median "b-$1" "$cpu")" "p99=$(median "b-$1" "$p99")" \
    "tester_cpu=$(median "b-$1" "$tester_cpu")"
}

row_c() {
  up "$1" delayed
  open_loop "c-$1" 150
  result c "$1" "c-$1" "share=$(median "c-$1" "$share")" "p99=$(median "c-$1" "$p99")" \
    "tester_cpu=$(median "c-$1" "$tester_cpu")"
}

row_d() {
  up "$1" plain
  warm "d-$1" pairs "${urls[@]}" "${speak[@]}" --timeout 2m --connections 500 --rate 10000
  run_all "d-$1" pairs "${urls[@]}" "${speak[@]}" --timeout 2m --connections 5000 --rate 10000 "${pids[@]}"
  result d "$1" "d-$1" "cpu=$(median "d-$1" "$cpu")" "tester_cpu=$(median "d-$1" "$tester_cpu")"
}

row_e() {
  up "$1" cluster || return 0
  warm_fanout "e-$1"
  in_flight 32 2
  fanout "e-$1" 1000 "${in_flight[@]}"
  run_all "e-$1" "${load[@]}" "${pids[@]}"
  result e "$1" "e-$1" "cpu=$(median "e-$1" "$cpu")" "tester_cpu=$(median "e-$1" "$tester_cpu")"
}

row_f() {
  local size names=() figures=() testers=()
  up "$1" plain
  warm_fanout "f-$1"
  for size in 10 100 1000 10000; do
    in_flight $((size > 2000 ? 1 : 2000 / size))
    fanout "f$size-$1" "$size" "${in_flight[@]}"
    run_all "f$size-$1" "${load[@]}" "${pids[@]}"
    names+=("f$size-$1")
    figures+=("cpu_$size=$(median "f$size-$1" "$cpu")")
    testers+=("tester_cpu_$size=$(median "f$size-$1" "$tester_cpu")")
  done
  result f "$1" "${names[*]}" "${figures[@]}" "${testers[@]}"
}

# Each run has a fresh server, which has seen connections before: what it loads and compiles for the
# first ones is not theirs. idle NAME SERVER VARIANT CHANNELS
idle() {
  local i connections=10000
  [ "$4" -le "$connections" ] || fail "idle: $4 channels"
  for ((i = 1; i <= runs; i++)); do
    up "$2" "$3"
    run_once "$1-$i-warm" idle "${urls[@]}" "${speak[@]}" --timeout 2m --insecure --connections 500 --channels 50 \
      --warmup 0s --duration 1s
    run_once "$1-$i" idle "${urls[@]}" "${speak[@]}" --timeout 2m --insecure --connections "$connections" --channels "$4" \
      --warmup 2s --duration 1s "${pids[@]}" "${collect[@]}"
    stop_all
  done
}

row_g() {
  local names="g-$1"
  idle "g-$1" "$1" plain 100
  if [ ${#collect[@]} -gt 0 ]; then
    idle "g-own-$1" "$1" plain 10000
    names+=" g-own-$1"
  fi
  result g "$1" "$names" "rss=$(median "g-$1" "$rss")" "heap=$(median "g-$1" "$heap")" \
    "rss_own=$(median "g-own-$1" "$rss")" "heap_own=$(median "g-own-$1" "$heap")"
  idle "g-tls-$1" "$1" tls 100
  result g-tls "$1" "g-tls-$1" "grown=$(median "g-tls-$1" "$grown")"
}

# connects NAME SERVER VARIANT: as fast as they can be opened, some at a time.
connects() {
  local i load
  up "$2" "$3"
  load=(connect "${urls[@]}" "${speak[@]}" --timeout 2m --insecure --closed-loop --connections 16)
  # An address has ports for half a minute of this.
  for i in {2..21}; do load+=(--source "127.0.0.$i"); done
  warm "$1" "${load[@]}"
  run_all "$1" "${load[@]}" "${pids[@]}"
  stop_all
}

row_h() {
  connects "h-$1" "$1" plain
  connects "h-tls-$1" "$1" tls
  result h "$1" "h-$1 h-tls-$1" "ws=$(median "h-$1" "$cpu")" "wss=$(median "h-tls-$1" "$cpu")" \
    "tester_cpu_ws=$(median "h-$1" "$tester_cpu")" "tester_cpu_wss=$(median "h-tls-$1" "$tester_cpu")"
}

# Measures servers in rows: measure "ROW..." SERVER...
measure() {
  local row server
  rm -f "$out/results.jsonl" "$out"/*.json
  for row in $1; do
    for server in "${@:2}"; do
      "row_$row" "$server"
      stop_all
    done
  done
  jq -s . "$out/results.jsonl" >"$out/results.json"
}

# A Markdown table of what was measured, a column for each server: table SERVER...
table() {
  local row titles=
  for row in "${!work[@]}"; do titles+=$(jq -n --arg row "$row" --arg work "${work[$row]}" '{($row): $work}'); done
  jq -r --slurpfile titles <(jq -s add <<<"$titles") --arg servers "$*" '
    def number: if . == null then "-" elif . >= 1000 then round elif . >= 100 then (. * 10 | round / 10) else (. * 100 | round / 100) end;
    def cell: (.figures | to_entries | map(select(.key | startswith("tester") | not) | .value | number | tostring) | join(" · "))
      + (if .bad_runs > 0 then " (\(.bad_runs) of \(.runs) runs not good)" else "" end);
    def tester: .figures | to_entries | map(select(.key | startswith("tester")) | .value | number | tostring) | join(" · ");
    . as $results | ($servers | split(" ")) as $servers |
    "| work | \($servers | join(" | ")) | CPU of the tester beside \($servers[0]) |",
    "|---|\($servers | map("---|") | join(""))---|",
    (reduce .[].row as $row ([]; if index($row) then . else . + [$row] end) | .[] as $row |
      "| \($row): \($titles[0][$row]) | \($servers | map(. as $server | [$results[] | select(.row == $row and .server == $server)]
        | if length == 0 then "-" else .[0] | cell end) | join(" | ")) | \([$results[] | select(.row == $row and .server == $servers[0])]
        | if length == 0 then "" else .[0] | tester end) |")' "$out/results.json"
}
