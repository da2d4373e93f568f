-- What the scripts of a channel share; put before each of them.
-- KEYS: 1 state (hash), 2 history (stream), 3 presence (hash), 4 keys (sorted set), 5 offsets (hash).
-- ARGV: 1 an epoch that nobody has used, 2 how long the state is kept (ms), 3 where events are published.

local IDEMPOTENCY_MILLIS = 300000
local IDEMPOTENCY_KEYS = 256
local PARENTS = 4
local TOUCH_MILLIS = 30000

local function int(number)
  return string.format('%d', number)
end

local function time_millis()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Parents are written "epoch:offset:moves", the latest first, with commas between.
local function with_parent(parent, parents)
  local kept = { parent }
  for each in string.gmatch(parents, '[^,]+') do
    if #kept < PARENTS then
      kept[#kept + 1] = each
    end
  end
  return table.concat(kept, ',')
end

-- The channel's stream, begun if there is none, and forked if this copy of the data has taken over
-- since its last write. A server draws a new replication id whenever it starts as a master or
-- becomes one, so the id names the copy.
local function open()
  local info = redis.call('INFO', 'replication')
  local copy = string.match(info, 'master_replid:(%x+)')
  local state = redis.call('HMGET', KEYS[1], 'copy', 'epoch', 'offset', 'moves', 'parents', 'touched', 'keep')
  local channel = {
    epoch = state[2],
    offset = tonumber(state[3] or 0),
    moves = tonumber(state[4] or 0),
    parents = state[5] or '',
    fork = '',
    time = time_millis(),
    touched = state[1] and tonumber(state[6] or 0) or 0,
    kept = tonumber(state[7] or 0),
  }
  if not state[1] then
    channel.epoch = ARGV[1]
    redis.call('HSET', KEYS[1], 'copy', copy, 'epoch', channel.epoch, 'offset', 0, 'moves', 0, 'parents', '')
    redis.call('DEL', KEYS[2], KEYS[4], KEYS[5])
  elseif state[1] ~= copy then
    local follows = string.match(info, 'master_replid2:(%x+)') == state[1]
    channel.fork = follows and 'promoted' or 'restarted'
    channel.parents = with_parent(state[2] .. ':' .. state[3] .. ':' .. state[4], channel.parents)
    channel.epoch = ARGV[1]
    redis.call('HSET', KEYS[1], 'copy', copy, 'epoch', channel.epoch, 'parents', channel.parents)
  end
  return channel
end

-- Lets the state live on. At the end of a script: what comes first is what a full server refuses;
-- reading goes on there, so a refusal of this is none.
local function touch(channel)
  local keep = tonumber(ARGV[2])
  if keep > channel.kept or math.abs(channel.time - channel.touched) > TOUCH_MILLIS then
    keep = math.max(keep, channel.kept)
    redis.pcall('HSET', KEYS[1], 'touched', int(channel.time), 'keep', int(keep))
    redis.call('PEXPIRE', KEYS[1], int(keep))
  end
end

-- Tells a join or a leave.
local function move(channel, sign, member)
  channel.moves = channel.moves + 1
  redis.call('HSET', KEYS[1], 'moves', int(channel.moves))
  redis.call('PUBLISH', ARGV[3],
    sign .. ' ' .. channel.epoch .. ' ' .. int(channel.offset) .. ' ' .. int(channel.moves) .. '\n' .. member)
end

-- A presence entry is written "OWNER SIGN LENGTH\nUSERMEMBER": who holds it, + if its moves are
-- told, the length of the user's id, that id, and the member as events carry it.
local function read_entry(entry)
  local owner, sign, length, start = string.match(entry, '^(%S+) ([+-]) (%d+)\n()')
  length = tonumber(length)
  return owner, sign, string.sub(entry, start, start + length - 1), string.sub(entry, start + length)
end
