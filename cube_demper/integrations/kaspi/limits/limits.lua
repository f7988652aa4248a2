-- Every limit of Kaspi at once: one call decides and books, so no interleaving of processes can
-- pass a window. KEYS[1] prefix, ARGV[1] operation, ARGV[2] now of the caller's clock in µs,
-- ARGV[3] arguments as JSON. Times are µs. The hash `state` is the marker: without it we are cold.
local root = KEYS[1]
local operation, now, arg = ARGV[1], tonumber(ARGV[2]), cjson.decode(ARGV[3])
local LIFE = 86400000 -- ms; windows are far shorter, and a clock may run slower than Redis's own
local GRACE = 500000 -- a waiter is forgotten so long after the moment when it should have asked again
local NEVER = 9e15

local function number(value) return tonumber(value) or 0 end
local function whole(value) return string.format('%.0f', value) end
local function write(command, key, ...)
  local answer = redis.call(command, key, ...)
  redis.call('PEXPIRE', key, LIFE)
  return answer
end

local state_key = root .. 'state'
local state = redis.call('HMGET', state_key, 'epoch', 'last', 'cold')
local last, cold_at = tonumber(state[2]), tonumber(state[3])
-- A marker from the future was left by another clock: what stands under it means nothing here.
if not cold_at or not last or last > now + arg.max_ahead then return {'cold'} end
local t = math.max(now, last) -- grants are in order whichever process's clock is behind
-- Asking moves the time on too: what it drops from a window must be old for whoever asks next.
if t > last then redis.call('HSET', state_key, 'last', string.format('%.0f', t)) end
local base = root .. state[1] .. ':' -- what a former Redis life left is under another name

local function used(key, span)
  local function is_out(head) return head and tonumber(head) <= t - span end
  while is_out(redis.call('LINDEX', key, 0)) do redis.call('LPOP', key) end
  return redis.call('LLEN', key)
end

