import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { SkewCheck } from '../../engine/catalog/model';
import type { SkewFeature, SkewResult } from '../../engine/results';
import { segmentChoices } from '../../engine/skew/charts/by-segment';
import { mismatchesSelect } from '../../engine/skew/mismatches';
import type { SegmentBy } from '../../engine/skew/pair-filter';
import type { BuiltSkew } from '../../engine/skew/skew';
import { isNumeric } from '../../engine/sql/compared-value';
import { useLoaded } from '../app/useLoaded';
import { useSame } from '../app/useSame';
import { FoundRows } from '../cells/FoundRows';
import type { EngineSession } from '../store/session';
import { CausePanel } from './CausePanel';
import { exactKey } from './exact-key';
import { FeatureCharts } from './FeatureCharts';
import { FeatureHeading } from './FeatureHeading';
import { SelectionBar } from './SelectionBar';
import { firstSegmentation, segmentationsOf } from './segmentations';
import { brushOf, filterFor, keyOf, ownKey } from './skew-selection';
import { useSelection } from './use-selection';
import { useSkewCharts } from './use-skew-charts';
import { useTimeMarks } from './use-time-marks';

interface Props {
  cell: string;
  /** Changes with every run. */
  runKey: string;
  session: EngineSession;
  skew: BuiltSkew;
  check: SkewCheck | null;
  result: SkewResult;
  feature: SkewFeature;
}

/** One feature of a comparison: why it differs, its charts, and the rows; what is selected in a chart holds for all. */
export function FeatureScreen({ cell, runKey, session, skew, check, result, feature }: Props) {
  const { sides } = result;
  const [left, right] = sides;
  const titles = useMemo(() => ({ left, right }), [left, right]);
  const compared = useMemo(
    () => ({ feature: feature.column, sides: [left, right] as const }),
    [feature.column, left, right],
  );
  const numeric = useMemo(
    () => skew.features.some((one) => one.column === feature.column && isNumeric(one)),
    [skew, feature.column],
  );
  const columns = useLoaded(runKey, (signal) =>
    segmentChoices(session.database, skew, { priority: 'screen', signal }),
  );
  const choices = useSame(segmentationsOf(check, columns?.state === 'done' ? columns.value : [], sides));
  const [chosenBy, setChosenBy] = useState<SegmentBy | null>(null);
  const by = useSame(chosenBy ?? firstSegmentation(choices));
  const byName = choices.find((one) => exactKey(one.by) === exactKey(by))?.name ?? 'day';
  const { selection, cleared, brush, remove, clear } = useSelection(skew);
  const charts = useSkewCharts(session.database, skew, feature.column, { by, selection });
  const marks = useTimeMarks(check);
  const screen = useRef<HTMLDivElement>(null);

  const filter = useMemo(() => filterFor(selection, null), [selection]);
  const rowsAt = useMemo(
    () => ({ select: mismatchesSelect(skew, { feature: feature.column, filter }) }),
    [skew, feature.column, filter],
  );
  const selected = charts.data.selected ?? null;
  const differing = selection.length === 0 ? feature.mismatches : (selected?.mismatches ?? 0);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || selection.length === 0) return;
    clear();
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={screen}
      className="cell-body skew-feature"
      data-testid={`cell-${cell}-charts`}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      // A chart takes no focus: Escape is heard here after a brush.
      onPointerDown={(event) => {
        if ((event.target as Element).closest('.chart') !== null)
          screen.current?.focus({ preventScroll: true });
      }}
    >
      <FeatureHeading feature={feature} />
      {feature.attribution !== undefined && feature.mismatches > 0 && (
        <CausePanel
          cell={cell}
          skew={skew}
          feature={feature}
          features={result.features}
          attribution={feature.attribution}
          side={right}
          onEvidence={(made) => brush(keyOf(made), made)}
        />
      )}
      <SelectionBar cell={cell} selection={selection} selected={selected} onRemove={remove} onClear={clear} />
      {charts.error !== null && (
        <p className="bad" role="alert">
          {charts.error.message}
        </p>
      )}
      <FeatureCharts
        cell={cell}
        compared={compared}
        numeric={numeric}
        charts={charts}
        marks={marks}
        selection={selection}
        cleared={cleared}
        segments={{ choices, by, name: byName }}
        onSegments={setChosenBy}
        onBrush={(source, made) =>
          brush(
            ownKey(source, feature.column, by),
            brushOf(source, made, { feature: feature.column, sides, by }),
          )
        }
      />
      {differing > 0 && (
        <FoundRows
          cell={cell}
          session={session}
          at={skew.relation}
          rowsAt={rowsAt}
          count={differing}
          runKey={`${runKey} ${feature.column} ${exactKey(filter)}`}
          titles={titles}
          words={selection.length === 0 ? 'rows that differ' : 'selected rows that differ'}
        />
      )}
    </div>
  );
}
