-- Counts the members and the distinct users among them.

local users = {}
local count = 0
local entries = redis.call('HVALS', KEYS[3])
for _, entry in ipairs(entries) do
  local _, _, user = read_entry(entry)
  if not users[user] then
    users[user] = true
    count = count + 1
  end
end
return { #entries, count }
