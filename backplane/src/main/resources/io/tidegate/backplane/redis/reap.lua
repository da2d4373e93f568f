-- ARGV: 4 owner, 5.. clients whose entries stay. Removes the owner's other entries.
-- Answers how many; and fork.

local channel = open()
local stays = {}
for i = 5, #ARGV do
  stays[ARGV[i]] = true
end
local entries = redis.call('HGETALL', KEYS[3])
local reaped = 0
for i = 1, #entries, 2 do
  local owner, sign, _, member = read_entry(entries[i + 1])
  if owner == ARGV[4] and not stays[entries[i]] then
    redis.call('HDEL', KEYS[3], entries[i])
    if sign == '+' then
      move(channel, '-', member)
    end
    reaped = reaped + 1
  end
end
touch(channel)
return { reaped, channel.fork }
