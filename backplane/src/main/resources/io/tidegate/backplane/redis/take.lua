-- ARGV: 1 group, 2 node, 3 consumer, 4 number of this take, 5 letters wanted at most, 6 lease (ms),
-- 7 groups at most, 8 first pause (ms), 9 longest pause (ms), 10 how many settlements follow; each is
-- three arguments: sequence, number of the take that it came with, and 1 for done or 0 to give it
-- back; then the ids of nodes that ended.
-- Answers a list of letters, each {sequence, attempt, letter}; 1 if there are more; and in how many
-- ms a letter becomes due, -1 for none. Answers nothing when there are too many groups.

local group, node, consumer, number = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local want = tonumber(ARGV[5])
local lease = tonumber(ARGV[6])

write_though_full()
if redis.call('SISMEMBER', KEYS[3], group) == 0 then
  if #groups >= tonumber(ARGV[7]) then
    return {}
  end
  redis.call('SADD', KEYS[3], group)
  groups[#groups + 1] = group
end

local function pause(attempt)
  return math.min(tonumber(ARGV[8]) * 2 ^ math.min(attempt - 1, 16), tonumber(ARGV[9]))
end

local function entry_at(sequence)
  return redis.call('XRANGE', KEYS[2], sequence .. '-0', sequence .. '-0')[1]
end

local settlements = tonumber(ARGV[10])
for i = 0, settlements - 1 do
  local sequence, taken, done = ARGV[11 + 3 * i], ARGV[12 + 3 * i], ARGV[13 + 3 * i] == '1'
  local mark = mark_of(group, sequence)
  if mark and mark.standing == 'o' and mark.number == taken and mark.consumer == consumer then
    set_mark(group, sequence, done and 'a' or 'b', mark.attempt, now + pause(mark.attempt), number, '', '')
    local entry = done and entry_at(sequence)
    if entry and acknowledged_by_all(sequence) then
      remove(letter_of(entry))
    end
  end
end

local gone = {}
for i = 11 + 3 * settlements, #ARGV do
  gone[ARGV[i]] = true
end

local letters, more, due, blocked = {}, 0, -1, {}

local function becomes_due(till)
  local wait = math.max(0, till - now)
  if due < 0 or wait < due then
    due = wait
  end
end

for _, entry in ipairs(redis.call('XRANGE', KEYS[2], '-', '+')) do
  local letter = letter_of(entry)
  local mark = mark_of(group, letter.sequence)
  local standing = mark and mark.standing
  if standing ~= 'a' then
    local out = standing == 'o' and mark.till > now and not gone[mark.node]
    if out then
      blocked[letter.c] = true
      if mark.number == number and mark.consumer == consumer then
        letters[#letters + 1] = { letter.sequence, mark.attempt, letter.l }
      else
        becomes_due(mark.till)
      end
    elseif expired(letter) then
      set_mark(group, letter.sequence, 'a', 0, 0, '0', '', '')
      if acknowledged_by_all(letter.sequence) then
        remove(letter)
      end
    elseif not blocked[letter.c] then
      blocked[letter.c] = true
      if standing == 'b' and mark.till > now then
        becomes_due(mark.till)
      elseif #letters >= want then
        more = 1
      else
        local attempt = 1 + (mark and mark.attempt or 0)
        set_mark(group, letter.sequence, 'o', attempt, now + lease, number, node, consumer)
        letters[#letters + 1] = { letter.sequence, attempt, letter.l }
      end
    end
  end
end
return { letters, more, due }
