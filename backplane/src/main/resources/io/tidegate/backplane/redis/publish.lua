-- ARGV: 4 history's size, 5 its time to live (ms), 6 idempotency key or empty, 7 payload.
-- Answers epoch, offset, 1 if the key was known, fork. The first write is the one that may fail.

local channel = open()
local size = tonumber(ARGV[4])
local key = ARGV[6]

if key ~= '' then
  local seen = tonumber(redis.call('ZSCORE', KEYS[4], key) or 0)
  local offset = redis.call('HGET', KEYS[5], key)
  if offset and channel.time - seen < IDEMPOTENCY_MILLIS then
    return { channel.epoch, tonumber(offset), 1, channel.fork }
  end
end

channel.offset = channel.offset + 1
local offset = int(channel.offset)
local time = int(channel.time)
if size > 0 then
  redis.call('XADD', KEYS[2], 'MAXLEN', '=', ARGV[4], offset .. '-0', 't', time, 'p', ARGV[7])
  redis.call('PEXPIRE', KEYS[2], ARGV[5])
else
  redis.call('DEL', KEYS[2])
end
redis.call('HSET', KEYS[1], 'offset', offset)

if key ~= '' then
  redis.call('ZADD', KEYS[4], time, key)
  redis.call('HSET', KEYS[5], key, offset)
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
return { channel.epoch, channel.offset, 0, channel.fork }
