-- Removes the publications; the position and the idempotency keys stay. Answers fork.

local channel = open()
redis.call('DEL', KEYS[2])
touch(channel)
return { channel.fork }
