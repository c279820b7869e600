import * as vega from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile, type TopLevelSpec } from 'vega-lite';

const REFUSED = 'Charts draw rows of this notebook only: nothing is loaded from an address.';

/** A loader that loads nothing, whatever the specification names. */
export function closedLoader(): vega.Loader {
  const refuse = () => Promise.reject(new Error(REFUSED));
  return { load: refuse, sanitize: refuse, http: refuse, file: refuse } as unknown as vega.Loader;
}

/** Collects what Vega reports instead of throwing. */
function reporter(onProblem: (message: string) => void): vega.LoggerInterface {
  const log = vega.logger(vega.Warn);
  const words = (parts: readonly unknown[]) =>
    parts.map((part) => (part instanceof Error ? part.message : String(part))).join(' ');
  log.error = (...parts: unknown[]) => {
    onProblem(words(parts));
    return log;
  };
  log.warn = (...parts: unknown[]) => {
    if (String(parts[0]).startsWith('Loading failed')) onProblem(REFUSED);
    return log;
  };
  return log;
}

/** A Vega-Lite specification in Vega's own terms. Throws for one that does not compile. */
export function compileSpec(spec: Record<string, unknown>, onProblem: (message: string) => void): vega.Spec {
  return compile(spec as unknown as TopLevelSpec, { logger: reporter(onProblem) }).spec;
}

/**
 * Makes the view of a compiled specification; nothing is drawn before it runs. Expressions run in Vega's interpreter, so
 * that the content security policy needs no `unsafe-eval`.
 */
export function makeView(
  spec: vega.Spec,
  options: { container?: HTMLElement; renderer: 'canvas' | 'svg' | 'none'; onProblem(message: string): void },
): vega.View {
  const runtime = vega.parse(spec, undefined, { ast: true });
  return new vega.View(runtime, {
    expr: expressionInterpreter,
    loader: closedLoader(),
    logger: reporter(options.onProblem),
    renderer: options.renderer,
    ...(options.container === undefined ? {} : { container: options.container }),
    hover: true,
  });
}

/** Pixels of a PNG per pixel on screen: sharp in print and on dense screens. */
const PNG_SCALE = 2;

/** A complete specification as the bytes of a picture. Throws where it cannot be drawn. */
export async function printChart(spec: Record<string, unknown>, format: 'png' | 'svg'): Promise<Uint8Array> {
  const problems: string[] = [];
  const onProblem = (message: string) => problems.push(message);
  const view = makeView(compileSpec(spec, onProblem), { renderer: 'none', onProblem });
  try {
    const svg = format === 'svg' ? await view.toSVG() : null;
    const canvas = format === 'png' ? await view.toCanvas(PNG_SCALE) : null;
    if (problems.length > 0) throw new Error(problems[0]);
    if (svg !== null) return new TextEncoder().encode(svg);
    const blob = await new Promise<Blob | null>((resolve) => canvas!.toBlob(resolve, 'image/png'));
    if (blob === null) throw new Error('The picture is too large.');
    return new Uint8Array(await blob.arrayBuffer());
  } finally {
    view.finalize();
  }
}
