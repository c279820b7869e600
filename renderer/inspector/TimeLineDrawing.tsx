import { MarkShape } from './MarkShape';
import { LANE, type Lane, type TimeLine } from './time-line';
import type { TimeExtent } from './time-scale';

export interface TimeLineDrawingProps {
  line: TimeLine;
  extent: TimeExtent;
  chosen: number | null;
  onChoose(row: number): void;
}

/** Middle of a lane's marks, below its words. */
const MIDDLE = 22;

/** The picture alone: whoever cannot see it has the words and the table beside it. */
export function TimeLineDrawing({ line, extent, chosen, onChoose }: TimeLineDrawingProps) {
  const { width, height, bottom, window, lower, upper, t, lanes, labels } = line;
  return (
    <svg width={width} height={height} aria-hidden="true">
      {window !== null && (
        <rect
          x={window.left}
          y={0}
          width={window.right - window.left}
          height={bottom}
          fill="var(--accent-bg)"
        />
      )}
      {t !== null && t < width && (
        <rect x={t} y={0} width={width - t} height={bottom} fill="var(--bad-bg)" opacity={0.6} />
      )}
      {labels.map(({ edge, y, text }) =>
        edge === null ? null : (
          <line key={text} x1={edge} x2={edge} y1={bottom} y2={y - 8} stroke="var(--line-strong)" />
        ),
      )}
      {lower !== null && <line x1={lower} x2={lower} y1={0} y2={bottom} stroke="var(--accent)" />}
      {upper !== null && upper !== t && (
        <line
          x1={upper}
          x2={upper}
          y1={0}
          y2={bottom}
          stroke="var(--accent)"
          strokeDasharray={extent.included ? undefined : '3 2'}
        />
      )}
      {t !== null && <line x1={t} x2={t} y1={0} y2={bottom} stroke="var(--ink)" strokeWidth={1.5} />}
      {lanes.map((lane) => (
        <LaneDrawing
          key={`${lane.reason} ${lane.side ?? ''}`}
          lane={lane}
          width={width}
          chosen={chosen}
          onChoose={onChoose}
        />
      ))}
      {labels.map(({ x, y, text, edge }) => (
        <text
          key={`${edge === null ? 'end' : 'edge'} ${text} ${x}`}
          x={x}
          y={y}
          className={edge === null ? 'why-end' : 'why-edge'}
        >
          {text}
        </text>
      ))}
    </svg>
  );
}

interface LaneDrawingProps {
  lane: Lane;
  width: number;
  chosen: number | null;
  onChoose(row: number): void;
}

function LaneDrawing({ lane, width, chosen, onChoose }: LaneDrawingProps) {
  const { reason, y, label, span, earlier, later, marks } = lane;
  const middle = y + MIDDLE;
  return (
    <g data-lane={reason}>
      <line x1={0} x2={width} y1={y + LANE} y2={y + LANE} stroke="var(--line)" />
      {span !== null && (
        <line
          x1={span.left}
          x2={span.right}
          y1={middle}
          y2={middle}
          stroke="var(--line-strong)"
          strokeWidth={2}
        />
      )}
      {earlier && <path d={`M5 ${middle - 3}L1 ${middle}L5 ${middle + 3}`} className="why-beyond" />}
      {later && (
        <path
          d={`M${width - 5} ${middle - 3}L${width - 1} ${middle}L${width - 5} ${middle + 3}`}
          className="why-beyond"
        />
      )}
      {marks.map(({ x, until, rows }, index) => {
        const next = marks[index + 1]?.x ?? width;
        const here = chosen !== null && rows.includes(chosen);
        return (
          <g key={rows[0]} data-mark={reason} data-rows={rows.length} onClick={() => onChoose(rows[0]!)}>
            <rect x={x - 6} y={middle - 9} width={12} height={18} fill="transparent" />
            {until !== null && <path d={`M${x} ${middle}H${until}m0 -4v8`} className="why-stretch" />}
            {here && <circle cx={x} cy={middle} r={8.5} className="why-chosen" />}
            <MarkShape reason={reason} x={x} y={middle} />
            {rows.length > 1 && next - x > 34 && (
              <text x={x + 9} y={middle + 3} className="why-count">
                ×{rows.length}
              </text>
            )}
          </g>
        );
      })}
      <text x={2} y={y + 10} className="why-lane">
        {label}
      </text>
    </g>
  );
}
