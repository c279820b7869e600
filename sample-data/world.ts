import { DAYS } from './clock';
import { Random } from './random';

/** What nobody sees: how likely each user is to finish, day by day, and how good each item is. */
export interface User {
  id: bigint;
  /** Relative number of sessions. */
  activity: number;
  /** Chance to finish an average item, per day of the sample. */
  patience: number[];
  /** The first day on which the user is there. */
  joined: number;
  favourites: string[];
}

export interface Item {
  id: bigint;
  popularity: number;
  /** Added to the user's patience, in about [-0.25, 0.25]. */
  quality: number;
  category: string;
  /** Length in steps of 15 seconds. */
  length: number;
}

export const CATEGORIES = [
  'action',
  'comedy',
  'drama',
  'Krimi',
  'música',
  'детское',
  'ドキュメンタリー',
  'sci-fi 🚀',
] as const;

const USERS = 1_600;
const ITEMS = 400;
/** Above 2^53 a double cannot tell neighbours apart: whoever reads these keys as doubles merges two users. */
const BIG = 2n ** 53n;

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

export function makeItems(random: Random): Item[] {
  return Array.from({ length: ITEMS }, (_, index) => ({
    id: BigInt(index + 1),
    popularity: 1 / (index + 12),
    quality: random.bell() * 0.32,
    category: random.pick(CATEGORIES),
    length: 40 + random.int(320),
  }));
}

export function makeUsers(random: Random): User[] {
  return Array.from({ length: USERS }, (_, index) => {
    let level = 0.5 + random.bell() * 0.58;
    const patience = Array.from({ length: DAYS }, () => {
      level = clamp(level + random.bell() * 0.13, 0.03, 0.97);
      return level;
    });
    return {
      id: index >= USERS - 24 ? BIG + BigInt(index - (USERS - 24)) : BigInt(index + 1),
      activity: 1 / (((index * 7919) % USERS) + 120),
      patience,
      joined: random.chance(0.2) ? random.int(DAYS) : 0,
      favourites: [random.pick(CATEGORIES), random.pick(CATEGORIES), random.pick(CATEGORIES)],
    };
  });
}
