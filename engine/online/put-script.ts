/**
 * The only way Plumbline writes to the online store: puts one view's fields of one entity, unless what is stored
 * is as new or newer. KEYS[1] the entity's hash; ARGV the `_ts:` field, its bytes, then field, value, field, value.
 * Answers `ok`, `already` (same event time) or `older` (ours is older). A stored event time at or before 1970 never
 * blocks, which is Feast's rule. HSET goes in slices because Lua's unpack has a limit; a script is atomic.
 *
 * Seconds are put together from two halves: Lua numbers are doubles, and a negative varint has 64 bits.
 */
export const PUT_SCRIPT = `
local function instant(bytes)
  local parts = { [8] = 0, [16] = 0 }
  local at = 1
  while at <= #bytes do
    local tag = string.byte(bytes, at)
    if not parts[tag] then return nil end
    local low, high, count, byte = 0, 0, 0, nil
    repeat
      at = at + 1
      byte = string.byte(bytes, at)
      if not byte or count > 9 then return nil end
      if count < 5 then low = low + (byte % 128) * 2 ^ (7 * count)
      else high = high + (byte % 128) * 2 ^ (7 * (count - 5)) end
      count = count + 1
    until byte < 128
    if high >= 2 ^ 28 then high = high - 2 ^ 29 end
    parts[tag] = high * 2 ^ 35 + low
    at = at + 1
  end
  return parts[8], parts[16]
end

local stored = redis.call('HGET', KEYS[1], ARGV[1])
if stored then
  local seconds, nanos = instant(stored)
  if not seconds then return redis.error_reply('PLUMBLINE the stored event time is not a Timestamp') end
  if seconds > 0 or (seconds == 0 and nanos > 0) then
    local newSeconds, newNanos = instant(ARGV[2])
    if newSeconds == seconds and newNanos == nanos then return 'already' end
    if newSeconds < seconds or (newSeconds == seconds and newNanos < nanos) then return 'older' end
  end
end
for from = 1, #ARGV, 1000 do
  redis.call('HSET', KEYS[1], unpack(ARGV, from, math.min(from + 999, #ARGV)))
end
return 'ok'
`;

/** SHA-1 of PUT_SCRIPT in lower-case hexadecimal: what EVALSHA names. A test holds the two together. */
export const PUT_SCRIPT_SHA = '6969a1509528cd48dd2490ae4477f574484414bf';
