-- Renews a node's lease, and ends those that lapsed.
-- KEYS: 1 leases (hash), 2 clock (hash), 3 ended (hash).
-- ARGV: 1 node's id, 2 lease, 3 who the node is, 4 lease's time-out, 5 how often a lease is renewed,
-- 6 how long an ended lease is remembered; all in ms.
-- Answers what became of the lease ("kept", "anew", "ended"), the copy's id, the ids of the nodes
-- that live, and the owners that ended, each followed by 1 if it may be forgotten now, else 0.
--
-- The clock stands still while nobody looks: if nobody has for two renewals, nobody could, and it
-- goes on by one only. So nodes that could not reach the store have most of their time yet.

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local clock = redis.call('HMGET', KEYS[2], 'at', 'seen')
local at = tonumber(clock[1] or 0)
local gone = now - tonumber(clock[2] or now)
local interval = tonumber(ARGV[5])
at = at + math.max(0, gone > 2 * interval and interval or gone)
redis.call('HSET', KEYS[2], 'at', string.format('%d', at), 'seen', string.format('%d', now))

-- A lease is written "LEASE RENEWED\nNODE".
local function read_lease(value)
  local lease, renewed = string.match(value, '^(%S+) (%d+)\n')
  return lease, tonumber(renewed)
end

local function end_lease(node, lease)
  redis.call('HDEL', KEYS[1], node)
  redis.call('HSET', KEYS[3], node .. '/' .. lease, string.format('%d', at))
end

local fate = 'anew'
local present = redis.call('HGET', KEYS[1], ARGV[1])
if redis.call('HEXISTS', KEYS[3], ARGV[1] .. '/' .. ARGV[2]) == 1 then
  fate = 'ended'
elseif present then
  local lease = read_lease(present)
  if lease == ARGV[2] then
    fate = 'kept'
  else
    end_lease(ARGV[1], lease)
  end
end
if fate ~= 'ended' then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. string.format('%d', at) .. '\n' .. ARGV[3])
end

local living = {}
local leases = redis.call('HGETALL', KEYS[1])
for i = 1, #leases, 2 do
  local lease, renewed = read_lease(leases[i + 1])
  if at - renewed > tonumber(ARGV[4]) then
    end_lease(leases[i], lease)
  else
    living[#living + 1] = leases[i]
  end
end

local owners = {}
local ended = redis.call('HGETALL', KEYS[3])
for i = 1, #ended, 2 do
  owners[#owners + 1] = ended[i]
  owners[#owners + 1] = at - tonumber(ended[i + 1]) > tonumber(ARGV[6]) and 1 or 0
end
local copy = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
return { fate, copy, living, owners }
