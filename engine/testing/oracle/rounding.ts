/** The double nearest to `numerator / denominator * 2^exponent`, ties to even. `denominator` is positive. */
export function nearestDouble(numerator: bigint, exponent: number, denominator = 1n): number {
  if (numerator === 0n) return 0;
  const magnitude = numerator < 0n ? -numerator : numerator;
  // 66 bits of quotient and one for the rest: more than a double keeps, so that there is one rounding.
  const shift = BigInt(Math.max(0, 66 - (bits(magnitude) - bits(denominator))));
  const quotient = (magnitude << shift) / denominator;
  const sticky = (magnitude << shift) % denominator === 0n ? 0n : 1n;
  const rounded = roundToDouble((quotient << 1n) | sticky, exponent - Number(shift) - 1);
  return numerator < 0n ? -rounded : rounded;
}

/** 2^-1074 is the least positive double. */
const SMALLEST = 1074;

function roundToDouble(magnitude: bigint, exponent: number): number {
  const drop = Math.max(bits(magnitude) - 53, -SMALLEST - exponent, 0);
  const kept = magnitude >> BigInt(drop);
  const rest = magnitude - (kept << BigInt(drop));
  const half = drop === 0 ? 1n : 1n << BigInt(drop - 1);
  const up = rest > half || (rest === half && drop > 0 && (kept & 1n) === 1n);
  return scaled(Number(up ? kept + 1n : kept), exponent + drop);
}

/** `value * 2^exponent` where the result is a double or overflows; 2^exponent itself may be none. */
function scaled(value: number, exponent: number): number {
  if (exponent < -SMALLEST) throw new RangeError('The mantissa was not rounded.');
  return exponent > 1000 ? value * 2 ** 1000 * 2 ** (exponent - 1000) : value * 2 ** exponent;
}

function bits(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

/** A finite double as a whole number of 2^-1074. */
export function unitsOf(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const raw = view.getBigUint64(0);
  const exponent = (raw >> 52n) & 0x7ffn;
  const fraction = raw & 0xf_ffff_ffff_ffffn;
  const magnitude = exponent === 0n ? fraction : (fraction | (1n << 52n)) << (exponent - 1n);
  return raw >> 63n === 1n ? -magnitude : magnitude;
}

/** The exponent of `unitsOf`. */
export const UNIT_EXPONENT = -SMALLEST;
