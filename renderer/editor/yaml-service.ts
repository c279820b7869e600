import { configureMonacoYaml, type JSONSchema } from 'monaco-yaml';
import { monaco } from './monaco';
import YamlWorker from './yaml.worker?worker';

interface WorkerOptions {
  createData?: unknown;
  host?: Record<string, (...args: unknown[]) => unknown>;
}

/**
 * monaco-yaml asks for a worker by module name, which Monaco no longer answers. The worker is made here instead:
 * its first message loads the module, the second is the one that the module takes as its settings.
 */
function createYamlWorker<T extends object>(options: WorkerOptions) {
  const worker = new YamlWorker();
  worker.postMessage('ignore');
  worker.postMessage(options.createData);
  return monaco.editor.createWebWorker<T>({ worker, host: options.host });
}

/**
 * Starts the YAML language service for cell models, one JSON schema per kind of cell.
 * Schemas never load from a URL.
 */
export function startYamlService(schemas: ReadonlyMap<string, JSONSchema>): void {
  configureMonacoYaml(
    { ...monaco, editor: { ...monaco.editor, createWebWorker: createYamlWorker } },
    {
      enableSchemaRequest: false,
      validate: true,
      completion: true,
      hover: true,
      format: { enable: true, printWidth: 110, singleQuote: true },
      schemas: [...schemas].map(([kind, schema]) => ({
        uri: `plumbline://schema/${kind}.json`,
        fileMatch: [`plumbline://cell/${kind}/*`],
        schema,
      })),
    },
  );
}
