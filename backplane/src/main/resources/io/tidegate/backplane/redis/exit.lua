-- ARGV: 4 owner, 5 client. Answers 1 if the owner had such an entry, else 0; and fork.

local channel = open()
local present = redis.call('HGET', KEYS[3], ARGV[5])
if not present then
  return { 0, channel.fork }
end
local owner, sign, _, member = read_entry(present)
if owner ~= ARGV[4] then
  return { 0, channel.fork }
end
redis.call('HDEL', KEYS[3], ARGV[5])
if sign == '+' then
  move(channel, '-', member)
end
touch(channel)
return { 1, channel.fork }
