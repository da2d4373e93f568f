-- Gives a lease back, and notes that it ended. KEYS and ARGV 1 and 2 as in renew.

local present = redis.call('HGET', KEYS[1], ARGV[1])
if present and string.match(present, '^(%S+) ') == ARGV[2] then
  redis.call('HDEL', KEYS[1], ARGV[1])
  redis.call('HSET', KEYS[3], ARGV[1] .. '/' .. ARGV[2], redis.call('HGET', KEYS[2], 'at') or 0)
end
return 1
