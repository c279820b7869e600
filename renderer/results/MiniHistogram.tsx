import type { ColumnProfile } from './types';

/** A profile's bins, or its most frequent values, as bars. Decoration: the same numbers are in words elsewhere. */
export function MiniHistogram(props: {
  profile: ColumnProfile;
  width: number;
  height: number;
  gap?: number;
}) {
  const { profile, width, height, gap = 2 } = props;
  const bars =
    profile.bins.length > 0 ? profile.bins.map((bin) => bin.rows) : profile.top.map((top) => top.rows);
  if (bars.length === 0) return null;
  const most = Math.max(...bars, 1);
  const step = width / bars.length;
  return (
    <svg className="mini-histogram" width={width} height={height} aria-hidden="true">
      {bars.map((rows, index) => {
        const tall = rows === 0 ? 0 : Math.max(1, (rows / most) * height);
        return (
          <rect
            key={index}
            x={index * step}
            y={height - tall}
            width={Math.max(1, step - gap)}
            height={tall}
            fill={profile.bins.length > 0 ? 'var(--train)' : 'var(--faint)'}
          />
        );
      })}
    </svg>
  );
}
