-- ARGV: 1 where consumers are woken, 2 the shard's number, 3 letters at most, 4 bytes at most,
-- 5 client, 6 when the letter expires, 7 its size, 8 the letter. Answers 1, or 0 when it does not fit.

local size = tonumber(ARGV[7])

local function fits()
  local bytes = tonumber(redis.call('HGET', KEYS[1], 'bytes') or 0)
  return redis.call('XLEN', KEYS[2]) < tonumber(ARGV[3]) and bytes + size <= tonumber(ARGV[4])
end

local function drop_expired()
  for _, entry in ipairs(redis.call('XRANGE', KEYS[2], '-', '+')) do
    local letter = letter_of(entry)
    local out = false
    for _, group in ipairs(groups) do
      local mark = mark_of(group, letter.sequence)
      out = out or (mark and mark.standing == 'o' and mark.till > now)
    end
    if expired(letter) and not out then
      remove(letter)
    end
  end
end

if not fits() then
  drop_expired()
  if not fits() then
    return 0
  end
end
local sequence = int(redis.call('HINCRBY', KEYS[1], 'last', 1))
redis.call('XADD', KEYS[2], sequence .. '-0', 'c', ARGV[5], 'x', ARGV[6], 'b', ARGV[7], 'l', ARGV[8])
redis.call('HINCRBY', KEYS[1], 'bytes', size)
redis.call('PUBLISH', ARGV[1], ARGV[2])
return 1
