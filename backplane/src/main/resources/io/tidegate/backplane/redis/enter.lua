-- ARGV: 4 owner, 5 client, 6 "+" if the entry's moves are told, else "-", 7 members at most,
-- 8 the user's id, 9 member. Answers 1, or 0 when the channel is full; and fork.

local channel = open()
local sign = ARGV[6]
local present = redis.call('HGET', KEYS[3], ARGV[5])
if present then
  local _, told = read_entry(present)
  sign = told
elseif redis.call('HLEN', KEYS[3]) >= tonumber(ARGV[7]) then
  touch(channel)
  return { 0, channel.fork }
end
redis.call('HSET', KEYS[3], ARGV[5], ARGV[4] .. ' ' .. sign .. ' ' .. #ARGV[8] .. '\n' .. ARGV[8] .. ARGV[9])
if not present and sign == '+' then
  move(channel, '+', ARGV[9])
end
touch(channel)
return { 1, channel.fork }
