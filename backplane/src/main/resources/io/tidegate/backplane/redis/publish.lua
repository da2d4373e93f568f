-- ARGV: 4 history's size, 5 its time to live (ms), 6 idempotency key or empty, 7 payload, 8 is there
-- if it was sent before. Answers epoch, offset; 1 if the key was known, 2 if it may have been and
-- nothing was done, else 0; fork. The first write is the one that may fail.

-- Longer than a call is repeated.
local RESEND_MILLIS = 10000

local channel = open()
local size = tonumber(ARGV[4])
local key = ARGV[6]

if key ~= '' then
  redis.call('ZCARD', KEYS[4])
  local offset, seen = string.match(redis.call('HGET', KEYS[5], key) or '', '^(%d+) (%d+)$')
  if offset and channel.time - tonumber(seen) < IDEMPOTENCY_MILLIS then
    touch(channel)
    return { channel.epoch, tonumber(offset), 1, channel.fork }
  end
  if ARGV[8] then
    -- Sent before: if keys of that time may have given way to others, nobody knows any more.
    local oldest = redis.call('ZRANGE', KEYS[4], 0, 0)[1]
    local _, time = string.match(oldest and redis.call('HGET', KEYS[5], oldest) or '', '^(%d+) (%d+)$')
    if redis.call('ZCARD', KEYS[4]) >= IDEMPOTENCY_KEYS and channel.time - tonumber(time or 0) < RESEND_MILLIS then
      return { channel.epoch, 0, 2, channel.fork }
    end
  end
end

channel.offset = channel.offset + 1
local offset = int(channel.offset)
local time = int(channel.time)
if size > 0 then
  redis.call('XADD', KEYS[2], 'MAXLEN', '=', ARGV[4], offset .. '-0', 't', time, 'p', ARGV[7])
  redis.call('PEXPIRE', KEYS[2], ARGV[5])
  redis.call('HSET', KEYS[1], 'offset', offset)
else
  redis.call('HSET', KEYS[1], 'offset', offset)
  redis.call('DEL', KEYS[2])
end

if key ~= '' then
  redis.call('ZADD', KEYS[4], offset, key)
  redis.call('HSET', KEYS[5], key, offset .. ' ' .. time)
  local over = redis.call('ZCARD', KEYS[4]) - IDEMPOTENCY_KEYS
  if over > 0 then
    for _, old in ipairs(redis.call('ZRANGE', KEYS[4], 0, over - 1)) do
      redis.call('ZREM', KEYS[4], old)
      redis.call('HDEL', KEYS[5], old)
    end
  end
  redis.call('PEXPIRE', KEYS[4], IDEMPOTENCY_MILLIS)
  redis.call('PEXPIRE', KEYS[5], IDEMPOTENCY_MILLIS)
end

redis.call('PUBLISH', ARGV[3],
  'p ' .. channel.epoch .. ' ' .. offset .. ' ' .. int(channel.moves) .. ' ' .. time .. '\n' .. ARGV[7])
touch(channel)
return { channel.epoch, channel.offset, 0, channel.fork }
