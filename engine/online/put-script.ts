import type { RedisArgument, RedisCommand } from './redis-commands';

/**
 * The only way Plumbline writes to the online store: puts one view's fields of some entities, each unless what is
 * stored is as new or newer. A script runs as a whole, and every entity's fields are set in it or not at all.
 *
 * KEYS: the entities' hashes. ARGV: how many fields the view has; seconds until a hash that is written expires, 0 =
 * never; one letter per key, `n` or `r`; the fields, `_ts:` first; then per key its values in the same order, and for
 * `r` the values that the dry run saw there, each after a `+`, or `-` for none.
 *
 * Answers one letter per key (`PUT_ANSWERS`). A stored event time at or before 1970 never blocks, which is Feast's rule.
 * `r` replaces values of the same event time too, where they still are those that the dry run saw. Lists go in
 * slices because Lua's unpack has a limit. Seconds are put together from two halves: Lua numbers are doubles, and a
 * negative varint has 64 bits.
 */
export const PUT_SCRIPT = `
local KEYS, ARGV, call, unpack = KEYS, ARGV, redis.call, unpack

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

local width, expire, modes = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local pairs_ = {}
for i = 1, width do
  pairs_[2 * i - 1] = ARGV[3 + i]
  pairs_[2 * i] = ''
end

local function holds(key, from, marked)
  for first = 1, width, 1000 do
    local last = math.min(first + 999, width)
    local found = call('HMGET', key, unpack(ARGV, 3 + first, 3 + last))
    for i = first, last do
      local value = found[i - first + 1]
      if marked then value = value and '+' .. value or '-' end
      if value ~= ARGV[from + i] then return false end
    end
  end
  return true
end

local function put(key, from)
  for i = 1, width do pairs_[2 * i] = ARGV[from + i] end
  if width <= 500 then
    call('HSET', key, unpack(pairs_))
  else
    for first = 1, 2 * width, 1000 do
      call('HSET', key, unpack(pairs_, first, math.min(first + 999, 2 * width)))
    end
  end
  if expire ~= '0' then call('EXPIRE', key, expire) end
  return 'w'
end

local function one(key, from, replace)
  local stored = call('HGET', key, ARGV[4])
  if not stored then return put(key, from) end
  local seconds, nanos = instant(stored)
  if not seconds then return nil end
  if seconds < 0 or (seconds == 0 and nanos == 0) then return put(key, from) end
  local newSeconds, newNanos = instant(ARGV[from + 1])
  if newSeconds > seconds or (newSeconds == seconds and newNanos > nanos) then return put(key, from) end
  if newSeconds < seconds or newNanos < nanos then return 'o' end
  if holds(key, from, false) then return 's' end
  if not replace then return 'e' end
  if holds(key, from + width, true) then return put(key, from) end
  return 'c'
end

local answers = {}
local from = 3 + width
for i = 1, #KEYS do
  local replace = string.sub(modes, i, i) == 'r'
  answers[i] = one(KEYS[i], from, replace)
  if not answers[i] then return redis.error_reply('PLUMBLINE the stored event time is not a Timestamp') end
  from = from + (replace and 2 * width or width)
end
return table.concat(answers)
`;

/** SHA-1 of PUT_SCRIPT in lower-case hexadecimal: what EVALSHA names. A test holds the two together. */
export const PUT_SCRIPT_SHA = 'fac92a3b43aaeddbb865414762bf4d01b6d7f8a1';

export const PUT_ANSWERS = {
  w: 'written',
  s: 'the very same is stored already',
  e: 'another value of the same event time is stored',
  o: 'what is stored is newer',
  c: 'to be replaced, but it is not what the dry run saw any more',
} as const;
export type PutAnswer = keyof typeof PUT_ANSWERS;

/** Hashes that one call of the script puts: few, so that others at the server need not wait long. */
export const KEYS_PER_CALL = 50;

/** One entity's part of a call: values by field, and what the dry run saw where that is to be replaced. */
export interface PutRow {
  key: Uint8Array;
  values: readonly Uint8Array[];
  seen: readonly (Uint8Array | null)[] | null;
}

const PRESENT = '+'.charCodeAt(0);
const ABSENT = Uint8Array.of('-'.charCodeAt(0));

function marked(value: Uint8Array | null): Uint8Array {
  if (value === null) return ABSENT;
  const bytes = new Uint8Array(value.length + 1);
  bytes[0] = PRESENT;
  bytes.set(value, 1);
  return bytes;
}

/** The command that puts some entities of one view; `expire`: seconds, null = never. */
export function putCommand(
  fields: readonly Uint8Array[],
  rows: readonly PutRow[],
  expire: number | null,
): RedisCommand {
  const command: RedisArgument[] = [PUT_SCRIPT_SHA, String(rows.length)];
  for (const { key } of rows) command.push(key);
  const modes = rows.map(({ seen }) => (seen === null ? 'n' : 'r')).join('');
  command.push(String(fields.length), String(expire ?? 0), modes, ...fields);
  for (const { values, seen } of rows) {
    for (const value of values) command.push(value);
    for (const value of seen ?? []) command.push(marked(value));
  }
  return ['EVALSHA', ...command];
}
