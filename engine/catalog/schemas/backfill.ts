import { z } from 'zod';
import { compression, duration, endInstant, instant, text, viewList } from './parts';

export const backfillSchema = z
  .strictObject({
    views: viewList('The views whose values are written.'),
    start: instant().describe('The first instant of the grid.'),
    end: endInstant().describe(
      'The last instant that may be in the grid, or `max` for the latest event of each source.',
    ),
    every: duration().describe('The step between two instants: `1d`, `6h`.'),
    out: text().describe('The folder that the files go to, below the folder of the notebook.'),
    compression: compression(),
  })
  .describe('Writes the values of views at a grid of instants, for all entities, to partitioned Parquet.')
  .meta({
    defaultSnippets: [
      {
        label: 'backfill',
        body: {
          views: ['${1:user_engagement}'],
          start: '${2:2025-03-01}',
          end: '${3:max}',
          every: '${4:1d}',
          out: '${5:out/backfill}',
        },
      },
    ],
  });

export type BackfillDefinition = z.output<typeof backfillSchema>;
