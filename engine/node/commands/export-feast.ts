import { feastProject } from '../../feast/export-repository';
import { exportFeast } from '../../run/export-feast';
import { parseRedisUrl } from '../redis-target';
import type { ExportFeastArguments } from './arguments';
import type { Output } from './output';
import { printJson } from './report';
import { openSession } from './session';

/** Writes the Feast repository of a notebook. Exit code 0; what goes wrong stops the command. */
export async function exportFeastCommand(args: ExportFeastArguments, output: Output): Promise<number> {
  const { password, sentinelPassword = '', ...target } = parseRedisUrl(args.redis);
  const session = await openSession(args.file, { allowOutside: args.allowOutside, out: args.out });
  try {
    const cancel = new AbortController();
    output.onInterrupt(() => cancel.abort());
    const { catalog } = session.notebook.analysis;
    const done = await exportFeast(session.runner, session.host, catalog, {
      folder: '',
      notebook: session.file,
      project: args.project ?? feastProject(catalog),
      connection: {
        ...target,
        hasPassword: password !== '',
        hasSentinelPassword: sentinelPassword !== '',
      },
      signal: cancel.signal,
    });
    if (args.json) output.line(printJson({ plumbline: 1, notebook: session.file, ...done }));
    else {
      for (const { view, rows } of done.views) output.line(`  ${view}: ${rows.toLocaleString('en-US')} rows`);
      for (const { view, reason } of done.left) output.line(`  ! without ${view}: ${reason}`);
      for (const limit of done.limits) output.line(`  ! ${limit}`);
      output.line(`wrote ${done.files.length} files into ${args.out}; run \`feast apply\` there`);
    }
    return 0;
  } finally {
    await session.close();
  }
}
