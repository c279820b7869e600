import type { SkewCheck, SkewSide } from '../../catalog/model';
import { neededColumns } from '../../catalog/needed-columns';
import { sharedFeatures } from '../../catalog/shared-features';
import { PlumblineError } from '../../errors';
import { featuresBy, querySide, sourceSide, trainingSide, type Side } from '../../skew/side';
import { sideNames } from '../../skew/side-name';
import { meansByRef } from '../../sql/mean';
import { relation } from '../../sql/quote';
import { dropTrainingSetSql, type BuiltTrainingSet } from '../../training/training-set';
import type { RunContext } from '../context';
import { onlineSide, storedTime } from './online-side';
import { askedPlace, askedSql, ownRequests, type Requests } from './requests';
import { streamSide } from './stream-side';
import { boundaryVariant, variantSide, viewVariant } from './variant-side';

export interface OpenSides {
  left: Side;
  right: Side;
  /** Drops what was made for the comparison alone. */
  close(): Promise<void>;
}

/**
 * Computes, reads or finds both sides of a check; its training set has run. Errors: those of building a set, of a lookup and of
 * `sourceSide`.
 */
export async function openSides(
  context: RunContext,
  check: SkewCheck,
  built: BuiltTrainingSet,
): Promise<OpenSides> {
  const { database } = context.host;
  const made: string[] = [];
  const close = async (): Promise<void> => {
    await database.query(made.join('; ') || 'SELECT 1').catch(() => {
      // The engine is gone; its tables with it.
    });
  };
  try {
    const { requests, at } = await requestsOf(context, check, built, made);
    const names = sideNames(check);
    const open = (key: 'baseline' | 'serving', name: string): Promise<Side> =>
      openSide(context, check[key], built, { requests, at, key: `${key}_${check.name}`, name, made });
    return { left: await open('baseline', names.left), right: await open('serving', names.right), close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

interface Opening {
  requests: Requests;
  /** When the store is asked, microseconds UTC; null where no side is one. */
  at: bigint | null;
  /** Tells apart what is made for this side. */
  key: string;
  name: string;
  /** Statements that drop what was made. */
  made: string[];
}

/** A store knows no past: with one on either side both are wanted for each entity once, at the time of the store. */
async function requestsOf(
  context: RunContext,
  { name, baseline, serving }: SkewCheck,
  built: BuiltTrainingSet,
  made: string[],
): Promise<Pick<Opening, 'requests' | 'at'>> {
  const own = ownRequests(built);
  const store = [serving, baseline].find((side) => side.kind === 'redis');
  if (store?.kind !== 'redis') return { requests: own, at: null };
  const { signal } = context.options;
  const { database } = context.host;
  const keys = neededColumns(context.catalog, built.set.features).keys.map((key) => key.name);
  const place = askedPlace(name);
  const askAt = async (at: bigint): Promise<Requests> => {
    await database.query(askedSql(place, built.set, own.columns, keys, at), { signal });
    const columns = await database.describe(`SELECT * EXCLUDE ("__row") FROM ${relation(place)}`, { signal });
    return { table: place, columns, own: false };
  };
  made.push(`DROP TABLE IF EXISTS ${relation(place)}`);
  const first = await askAt(store.at ?? 0n);
  if (store.at !== null) return { requests: first, at: store.at };
  const at = await storedTime(context, store, built.set, first);
  return { requests: await askAt(at), at };
}

async function openSide(
  context: RunContext,
  side: SkewSide,
  built: BuiltTrainingSet,
  opening: Opening,
): Promise<Side> {
  const { catalog, options, host } = context;
  const { signal } = options;
  const { set } = built;
  const { requests, key, name, made } = opening;
  const variantName = `__${key}`;
  switch (side.kind) {
    case 'training': {
      const from = context.trainingSets.get(side.set);
      if (!from) throw new PlumblineError('notebook.unknown_cell', `No training set ${side.set} has run.`);
      const features = sharedFeatures(set, from.set);
      if (!requests.own) {
        made.push(...dropTrainingSetSql(variantName));
        const variant = { catalog, features, here: false };
        return variantSide(context, set, requests, variant, { name: variantName, shown: name });
      }
      const sample = from.rows < from.spineRows ? from.rows : null;
      const given = {
        catalog,
        set: from.set,
        means: meansByRef(from.means),
        columns: from.plan.columns,
        sample,
      };
      return featuresBy(await trainingSide(host.database, name, given, { signal }), features);
    }
    case 'source':
      return sourceSide(host.database, name, catalog.sources.get(side.source)!, side.timestamp, { signal });
    case 'query':
      return querySide(host.database, name, side.timestamp ?? set.timestamp, { signal });
    case 'redis': {
      if (opening.at === null) throw new PlumblineError('internal', 'No time to ask the store at.');
      const place = { key, name, at: opening.at };
      const asked = await onlineSide(context, side, set, requests, place);
      made.push(`DROP TABLE IF EXISTS ${relation(asked.table)}`);
      return asked;
    }
    case 'view':
    case 'boundary': {
      made.push(...dropTrainingSetSql(variantName));
      const variant =
        side.kind === 'view' ? viewVariant(catalog, set, side.view) : boundaryVariant(catalog, set, side);
      return variantSide(context, set, requests, variant, { name: variantName, shown: name });
    }
    case 'stream': {
      made.push(...dropTrainingSetSql(variantName));
      return streamSide(context, side, set, requests, { name: variantName, shown: name, key, made });
    }
  }
}
