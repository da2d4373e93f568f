-- What the scripts of an inbox's shard share; put before each of them.
-- KEYS: 1 state (hash: last, bytes, in_vain), 2 letters (stream, ids "SEQUENCE-0"), 3 groups (set), 4 marks
-- (hash: what a group did with a letter, field "GROUP SEQUENCE").
-- A letter's fields: c its client, x when it expires (ms, 0 for never), b its size, l the letter.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local groups = redis.call('SMEMBERS', KEYS[3])

-- A full server refuses a script whose first write may take memory, and looks at no later one: this is a
-- first write that takes none. For what frees more than it takes, or takes next to nothing.
local function write_though_full()
  redis.call('HDEL', KEYS[4], '')
end

local function int(number)
  return string.format('%d', number)
end

local function letter_of(entry)
  local letter = { sequence = string.match(entry[1], '^%d+') }
  for i = 1, #entry[2], 2 do
    letter[entry[2][i]] = entry[2][i + 1]
  end
  return letter
end

-- A mark is written "STANDING ATTEMPT UNTIL NUMBER NODE CONSUMER". Standing: o handed out, b given
-- back, a acknowledged.
local function mark_of(group, sequence)
  local mark = redis.call('HGET', KEYS[4], group .. ' ' .. sequence)
  if not mark then
    return nil
  end
  local standing, attempt, till, number, node, consumer =
    string.match(mark, '^(%a) (%d+) (%d+) (%d+) (%S*) (%S*)$')
  return {
    standing = standing,
    attempt = tonumber(attempt),
    till = tonumber(till),
    number = number,
    node = node,
    consumer = consumer,
  }
end

local function set_mark(group, sequence, standing, attempt, till, number, node, consumer)
  redis.call('HSET', KEYS[4], group .. ' ' .. sequence,
    standing .. ' ' .. int(attempt) .. ' ' .. int(till) .. ' ' .. number .. ' ' .. node .. ' ' .. consumer)
end

local function remove(letter)
  redis.call('XDEL', KEYS[2], letter.sequence .. '-0')
  redis.call('HINCRBY', KEYS[1], 'bytes', -tonumber(letter.b))
  for _, group in ipairs(groups) do
    redis.call('HDEL', KEYS[4], group .. ' ' .. letter.sequence)
  end
end

local function acknowledged_by_all(sequence)
  for _, group in ipairs(groups) do
    local mark = mark_of(group, sequence)
    if not mark or mark.standing ~= 'a' then
      return false
    end
  end
  return true
end

local function expired(letter)
  local till = tonumber(letter.x)
  return till ~= 0 and now >= till
end
