-- ARGV: 1 group.

redis.call('SREM', KEYS[3], ARGV[1])
groups = redis.call('SMEMBERS', KEYS[3])
for _, entry in ipairs(redis.call('XRANGE', KEYS[2], '-', '+')) do
  local letter = letter_of(entry)
  redis.call('HDEL', KEYS[4], ARGV[1] .. ' ' .. letter.sequence)
  if acknowledged_by_all(letter.sequence) then
    remove(letter)
  end
end
return 1
