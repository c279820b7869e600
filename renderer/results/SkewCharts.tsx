import { useMemo } from 'react';
import { useThemeColors } from './css-colors';
import { categoryChart, distributionChart, overTimeChart, scatterChart } from './skew-specs';
import type { SkewChartsProps } from './types';
import { VegaChart } from './VegaChart';

const HEIGHT = 190;

/** One feature under two implementations: how the values spread, row against row, and along time. */
export function SkewCharts(props: SkewChartsProps) {
  const { feature, leftName, rightName, bins, categories, points, overTime } = props;
  const colors = useThemeColors();
  const parts = useMemo(() => {
    const input = { feature, leftName, rightName, bins, categories, points, overTime };
    return [
      bins.length > 0 ? distributionChart(input, colors) : null,
      categories !== undefined && categories.length > 0 ? categoryChart(input, colors) : null,
      points.length > 0 ? scatterChart(input, colors) : null,
      overTime.length > 0 ? overTimeChart(input, colors) : null,
    ].filter((part) => part !== null);
  }, [feature, leftName, rightName, bins, categories, points, overTime, colors]);
  if (parts.length === 0) return <p className="feature-card-small">No rows on both sides to compare.</p>;
  return (
    <div className="skew-charts">
      {parts.map((part) => (
        <VegaChart key={part.title} {...part} height={HEIGHT} />
      ))}
    </div>
  );
}
