import { z } from 'zod';
import { name } from './parts';

export const chartSchema = z
  .looseObject({
    data: name('a query, source, view or training set').describe('Which rows to draw: the name of a cell.'),
    mark: z.unknown().optional().describe('The mark of Vega-Lite: `line`, `bar`, `point`, `area`, ...'),
    encoding: z.unknown().optional().describe('Which column drives which channel, as in Vega-Lite.'),
  })
  .describe('A Vega-Lite chart; every key but `data` is the specification.')
  .meta({
    defaultSnippets: [
      {
        label: 'line chart',
        body: {
          data: '${1:query}',
          mark: 'line',
          encoding: {
            x: { field: '${2:day}', type: 'temporal' },
            y: { field: '${3:value}', type: 'quantitative' },
          },
        },
      },
    ],
  });

export type ChartDefinition = z.output<typeof chartSchema>;
