import type { Reason } from '../../engine/sql/explain-reasons';

/** A shape per reason, so that colour is not needed to tell them apart; every one fits a circle of 5 pixels. */
const SHAPES: Record<Exclude<Reason, 'no_time'>, { path: string; color: string; filled: boolean }> = {
  won: { path: star(), color: 'var(--accent)', filled: true },
  counted: { path: circle(4), color: 'var(--accent)', filled: true },
  filtered: { path: 'M-3.5 -3.5L3.5 3.5M-3.5 3.5L3.5 -3.5', color: 'var(--miss)', filled: false },
  null_input: { path: `${circle(4)}M-4 4L4 -4`, color: 'var(--miss)', filled: false },
  superseded: { path: circle(4), color: 'var(--miss)', filled: false },
  lost_tie: { path: 'M-4.5 -3.5H4.5L0 4.5Z', color: 'var(--miss)', filled: false },
  expired: { path: 'M0 -5L5 0L0 5L-5 0Z', color: 'var(--exp)', filled: false },
  ended: { path: 'M0 -5L5 0L0 5L-5 0Z', color: 'var(--exp)', filled: false },
  before_window: { path: 'M0 -5L5 0L0 5L-5 0Z', color: 'var(--exp)', filled: false },
  earlier_session: { path: 'M0 -5L5 0L0 5L-5 0Z', color: 'var(--exp)', filled: false },
  after_window: { path: 'M-4 -4H4V4H-4Z', color: 'var(--exp)', filled: false },
  not_available: { path: 'M-4.5 3.5H4.5L0 -4.5Z', color: 'var(--leak)', filled: false },
  future: { path: 'M-4 -5L5 0L-4 5Z', color: 'var(--leak)', filled: true },
};

function circle(radius: number): string {
  return `M${-radius} 0A${radius} ${radius} 0 1 1 ${radius} 0A${radius} ${radius} 0 1 1 ${-radius} 0Z`;
}

function star(): string {
  const points = Array.from({ length: 10 }, (_, index) => {
    const [radius, angle] = [index % 2 === 0 ? 6.5 : 2.8, (index * Math.PI) / 5 - Math.PI / 2];
    return `${(radius * Math.cos(angle)).toFixed(2)} ${(radius * Math.sin(angle)).toFixed(2)}`;
  });
  return `M${points.join('L')}Z`;
}

/** The shape of a reason around (x, y). */
export function MarkShape({ reason, x, y }: { reason: Reason; x: number; y: number }) {
  if (reason === 'no_time') return null;
  const { path, color, filled } = SHAPES[reason];
  return (
    <path
      d={path}
      transform={`translate(${x} ${y})`}
      fill={filled ? color : 'var(--raise)'}
      stroke={color}
      strokeWidth={1.5}
    />
  );
}
