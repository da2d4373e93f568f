-- Gives a lease back. KEYS and ARGV 1 and 2 as in renew; ARGV 3 is 1 if the owner holds no entries.

local present = redis.call('HGET', KEYS[1], ARGV[1])
if present and string.match(present, '^(%S+) ') == ARGV[2] then
  redis.call('HDEL', KEYS[1], ARGV[1])
  if ARGV[3] ~= '1' then
    redis.call('HSET', KEYS[3], ARGV[1] .. '/' .. ARGV[2], redis.call('HGET', KEYS[2], 'at') or 0)
  end
end
return 1
