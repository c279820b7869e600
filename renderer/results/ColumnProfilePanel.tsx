import './chart.css';
import { MiniHistogram } from './MiniHistogram';
import { countText, shareText, shortNumber } from './numbers';
import type { ColumnProfile } from './types';

/** A column's distribution or most frequent values, with its range and its NULLs. */
export function ColumnProfilePanel({ profile, width = 254 }: { profile: ColumnProfile; width?: number }) {
  const { rows, nulls, distinct, min, median, max, mean, top } = profile;
  return (
    <div className="profile-panel">
      {profile.bins.length > 0 && <MiniHistogram profile={profile} width={width} height={60} gap={3} />}
      {min !== null && max !== null && profile.bins.length > 0 && (
        <div className="profile-edges">
          <span>min {min}</span>
          {median !== null && <span>median {median}</span>}
          <span>max {max}</span>
        </div>
      )}
      {profile.bins.length === 0 && top.length > 0 && (
        <dl className="profile-top">
          {top.slice(0, 10).map(({ value, rows: count }) => (
            <TopValue key={value} value={value} share={count / Math.max(1, rows)} count={count} />
          ))}
        </dl>
      )}
      <dl className="profile-facts">
        <dt>rows</dt>
        <dd>{countText(rows)}</dd>
        <dt>NULL</dt>
        <dd>{nulls === 0 ? 'none' : `${countText(nulls)}, ${shareText(nulls, rows)}`}</dd>
        {distinct !== null && (
          <>
            <dt>distinct values, about</dt>
            <dd>{countText(distinct)}</dd>
          </>
        )}
        {mean !== null && (
          <>
            <dt>mean</dt>
            <dd>{shortNumber(mean)}</dd>
          </>
        )}
      </dl>
    </div>
  );
}

function TopValue({ value, share, count }: { value: string; share: number; count: number }) {
  const style: Record<string, string> = { '--share': `${100 * share}%` };
  return (
    <>
      <dt style={style} title={value}>
        <span>{value === '' ? "''" : value}</span>
      </dt>
      <dd>{countText(count)}</dd>
    </>
  );
}