local function collect(key, times)
  for _, at in ipairs(redis.call('LRANGE', key, 0, -1)) do times[#times + 1] = tonumber(at) end
  return times
end

local function ban_of(store)
  local ban = redis.call('HMGET', root .. 'ban:' .. store, 'till', 'made')
  local till = number(ban[1])
  if till > t and number(ban[2]) <= t + arg.max_ahead then return till end
end

local function egress_key(egress) return base .. 'egress:' .. arg.host .. ':' .. egress end

-- What blocks an egress now: the moment it opens and why, else nil; third: whether a trial is due.
local function block_of(egress)
  local row = redis.call('HMGET', egress_key(egress), 'ban', 'open', 'trial', 'last', 'errors')
  local ban, open, trial = number(row[1]), number(row[2]), number(row[3])
  local block, why = nil, nil
  if open > t then block, why = open, 'breaker'
  elseif open > 0 and trial > t then block, why = trial, 'breaker' end
  if ban > t and ban > number(block) then block, why = ban, 'egress_ban' end
  return block, why, open > 0, number(row[4]), number(row[5]), open
end

local function window_key(egress) return base .. 'shop:at:' .. egress end

-- Waiters of a scope: a queue by ticket for each kind, and when each is forgotten.
local function forget(scope, member)
  redis.call('ZREM', base .. scope .. ':until', member)
  local kind, ticket = string.match(member, '^(.*)|(.*)$')
  redis.call('ZREM', base .. scope .. ':wait:' .. kind, ticket)
end

local function forget_late(scope)
  local late = redis.call('ZRANGEBYSCORE', base .. scope .. ':until', '-inf', whole(t))
  for _, member in ipairs(late) do forget(scope, member) end
end

-- When `needed` more places will be free: as the sorted times leave the window, then by whole spans.
local function free_at(times, needed, limit)
  if times[needed] then return times[needed] + arg.span end
  return t + arg.span * (1 + math.floor((needed - #times - 1) / limit))
end

-- How many must be served before this request: the guarantee of a waiting group always, higher
-- kinds as far as both are borrowers or both in their guarantee, and its own kind's earlier tickets.
local function ahead_of(scope, limit)
  forget_late(scope)
  local mine, in_group, waiting, is_higher = arg.groups[arg.kind], 0, {}, true
  for _, kind in ipairs(arg.kinds) do
    local key, group = base .. scope .. ':wait:' .. kind, arg.groups[kind]
    local is_mine = kind == arg.kind and arg.ticket > 0
    local count = is_mine and redis.call('ZCOUNT', key, '-inf', '(' .. whole(arg.ticket))
      or redis.call('ZCARD', key)
    if group == mine then
      in_group = in_group + (is_higher and count or 0)
    else
      local row = waiting[group] or {count = 0, is_higher = is_higher}
      row.count = row.count + count
      waiting[group] = row
    end
    if kind == arg.kind then is_higher = false end
  end
  local function taken(group) return used(base .. scope .. ':by:' .. group, arg.span) end
  local guarantee = math.ceil(arg.shares[mine] * limit)
  local over = taken(mine) + in_group - guarantee
  local is_guaranteed, own_at = over < 0, NEVER
  if not is_guaranteed then
    own_at = free_at(collect(base .. scope .. ':by:' .. mine, {}), over + 1, guarantee)
  end
  local ahead = in_group
  for group, row in pairs(waiting) do
    if row.count > 0 then
      local promised = math.min(row.count, math.max(0, math.ceil(arg.shares[group] * limit - taken(group))))
      if row.is_higher then
        ahead = ahead + (is_guaranteed and promised or row.count)
      elseif not is_guaranteed then
        ahead = ahead + promised
      end
    end
  end
  return ahead, own_at
end

local function leave_queues()
  if arg.ticket == 0 then return end
  for _, scope in ipairs({'shop', 'all'}) do forget(scope, arg.kind .. '|' .. whole(arg.ticket)) end
end

local function wait(at, why, scope)
  local pause = math.max(at - t, 1000)
  local ticket = arg.ticket
  leave_queues()
  if scope and pause <= arg.longest then
    if ticket == 0 then ticket = write('INCR', base .. 'tickets') end
    write('ZADD', base .. scope .. ':wait:' .. arg.kind, whole(ticket), whole(ticket))
    write('ZADD', base .. scope .. ':until', whole(t + pause + GRACE), arg.kind .. '|' .. whole(ticket))
  end
  return {'wait', whole(pause), why, whole(ticket)}
end

local function store_wait()
  if arg.store then
    local ban = ban_of(arg.store)
    if ban then return wait(ban, 'store_ban') end
    local next_at = number(redis.call('GET', base .. 'pace:' .. arg.store)) + arg.gap
    if next_at > t then return wait(next_at, 'store_pace') end
    local key = base .. 'changes:' .. arg.store
    local over = used(key, arg.changes_span) + arg.changes - arg.changes_limit
    if over > 0 then
      return wait(number(redis.call('LINDEX', key, over - 1)) + arg.changes_span, 'changes')
    end
  end
  if arg.token then
    local key = base .. 'token:' .. arg.token
    if used(key, arg.span) >= arg.token_limit then
      return wait(number(redis.call('LINDEX', key, 0)) + arg.span, 'orders_pace')
    end
  end
end

-- The candidate that rested longest (or the first, for a sticky request) among those with room.
local function choose()
  local best, rested, usable, free, times = nil, NEVER, 0, 0, {}
  local soonest, why_blocked = NEVER, nil
  for _, egress in ipairs(arg.candidates) do
    local block, why, is_trial, last_used, errors = block_of(egress)
    if block then
      if block < soonest then soonest, why_blocked = block, why end
    else
      local room = 1
      if arg.is_counted then
        room = arg.shop_limit - used(window_key(egress), arg.span)
        collect(window_key(egress), times)
      end
      usable, free = usable + 1, free + room
      if room > 0 and (not best or (not arg.is_sticky and last_used < rested)) then
        best, rested = {key = egress, is_trial = is_trial, errors = errors}, last_used
      end
    end
  end
  if usable == 0 then return nil, wait(soonest, why_blocked or 'egress') end
  if not arg.is_counted then return best end
  local ahead, own_at = ahead_of('shop', arg.shop_limit * usable)
  if free > ahead and best then return best end
  table.sort(times)
  local at = math.min(own_at, free_at(times, ahead - free + 1, arg.shop_limit * usable))
  return nil, wait(at, 'egress', 'shop')
end

local function book(egress)
  local at = whole(t)
  write('RPUSH', base .. 'all:at', at)
  write('RPUSH', base .. 'all:by:' .. arg.groups[arg.kind], at)
  if arg.is_counted then
    write('RPUSH', window_key(egress.key), at)
    write('RPUSH', base .. 'shop:by:' .. arg.groups[arg.kind], at)
  end
  write('HSET', egress_key(egress.key), 'last', at)
  if egress.is_trial then
    redis.call('HSET', egress_key(egress.key), 'trial', whole(t + arg.breaker_open))
  end
  if arg.store then
    write('SET', base .. 'pace:' .. arg.store, at)
    for _ = 1, arg.changes do redis.call('RPUSH', base .. 'changes:' .. arg.store, at) end
    redis.call('PEXPIRE', base .. 'changes:' .. arg.store, LIFE)
  end
  if arg.token then write('RPUSH', base .. 'token:' .. arg.token, at) end
  leave_queues()
  return {'granted', at, egress.key, egress.is_trial and '1' or '0', whole(egress.errors)}
end

local operations = {}

function operations.take()
  if t < cold_at + arg.span then return wait(cold_at + arg.span, 'cold') end
  local refused = store_wait()
  if refused then return refused end
  local egress, full = choose()
  if full then return full end
  local free = arg.global_limit - used(base .. 'all:at', arg.span)
  local ahead, own_at = ahead_of('all', arg.global_limit)
  if free > ahead then return book(egress) end
  local times = collect(base .. 'all:at', {})
  return wait(math.min(own_at, free_at(times, ahead - free + 1, arg.global_limit)), 'budget', 'all')
end

-- Nothing left the machine: the store's changes are its own again.
function operations.give_back()
  redis.call('LREM', base .. 'changes:' .. arg.store, -arg.changes, whole(arg.at))
  return {'ok'}
end

function operations.report()
  local key = egress_key(arg.egress)
  local row = redis.call('HMGET', key, 'open', 'errors')
  local open, errors = number(row[1]), number(row[2])
  if open > 0 and not arg.is_trial then return {'ok'} end -- a late answer neither opens nor closes
  if arg.is_good then
    redis.call('HDEL', key, 'open', 'errors', 'trial')
  elseif open > 0 or errors + 1 >= arg.breaker_errors then
    redis.call('HDEL', key, 'trial')
    write('HSET', key, 'open', whole(t + arg.breaker_open), 'errors', arg.breaker_errors)
  else
    write('HSET', key, 'errors', errors + 1)
  end
  return {'ok'}
end

function operations.ban_egress()
  local key = egress_key(arg.egress)
  local till = math.max(number(redis.call('HGET', key, 'ban')), t + arg.length)
  write('HSET', key, 'ban', whole(till))
  return {'ok'}
end

function operations.ban_store()
  local till = math.max(number(ban_of(arg.store)), t + arg.length)
  write('HSET', root .. 'ban:' .. arg.store, 'till', whole(till), 'made', whole(t))
  return {'ok'}
end

function operations.snapshot()
  local answer = {'ok', whole(used(base .. 'all:at', arg.span))}
  for _, group in ipairs(arg.group_names) do
    answer[#answer + 1] = whole(used(base .. 'all:by:' .. group, arg.span))
  end
  for _, kind in ipairs(arg.kinds) do
    local waiting = 0
    for _, scope in ipairs({'shop', 'all'}) do
      forget_late(scope)
      waiting = waiting + redis.call('ZCARD', base .. scope .. ':wait:' .. kind)
    end
    answer[#answer + 1] = whole(waiting)
  end
  for _, egress in ipairs(arg.candidates) do
    local _, _, _, _, errors, open = block_of(egress)
    answer[#answer + 1] = whole(used(window_key(egress), arg.span))
    answer[#answer + 1] = whole(number(redis.call('HGET', egress_key(egress), 'ban')))
    answer[#answer + 1] = whole(open)
    answer[#answer + 1] = whole(errors)
  end
  return answer
end

function operations.store()
  local key = base .. 'changes:' .. arg.store
  local count = used(key, arg.changes_span)
  local first = number(redis.call('LINDEX', key, 0))
  return {'ok', whole(count), whole(first), whole(number(ban_of(arg.store)))}
end

return operations[operation]()
