import { useEffect, useState } from 'react';
import type { Receipt } from '../../engine/online/receipt';
import { formatCount } from '../app/format';
import { useApp, useAppStore } from '../store/context';

const at = (iso: string): string => `${iso.slice(0, 19).replace('T', ' ')} UTC`;

function rangeText({ view, start, end }: Receipt['views'][number]): string {
  if (end === null) return view;
  return start === null ? `${view} up to ${at(end)}` : `${view} from ${at(start)} to ${at(end)}`;
}

/** What a write left behind. */
export function WriteReceipt({ cell, receipt }: { cell: string; receipt: Receipt }) {
  const { added, changed, replaced, read_back, overtaken, verified, resumed } = receipt;
  const { target, project, digest, views, expire } = receipt;
  const written = added + changed + replaced;
  const facts: [string, string][] = [
    [
      'written',
      `${formatCount(written)} of ${formatCount(receipt.entities)} (${formatCount(added)} added, ${formatCount(changed)} changed${replaced > 0 ? `, ${formatCount(replaced)} replaced` : ''})`,
    ],
    ['ended', `${at(receipt.finishedAt)}${resumed ? ', gone on with after an interruption' : ''}`],
    ['where', `${target}, project ${project}`],
    ['what', views.map(rangeText).join('; ')],
    [
      'read back',
      `${formatCount(read_back)}${read_back < written ? ` as a sample of ${formatCount(written)}` : ''}, ${verified ? 'equal' : 'NOT equal'}`,
    ],
    ...(overtaken === 0
      ? []
      : [['overtaken', `${formatCount(overtaken)}, by newer values of another writer`] as [string, string]]),
    ...(expire === null
      ? []
      : [['expires', `${formatCount(expire)} s after its last write`] as [string, string]]),
    ['definition', views.map(({ view, definition }) => `${view} ${definition.slice(0, 12)}`).join(', ')],
    ['plan', digest],
    ['run', receipt.run],
  ];
  return (
    <table className="table" style={{ marginTop: 10 }} data-testid={`cell-${cell}-receipt`}>
      <caption style={{ textAlign: 'left' }}>
        <strong>Receipt of the last write</strong>
      </caption>
      <tbody>
        {facts.map(([name, fact]) => (
          <tr key={name}>
            <td className="dim">{name}</td>
            <td className="code" style={{ overflowWrap: 'anywhere', whiteSpace: 'normal' }}>
              {fact}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The receipt that the workspace keeps of a cell that has not run since the app started. */
export function KeptReceipt({ cell }: { cell: string }) {
  const store = useAppStore();
  const job = useApp((state) => state.analysis.shown?.materializations.get(cell));
  const [receipt, setReceipt] = useState<Receipt | null>(null);
  const { redis, project } = job ?? {};
  useEffect(() => {
    if (redis === undefined || project === undefined) return;
    let wanted = true;
    store
      .getState()
      .connections.records({ cell, redis, project })
      .then(
        (records) => wanted && setReceipt(records.receipt),
        // no such connection in this profile: there is nothing to show
        () => wanted && setReceipt(null),
      );
    return () => {
      wanted = false;
    };
  }, [store, cell, redis, project]);
  if (receipt === null) return null;
  return (
    <div className="cell-body">
      <WriteReceipt cell={cell} receipt={receipt} />
    </div>
  );
}
