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

/**
 * Compiles a Vega-Lite specification and makes its view. Expressions run in Vega's interpreter, so that the content
 * security policy needs no `unsafe-eval`. Throws for a specification that does not compile.
 */
export function makeView(
  spec: Record<string, unknown>,
  options: { container?: HTMLElement; renderer: 'canvas' | 'svg' | 'none'; onProblem(message: string): void },
): vega.View {
  const logger = reporter(options.onProblem);
  const compiled = compile(spec as unknown as TopLevelSpec, { logger });
  const runtime = vega.parse(compiled.spec, undefined, { ast: true });
  return new vega.View(runtime, {
    expr: expressionInterpreter,
    loader: closedLoader(),
    logger,
    renderer: options.renderer,
    ...(options.container === undefined ? {} : { container: options.container }),
    hover: true,
  });
}
