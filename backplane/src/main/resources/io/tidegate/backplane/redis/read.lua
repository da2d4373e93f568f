-- ARGV: 4 history's size, 5 its time to live (ms), 6 read beyond this offset, or empty for from the
-- end, 7 entries at most or -1 for all, 8 "forward" or "reverse".
-- Answers epoch, offset, moves, parents, fork, the oldest offset kept or 0, and the entries.

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
  step = 100
until not more
if cut then
  redis.call('XTRIM', KEYS[2], 'MINID', '=', int(cut) .. '-0')
end
answer[6] = oldest

if limit ~= 0 then
  local count = limit < 0 and size or limit
  local since = tonumber(ARGV[6])
  if ARGV[8] == 'forward' then
    answer[7] = redis.call('XRANGE', KEYS[2], since and int(since + 1) .. '-0' or '-', '+', 'COUNT', count)
  elseif not since or since > 1 then
    answer[7] = redis.call('XREVRANGE', KEYS[2], since and int(since - 1) .. '-0' or '+', '-', 'COUNT', count)
  end
end
return answer
