/**
 * The results of `start` for each item, in their order, with the next one under way while one is being taken. For reading
 * only: what was started ahead goes on when the taker stops.
 */
export async function* ahead<Item, Result>(
  items: readonly Item[],
  start: (item: Item) => Promise<Result>,
): AsyncGenerator<{ item: Item; result: Result }> {
  const begin = (item: Item): Promise<Result> => {
    const promise = start(item);
    // its failure is told when its turn comes, if ever
    promise.catch(() => undefined);
    return promise;
  };
  const [first] = items;
  let next = first === undefined ? null : begin(first);
  for (const [index, item] of items.entries()) {
    const current = next;
    const following = items[index + 1];
    next = following === undefined ? null : begin(following);
    if (current !== null) yield { item, result: await current };
  }
}
