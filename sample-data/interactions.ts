import { BEGIN, DAY, DAYS, END, HOUR, MINUTE, SECOND, STARTS_BEGIN } from './clock';
import { type Random, Weighted } from './random';
import type { Item, User } from './world';

export type EventType = 'view' | 'completion' | 'like' | 'skip';

export interface Interaction {
  user: bigint;
  item: bigint;
  session: string;
  type: EventType;
  at: number;
  ingested: number;
  /** Seconds played in steps of 15, or null; sums of them and of their sixtieths are exact in a double. */
  seconds: number | null;
  category: string;
}

/** One start of one item: a row of the spine. */
export interface Start {
  user: bigint | null;
  item: bigint | null;
  at: number;
  completed: boolean;
}

const SESSIONS = 41_500;
const STARTS = 11_500;

/** Everything that the players reported, and the starts to be labelled, both in the order of their files. */
export class Playback {
  readonly interactions: Interaction[] = [];
  readonly starts: Start[] = [];

  constructor(
    private readonly users: User[],
    private readonly items: Item[],
    private readonly random: Random,
  ) {
    this.playSessions();
    this.addEdges();
    this.addDuplicates();
    this.interactions.sort((a, b) => a.ingested - b.ingested);
    this.starts.sort((a, b) => a.at - b.at);
    this.addOddStarts();
  }

  private playSessions(): void {
    const { random } = this;
    const byUser = new Weighted(this.users.map((user) => user.activity));
    const byItem = new Weighted(this.items.map((item) => item.popularity));
    const kept = (STARTS * DAYS) / (SESSIONS * 2.32 * 14);
    for (let number = 0; number < SESSIONS; number++) {
      const user = this.users[byUser.draw(random)];
      const begins = BEGIN + random.int(DAYS) * DAY + eveningMilliseconds(random) * 1000;
      if (!user || begins < BEGIN + user.joined * DAY) continue;
      const session = `s${number.toString(36).padStart(4, '0')}`;
      let at = begins;
      for (let plays = 1 + random.int(4); plays > 0 && at < END - 3 * HOUR; plays--) {
        const item = this.choose(user, byItem);
        const patience = user.patience[Math.floor((at - BEGIN) / DAY)] ?? 0.5;
        const completed = random.unit() < Math.min(0.97, Math.max(0.03, patience + item.quality));
        if (at >= STARTS_BEGIN && random.chance(kept))
          this.starts.push({ user: user.id, item: item.id, at, completed });
        at = this.addPlay(user, item, session, at, completed) + random.int(90_000) * 1000;
      }
    }
  }

  private choose(user: User, byItem: Weighted): Item {
    const first = this.items[byItem.draw(this.random)];
    const second = this.items[byItem.draw(this.random)];
    const liked = second && user.favourites.includes(second.category) ? second : first;
    if (!liked) throw new RangeError('no items');
    return liked;
  }

  /**
   * The events of one play that was requested at `at`; gives the time of its end. Old players stamp the view and
   * the completion with the time of the request, so both lie exactly at the start's `t`.
   */
  private addPlay(user: User, item: Item, session: string, at: number, completed: boolean): number {
    const { random } = this;
    const old = random.chance(0.3);
    const begins = old ? at : at + (400 + random.int(4_000)) * 1000;
    const steps = completed ? item.length : 1 + Math.floor(item.length * random.unit() * random.unit());
    const ends = begins + steps * 15 * SECOND;
    const add = (type: EventType, when: number, seconds: number | null): void =>
      this.add({
        user: user.id,
        item: item.id,
        session,
        type,
        at: when,
        ingested: 0,
        seconds,
        category: item.category,
      });
    add('view', begins, null);
    const seconds = random.chance(0.03) ? null : steps * 15;
    if (completed) add('completion', old ? at : ends, seconds);
    else if (random.chance(0.85)) add('skip', ends, seconds);
    if (random.chance(completed ? 0.3 : 0.06)) add('like', begins + random.int(60_000) * 1000, null);
    return ends;
  }

  private add(event: Interaction): void {
    if (event.at < BEGIN || event.at >= END) return;
    this.interactions.push({ ...event, ingested: event.at + this.delay() });
  }

  /** Most events arrive within a minute; one in 25 arrives minutes to two days late. */
  private delay(): number {
    const { random } = this;
    if (!random.chance(0.04)) return (300 + random.int(50_000)) * 1000;
    const share = random.unit();
    return 3 * MINUTE + Math.floor((share * share * share * (2 * DAY - 3 * MINUTE)) / 1000) * 1000;
  }

  /** Events on the edges of the windows that end at a start, and one microsecond to either side. */
  private addEdges(): void {
    const { random } = this;
    const edges = [HOUR, 7 * DAY, 7 * DAY, 30 * DAY, 0];
    this.starts.forEach((start, index) => {
      if (!random.chance(0.06) || start.user === null) return;
      const item = this.items[random.int(this.items.length)];
      const completion = random.chance(0.5);
      this.add({
        user: start.user,
        item: item?.id ?? 1n,
        session: `e${index.toString(36).padStart(4, '0')}`,
        type: completion ? 'completion' : 'view',
        at: start.at - random.pick(edges) + random.int(3) - 1,
        ingested: 0,
        seconds: completion ? (item?.length ?? 1) * 15 : null,
        category: item?.category ?? '',
      });
    });
  }

  /** Delivery at least once: the same event again, ingested later. */
  private addDuplicates(): void {
    const delivered = this.interactions.length;
    for (let index = 0; index < delivered; index++) {
      const event = this.interactions[index];
      if (event && this.random.chance(0.006))
        this.interactions.push({ ...event, ingested: event.ingested + this.delay() });
    }
  }

  /** Starts without a user or an item, and a few that were written twice. */
  private addOddStarts(): void {
    for (let count = 0; count < 14; count++) {
      const start = this.starts[this.random.int(this.starts.length)];
      if (!start) continue;
      if (count < 6) this.starts.push({ ...start, user: null });
      else if (count < 9) this.starts.push({ ...start, item: null });
      else this.starts.push({ ...start });
    }
  }
}

/** A time of the day in milliseconds, most often in the evening. */
function eveningMilliseconds(random: Random): number {
  const hour = random.chance(0.55) ? 17 + random.int(5) : random.int(21);
  return hour * 3_600_000 + random.int(3_600_000);
}
