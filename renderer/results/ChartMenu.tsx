import { Menu } from '@base-ui/react/menu';
import { Download } from 'lucide-react';
import { useApp, useAppStore } from '../store/context';
import { chartSpec } from './chart-spec';
import { themeColors } from './css-colors';
import type { VegaChartProps } from './types';

const WAYS = [
  ['png', 'Save as PNG'],
  ['svg', 'Save as SVG'],
  ['json', 'Save the specification (Vega-Lite)'],
] as const;
const SCHEMA = 'https://vega.github.io/schema/vega-lite/v6.json';

interface Props extends Pick<VegaChartProps, 'spec' | 'data' | 'title' | 'height'> {
  /** Parts of the file's name. */
  name: readonly string[];
  /** Pixels of the picture. */
  width?: number;
}

/** Saves a chart as it stands: as a picture, or as a specification with its rows. */
export function ChartMenu({ spec, data, title, height, name, width = 640 }: Props) {
  const store = useAppStore();
  const open = useApp((state) => state.workspace.info !== null);
  const save = (extension: (typeof WAYS)[number][0]) =>
    store.getState().runs.saveChart(name, extension, async () => {
      const colors = themeColors();
      const complete = {
        $schema: SCHEMA,
        ...chartSpec({ spec, data, title, width, height, colors }),
        background: colors.raise,
      };
      if (extension === 'json') return new TextEncoder().encode(`${JSON.stringify(complete, null, 2)}\n`);
      const { printChart } = await import('./vega-runtime');
      return printChart(complete, extension);
    });
  return (
    <Menu.Root>
      <Menu.Trigger
        className="button quiet icon chart-menu"
        aria-label={`Save ${title}`}
        title="Save this chart"
        disabled={!open}
      >
        <Download size={13} />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="menu-positioner" align="end" sideOffset={4}>
          <Menu.Popup className="menu">
            {WAYS.map(([extension, words]) => (
              <Menu.Item
                key={extension}
                className="menu-item"
                data-testid={`chart-save-${extension}`}
                onClick={() => void save(extension)}
              >
                {words}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
