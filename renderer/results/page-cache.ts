import type { GridFilter, GridRow, GridSort, GridSource } from './types';

export const PAGE_ROWS = 200;
/** Pages kept; the ones longest off screen go first. */
const MAX_PAGES = 50;
/** Milliseconds that a far jump must last before its rows are asked for, so that a dragged bar asks once. */
const SETTLE_MS = 50;

export interface Order {
  sort: GridSort | null;
  filter: readonly GridFilter[];
}

/**
 * Rows of one source under one order, by pages. `want` says what is on screen: missing pages are asked for, requests
 * for pages that left the screen are aborted.
 */
export class PageCache {
  readonly #pages = new Map<number, GridRow[]>();
  readonly #running = new Map<number, AbortController>();
  #wanted: [first: number, last: number] = [0, -1];
  #timer: ReturnType<typeof setTimeout> | null = null;
  #error: unknown = null;
  #version = 0;
  readonly #listeners = new Set<() => void>();

  /** Stands in for rows that have not arrived: the same relation's rows before a re-run. */
  #previous: PageCache | null = null;

  constructor(
    readonly source: GridSource,
    readonly order: Order,
    readonly settleMs = SETTLE_MS,
  ) {}

  /** A cache that shows `before`'s rows until its own arrive, so that a re-run does not flash. */
  static after(before: PageCache, source: GridSource, order: Order): PageCache {
    const next = new PageCache(source, order, before.settleMs);
    const names = (of: GridSource) => of.columns.map(({ name }) => name).join('\n');
    if (before.order === order && names(before.source) === names(source))
      next.#previous = before.hasRows ? before : before.#previous;
    if (next.#previous !== null) next.#previous.#previous = null;
    return next;
  }

  /** Counts up with every change, for `useSyncExternalStore`. */
  readonly version = (): number => this.#version;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get error(): unknown {
    return this.#error;
  }

  row(index: number): GridRow | undefined {
    const page = this.#pages.get(Math.floor(index / PAGE_ROWS));
    return page === undefined ? this.#previous?.row(index) : page[index % PAGE_ROWS];
  }

  /** Whether any page of its own has arrived: what a profile waits for. */
  get hasRows(): boolean {
    return this.#pages.size > 0;
  }

  /** The rows on screen, from `first` up to and without `end`. */
  want(first: number, end: number): void {
    const pages: [number, number] = [
      Math.floor(first / PAGE_ROWS),
      Math.floor(Math.max(first, end - 1) / PAGE_ROWS),
    ];
    const [oldFirst, oldLast] = this.#wanted;
    if (pages[0] === oldFirst && pages[1] === oldLast) return;
    const near = pages[0] <= oldLast + 1 && pages[1] >= oldFirst - 1;
    this.#wanted = pages;
    for (const [page, request] of this.#running)
      if (page < pages[0] || page > pages[1]) this.#abort(page, request);
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (near || this.#pages.size === 0) this.#load();
    else
      this.#timer = setTimeout(() => {
        this.#timer = null;
        this.#load();
      }, this.settleMs);
  }

  retry(): void {
    this.#error = null;
    this.#load();
    this.#changed();
  }

  /** Rows `first` to `last` for a copy, from what is loaded and the source. */
  async rows(first: number, last: number, signal?: AbortSignal): Promise<GridRow[]> {
    const loaded: GridRow[] = [];
    for (let index = first; index <= last; index++) {
      const row = this.#pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS];
      if (row === undefined) {
        const { sort, filter } = this.order;
        return this.source.page(first, last - first + 1, sort, filter, signal);
      }
      loaded.push(row);
    }
    return loaded;
  }

  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const [page, request] of this.#running) this.#abort(page, request);
    this.#wanted = [0, -1];
  }

  #abort(page: number, request: AbortController): void {
    this.#running.delete(page);
    request.abort();
  }

  #load(): void {
    const [first, last] = this.#wanted;
    for (let page = first; page <= last; page++)
      if (!this.#pages.has(page) && !this.#running.has(page)) void this.#request(page);
  }

  async #request(page: number): Promise<void> {
    const request = new AbortController();
    this.#running.set(page, request);
    const { sort, filter } = this.order;
    try {
      const rows = await this.source.page(page * PAGE_ROWS, PAGE_ROWS, sort, filter, request.signal);
      if (request.signal.aborted) return;
      this.#pages.set(page, rows);
      this.#error = null;
      this.#previous = null;
      this.#forgetOld();
    } catch (error) {
      if (request.signal.aborted) return;
      this.#error = error;
    }
    this.#running.delete(page);
    this.#changed();
  }

  #forgetOld(): void {
    const [first, last] = this.#wanted;
    for (const page of this.#pages.keys()) {
      if (this.#pages.size <= MAX_PAGES) return;
      if (page < first || page > last) this.#pages.delete(page);
    }
  }

  #changed(): void {
    this.#version++;
    for (const listener of this.#listeners) listener();
  }
}
