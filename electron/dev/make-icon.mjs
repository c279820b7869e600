import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';

// Draws electron/icons/icon.png: a plumb line over a slightly tilted post. Run it after changing the drawing.

const SIZE = 512;
const SAMPLES = 3;
const INK = [22, 24, 27];
const LINE = [247, 246, 242];
const POST = [86, 96, 110];
const BOB = [226, 138, 44];

const target = join(dirname(fileURLToPath(import.meta.url)), '../icons/icon.png');
mkdirSync(dirname(target), { recursive: true });
writeFileSync(target, png(SIZE, SIZE, pixels()));

/** Colour at a point, both coordinates from 0 to 1; null is transparent. */
function colorAt(x, y) {
  if (!insideRounded(x, y, 0.04, 0.2)) return null;
  const bobHalf = 0.105;
  if (y > 0.6 && y < 0.88) {
    const width = y < 0.68 ? bobHalf : bobHalf * (1 - (y - 0.68) / 0.2);
    if (Math.abs(x - 0.44) < width) return BOB;
  }
  if (Math.abs(x - 0.44) < 0.012 && y > 0.14 && y <= 0.6) return LINE;
  if (y > 0.12 && y < 0.16 && x > 0.24 && x < 0.76) return LINE;
  const post = 0.66 + (y - 0.16) * 0.09;
  if (y >= 0.16 && y < 0.88 && Math.abs(x - post) < 0.035) return POST;
  return INK;
}

function insideRounded(x, y, margin, radius) {
  const dx = Math.max(margin + radius - x, x - (1 - margin - radius), 0);
  const dy = Math.max(margin + radius - y, y - (1 - margin - radius), 0);
  return Math.hypot(dx, dy) <= radius;
}

/** RGBA rows, smoothed by averaging SAMPLES x SAMPLES points of each pixel. */
function pixels() {
  const rows = Buffer.alloc(SIZE * (SIZE * 4 + 1));
  const points = SAMPLES * SAMPLES;
  for (let row = 0; row < SIZE; row++) {
    for (let column = 0; column < SIZE; column++) {
      const sum = [0, 0, 0, 0];
      for (let point = 0; point < points; point++) {
        const x = (column + ((point % SAMPLES) + 0.5) / SAMPLES) / SIZE;
        const y = (row + (Math.floor(point / SAMPLES) + 0.5) / SAMPLES) / SIZE;
        const color = colorAt(x, y);
        if (!color) continue;
        color.forEach((value, i) => (sum[i] += value));
        sum[3]++;
      }
      const at = row * (SIZE * 4 + 1) + 1 + column * 4;
      for (let i = 0; i < 3; i++) rows[at + i] = sum[3] === 0 ? 0 : Math.round(sum[i] / sum[3]);
      rows[at + 3] = Math.round((255 * sum[3]) / points);
    }
  }
  return rows;
}

function png(width, height, rows) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(rows, { level: 9 });
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body) >>> 0, body.length + 4);
  return framed;
}
