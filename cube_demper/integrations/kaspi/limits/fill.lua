-- Gives a Redis that forgot what Postgres remembers: by the holder of the lock alone.
-- KEYS[1] prefix, ARGV[1] the lock's token, ARGV[2] now in µs, ARGV[3] sends, bans, max_ahead as JSON.
-- `cold` makes every other window count as full once, `epoch` leaves whatever stood there behind.
local root, now, arg = KEYS[1], tonumber(ARGV[2]), cjson.decode(ARGV[3])
local LIFE = 86400000 -- ms

local function number(value) return tonumber(value) or 0 end
local function whole(value) return string.format('%.0f', value) end
local function write(command, key, ...)
  redis.call(command, key, ...)
  redis.call('PEXPIRE', key, LIFE)
end

if redis.call('GET', root .. 'lock') ~= ARGV[1] then return 0 end
local epoch = whole(now) .. '.' .. whole(redis.call('INCR', root .. 'epochs'))
local base = root .. epoch .. ':'
for store, sends in pairs(arg.sends) do
  for _, at in ipairs(sends) do write('RPUSH', base .. 'changes:' .. store, whole(at)) end
  write('SET', base .. 'pace:' .. store, whole(sends[#sends]))
end
for store, till in pairs(arg.bans) do
  local ban = redis.call('HMGET', root .. 'ban:' .. store, 'till', 'made')
  local known = number(ban[2]) <= now + arg.max_ahead and number(ban[1]) or 0
  write('HSET', root .. 'ban:' .. store, 'till', whole(math.max(known, till)), 'made', whole(now))
end
redis.call('HSET', root .. 'state', 'epoch', epoch, 'cold', whole(now), 'last', whole(now))
redis.call('DEL', root .. 'lock')
return 1
