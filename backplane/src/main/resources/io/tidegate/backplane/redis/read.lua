-- ARGV: 4 history's size, 5 its time to live (ms), 6 read beyond this offset, or empty for from the
-- end, 7 entries at most or -1 for all, 8 "forward" or "reverse", 9 bytes of entries at most, but one
-- entry in any case.
-- Answers epoch, offset, moves, parents, fork, the oldest offset kept or 0, and the entries.

-- Read at once, so that a read of large entries takes little more than it answers.
local CHUNK = 16
-- Of an entry, beside its payload.
local OVERHEAD = 64

local channel = open()
local size = tonumber(ARGV[4])
local limit = tonumber(ARGV[7])
touch(channel)
local answer = { channel.epoch, channel.offset, channel.moves, channel.parents, channel.fork, 0, {} }
if size == 0 then
  return answer
end

local function offset_of(entry)
  return tonumber(string.match(entry[1], '^%d+'))
end

-- Trims what is too much or too old.
if redis.call('XLEN', KEYS[2]) > size then
  redis.call('XTRIM', KEYS[2], 'MAXLEN', '=', size)
end
local expired = channel.time - tonumber(ARGV[5])
local from = '-'
local cut = nil
local oldest = 0
local step = 1
repeat
  local entries = redis.call('XRANGE', KEYS[2], from, '+', 'COUNT', step)
  local more = false
  for _, entry in ipairs(entries) do
    more = tonumber(entry[2][2]) <= expired
    if not more then
      oldest = offset_of(entry)
      break
    end
    cut = offset_of(entry) + 1
    from = int(cut) .. '-0'
  end
  step = CHUNK
until not more
if cut then
  redis.call('XTRIM', KEYS[2], 'MINID', '=', int(cut) .. '-0')
end
answer[6] = oldest

local read, ahead = 'XRANGE', 1
local at, last = '-', '+'
if ARGV[8] == 'reverse' then
  read, ahead = 'XREVRANGE', -1
  at, last = '+', '-'
end
local since = tonumber(ARGV[6])
if since then
  if since + ahead < 1 then
    return answer
  end
  at = int(since + ahead) .. '-0'
end
local page = answer[7]
local left = limit < 0 and size or limit
local bytes = tonumber(ARGV[9])
while left > 0 do
  local count = math.min(left, CHUNK)
  local entries = redis.call(read, KEYS[2], at, last, 'COUNT', count)
  for _, entry in ipairs(entries) do
    bytes = bytes - #entry[2][4] - OVERHEAD
    if bytes < 0 and #page > 0 then
      return answer
    end
    page[#page + 1] = entry
    at = int(offset_of(entry) + ahead) .. '-0'
  end
  left = #entries < count and 0 or left - count
end
return answer
