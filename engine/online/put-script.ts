import { ByteWriter } from './byte-writer';
import { packNothing, packSlice, packText } from './message-pack';
import { batchSlice, sliceStart, type PlanBatch } from './plan';
import type { RedisCommand } from './redis-commands';
import type { StoredRow } from './stored-rows';

/**
 * The only way Plumbline writes to the online store: puts one view's fields of some entities, each unless what is
 * stored is as new or newer. A script runs as a whole, and every entity's fields are set in it or not at all.
 *
 * KEYS: the entities' hashes. ARGV: how many fields the view has; seconds until a hash that is written expires, 0 =
 * never; one letter per key, `n` or `r`, or no letters where all are `n`; the field of the event time; and one text in
 * MessagePack: per key the fields with their values, `_ts:` first, and for `r` the values that the dry run saw there,
 * `false` for none. One text, because each argument of its own costs the server more than what is written of it.
 *
 * Answers one letter per key (`PUT_ANSWERS`). A stored event time at or before 1970 never blocks, which is Feast's rule.
 * `r` replaces values of the same event time too, where they still are those that the dry run saw. Lists go in
 * pieces because Lua's stack has a limit. Seconds are put together from two halves: Lua numbers are doubles, and a
 * negative varint has 64 bits.
 */
export const PUT_SCRIPT = `
local KEYS, ARGV, call, decode, min = KEYS, ARGV, redis.call, cmsgpack.unpack_limit, math.min
local PIECE = 1000

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

local width, expire, modes, time, packed = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local count = 2 * width
local atOnce = count <= PIECE and expire == '0'

local function set(key, after, ...)
  call('HSET', key, ...)
  return after
end

local function put(key, at)
  for left = count, 1, -PIECE do at = set(key, decode(packed, min(left, PIECE), at)) end
  if expire ~= '0' then call('EXPIRE', key, expire) end
  return at
end

local function piece(after, ...) return after, { ... } end

local function list(length, at)
  local all = {}
  for left = length, 1, -PIECE do
    local after, some = piece(decode(packed, min(left, PIECE), at))
    for i = 1, #some do all[#all + 1] = some[i] end
    at = after
  end
  return at, all
end

local function holds(key, fields, values)
  for first = 1, width, PIECE do
    local last = min(first + PIECE - 1, width)
    local found = call('HMGET', key, unpack(fields, first, last))
    for i = first, last do
      if found[i - first + 1] ~= values[i] then return false end
    end
  end
  return true
end

local function judge(key, stored, at, replace)
  local seconds, nanos = instant(stored)
  if not seconds then return nil end
  if seconds < 0 or (seconds == 0 and nanos == 0) then return 'w', put(key, at) end
  local _, newest = list(2, at)
  local newSeconds, newNanos = instant(newest[2])
  if newSeconds > seconds or (newSeconds == seconds and newNanos > nanos) then return 'w', put(key, at) end
  local after, row = list(count, at)
  if newSeconds < seconds or newNanos < nanos then return 'o', after end
  local fields, values = {}, {}
  for i = 1, width do fields[i], values[i] = row[2 * i - 1], row[2 * i] end
  if holds(key, fields, values) then return 's', after end
  if not replace then return 'e', after end
  local _, seen = list(width, after)
  if holds(key, fields, seen) then return 'w', put(key, at) end
  return 'c', after
end

local answers, at = {}, 0
for i = 1, #KEYS do
  local key = KEYS[i]
  local replace = modes ~= '' and string.sub(modes, i, i) == 'r'
  local stored = call('HGET', key, time)
  if stored then
    answers[i], at = judge(key, stored, at, replace)
    if not answers[i] then return redis.error_reply('PLUMBLINE the stored event time is not a Timestamp') end
  else
    answers[i] = 'w'
    if atOnce then at = set(key, decode(packed, count, at)) else at = put(key, at) end
  end
  if replace then at = list(width, at) end
end
return table.concat(answers)
`;

/** SHA-1 of PUT_SCRIPT in lower-case hexadecimal: what EVALSHA names. A test holds the two together. */
export const PUT_SCRIPT_SHA = '57f2d26668f781527c0bde0222c51be9ba8f46ac';

export const PUT_ANSWERS = {
  w: 'written',
  s: 'the very same is stored already',
  e: 'another value of the same event time is stored',
  o: 'what is stored is newer',
  c: 'to be replaced, but it is not what the dry run saw any more',
} as const;
export type PutAnswer = keyof typeof PUT_ANSWERS;

/** Builds the commands that put entities of one view. */
export class PutCommands {
  /** The fields as the script takes them, ready to be copied. */
  private readonly packedFields: Uint8Array[];
  private readonly packed = new ByteWriter(32 * 1024);

  /** `fields`: that of the event time first; `expire`: seconds, null = never. */
  constructor(
    private readonly fields: readonly Uint8Array[],
    private readonly expire: number | null,
  ) {
    this.packedFields = fields.map((field) => {
      const out = new ByteWriter();
      packText(out, field);
      return out.take();
    });
  }

  /** Puts some rows of a batch; `seen`: what the dry run saw, of the rows that are to be replaced. */
  command(batch: PlanBatch, rows: readonly number[], seen: ReadonlyMap<number, StoredRow>): RedisCommand {
    const { packed, fields } = this;
    packed.clear();
    for (const row of rows) {
      this.packRow(batch, row);
      for (const value of seen.get(row) ?? []) {
        if (value === null) packNothing(packed);
        else packText(packed, value);
      }
    }
    const modes = seen.size === 0 ? '' : rows.map((row) => (seen.has(row) ? 'r' : 'n')).join('');
    const keys = rows.map((row) => batchSlice(batch, row, 0));
    const [time = new Uint8Array(0)] = fields;
    const counts = [String(fields.length), String(this.expire ?? 0)];
    return ['EVALSHA', PUT_SCRIPT_SHA, String(rows.length), ...keys, ...counts, modes, time, packed.take()];
  }

  private packRow(batch: PlanBatch, row: number): void {
    const { packed, packedFields } = this;
    const { bytes, ends, width } = batch;
    let start = sliceStart(batch, row, 1);
    for (let field = 0; field < packedFields.length; field++) {
      const end = ends[row * width + field + 1]!;
      packed.raw(packedFields[field]!);
      packSlice(packed, bytes, start, end);
      start = end;
    }
  }
}
