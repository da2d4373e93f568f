-- ARGV: 1 where consumers are woken, 2 the shard's number, 3 letters at most, 4 bytes at most,
-- 5 client, 6 when the letter expires, 7 its size, 8 the letter. Answers 1, or 0 when it does not fit.

local SCAN_MILLIS = 1000

local size = tonumber(ARGV[7])

local function fits()
  local bytes = tonumber(redis.call('HGET', KEYS[1], 'bytes') or 0)
  return redis.call('XLEN', KEYS[2]) < tonumber(ARGV[3]) and bytes + size <= tonumber(ARGV[4])
end

local function is_out(letter)
  for _, group in ipairs(groups) do
    local mark = mark_of(group, letter.sequence)
    if mark and mark.standing == 'o' and mark.till > now then
      return true
    end
  end
  return false
end

local function drop_expired()
  for _, entry in ipairs(redis.call('XRANGE', KEYS[2], '-', '+')) do
    local letter = letter_of(entry)
    if expired(letter) and not is_out(letter) then
      remove(letter)
    end
  end
end

-- Looking through all letters is dear, so not at each try: where it was in vain, it is again for a while.
local function makes_room()
  local in_vain = tonumber(redis.call('HGET', KEYS[1], 'in_vain') or 0)
  if math.abs(now - in_vain) < SCAN_MILLIS then
    return false
  end
  drop_expired()
  if fits() then
    return true
  end
  write_though_full()
  redis.call('HSET', KEYS[1], 'in_vain', int(now))
  return false
end

if not fits() and not makes_room() then
  return 0
end
local sequence = int(redis.call('HINCRBY', KEYS[1], 'last', 1))
redis.call('XADD', KEYS[2], sequence .. '-0', 'c', ARGV[5], 'x', ARGV[6], 'b', ARGV[7], 'l', ARGV[8])
redis.call('HINCRBY', KEYS[1], 'bytes', size)
redis.call('PUBLISH', ARGV[1], ARGV[2])
return 1
