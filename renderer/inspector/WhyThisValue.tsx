import { useLayoutEffect, useRef, useState } from 'react';
import type { Explanation } from '../../engine/training/explanation';
import { countText } from '../results/numbers';
import { timestampText } from '../../engine/database/exact-text';
import { showValue } from '../results/value-format';
import { timeLine, type Mark, type TimeMark } from './time-line';
import { reasonLines, summaryText, windowText } from './why-text';

export interface WhyThisValueProps {
  explanation: Explanation;
  /** The feature's output column and its DuckDB type. */
  column: string;
  columnType: string;
}

/** One value: what it is, the rows that made it, and those that did not, on a time line. */
export function WhyThisValue({ explanation, column, columnType }: WhyThisValueProps) {
  const { entity, t, value, raw, defaulted, naive, status } = explanation;
  const shown = showValue(value, columnType);
  const keys = Object.entries(entity).map(([name, key]) => `${name} ${showValue(key, '').text}`);
  const naiveShown = showValue(naive.value, columnType);
  return (
    <div className="why">
      <div className="why-value">
        <b>{column}</b> = {shown.exact === '' ? shown.text : shown.exact}
        {defaulted && (
          <span className="why-tag">default, {status === 'present' ? 'value is NULL' : status}</span>
        )}
        {!defaulted && raw === null && <span className="why-tag">{status}</span>}
      </div>
      <div className="why-at">
        {keys.join(', ')} at {t === null ? 'no time' : `${timestampText(t)} UTC`}
      </div>
      <TimeLineFigure explanation={explanation} />
      <p>{summaryText(explanation)}</p>
      <dl className="why-reasons">
        {reasonLines(explanation).map(({ reason, rows, words }) => (
          <div key={reason}>
            <dt>{countText(rows)}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
      {naive.leaks && <p className="why-leak">A naive join gives {naiveShown.text}: it uses rows after t.</p>}
      <CandidateRows explanation={explanation} />
    </div>
  );
}

const HEIGHT = 68;
const MIDDLE = 31;

function TimeLineFigure({ explanation }: { explanation: Explanation }) {
  const host = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(254);
  useLayoutEffect(() => {
    const element = host.current!;
    const observer = new ResizeObserver(() => setWidth(Math.max(160, Math.floor(element.clientWidth))));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const line = timeLine(explanation, width);
  const length = windowText(explanation).slice(1).split(',')[0]!;
  return (
    <div ref={host}>
      {line !== null && (
        <svg
          className="why-line"
          width={width}
          height={HEIGHT}
          role="img"
          aria-label={`Time line of ${countText(line.marks.length)} rows around the window ${windowText(explanation)}`}
        >
          <rect
            x={line.from ?? 0}
            y={18}
            width={line.to - (line.from ?? 0)}
            height={26}
            fill="var(--accent-bg)"
          />
          <line x1={4} x2={width - 4} y1={MIDDLE} y2={MIDDLE} stroke="var(--line)" />
          {line.from !== null && (
            <line x1={line.from} x2={line.from} y1={14} y2={48} stroke="var(--accent)" />
          )}
          <line x1={line.to} x2={line.to} y1={14} y2={48} stroke="var(--accent)" strokeDasharray="3 2" />
          {line.from !== null && (
            <text x={line.from} y={10} textAnchor="middle">
              {length.replace('t-', 't - ')}
            </text>
          )}
          <text x={line.to} y={10} textAnchor="middle">
            t
          </text>
          {line.marks.map((mark, index) => (
            <MarkShape key={index} {...mark} />
          ))}
          <text x={4} y={62}>
            {line.from === null ? '' : 'before'}
          </text>
          <text x={width - 4} y={62} textAnchor="end">
            after
          </text>
        </svg>
      )}
    </div>
  );
}

const FILL: Record<Mark, string> = {
  counted: 'var(--accent)',
  'passed-over': 'none',
  filtered: 'none',
  outside: 'var(--exp)',
  'at-t': 'none',
  future: 'var(--leak)',
};
const STROKE: Record<Mark, string> = {
  counted: 'var(--accent)',
  'passed-over': 'var(--accent)',
  filtered: 'var(--miss)',
  outside: 'var(--exp)',
  'at-t': 'var(--leak)',
  future: 'var(--leak)',
};

function MarkShape({ x, mark, candidate }: TimeMark) {
  const title = `${candidate.at === null ? '' : timestampText(candidate.at)} ${candidate.reason.replaceAll('_', ' ')}`;
  const look = { fill: FILL[mark], stroke: STROKE[mark], strokeWidth: 1.5 };
  return (
    <g data-mark={mark}>
      <title>{title}</title>
      {mark === 'outside' ? (
        <path
          d={`M${x} ${MIDDLE - 5} L${x + 5} ${MIDDLE} L${x} ${MIDDLE + 5} L${x - 5} ${MIDDLE} Z`}
          {...look}
        />
      ) : mark === 'future' ? (
        <path d={`M${x - 4} ${MIDDLE - 5} L${x + 5} ${MIDDLE} L${x - 4} ${MIDDLE + 5} Z`} {...look} />
      ) : mark === 'filtered' ? (
        <path
          d={`M${x - 3} ${MIDDLE - 3} L${x + 3} ${MIDDLE + 3} M${x - 3} ${MIDDLE + 3} L${x + 3} ${MIDDLE - 3}`}
          {...look}
        />
      ) : (
        <circle cx={x} cy={MIDDLE} r={4} {...look} />
      )}
    </g>
  );
}

/** The rows themselves, nearest to t, with what became of each. */
function CandidateRows({ explanation }: { explanation: Explanation }) {
  const { candidates } = explanation;
  const names = Object.keys(candidates[0]?.values ?? {});
  if (candidates.length === 0) return null;
  return (
    <details className="why-rows">
      <summary>
        {candidates.length === 1 ? 'The row' : `The ${countText(candidates.length)} rows nearest to t`}
      </summary>
      <div className="why-table">
        <table>
          <thead>
            <tr>
              <th>event time (UTC)</th>
              <th>what became of it</th>
              {names.map((name) => (
                <th key={name}>{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {candidates.map((candidate) => (
              <tr key={candidate.order}>
                <td>{candidate.at === null ? 'NULL' : timestampText(candidate.at)}</td>
                <td>
                  {candidate.reason.replaceAll('_', ' ')}
                  {candidate.side === null ? '' : ` (${candidate.side})`}
                </td>
                {names.map((name) => (
                  <td key={name}>{showValue(candidate.values[name], '').text}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
