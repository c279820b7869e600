import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, readdir, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { PlumblineError } from '../errors';
import type { FileEntry, WorkspaceFiles } from '../ports';
import { atomicWrite, type WriteEffects } from './atomic-write';
import { fileError } from './file-error';
import { globExpression, globRoot } from './glob';

/** The files of one folder, on a real file system. */
export class NodeWorkspaceFiles implements WorkspaceFiles {
  private constructor(
    private readonly folder: string,
    private readonly allowOutside: boolean,
    /** Absolute paths outside the folder that may be read all the same. */
    private readonly granted: ReadonlySet<string>,
    private readonly effects?: WriteEffects,
  ) {}

  /**
   * `allowOutside` lets paths and links lead out of the folder, `granted` the files that it names; `effects` are the
   * operations of a write, where not the file system's own. Errors: `file.not_found`, `file.denied`.
   */
  static async open(
    folder: string,
    options: { allowOutside?: boolean; granted?: readonly string[]; effects?: WriteEffects } = {},
  ): Promise<NodeWorkspaceFiles> {
    const { allowOutside = false, granted = [], effects } = options;
    try {
      const real = granted.map((path) => realpath(path).catch(() => path));
      const paths = new Set([...granted, ...(await Promise.all(real))]);
      return new NodeWorkspaceFiles(await realpath(folder), allowOutside, paths, effects);
    } catch (thrown) {
      throw fileError(thrown, folder);
    }
  }

  async glob(pattern: string): Promise<FileEntry[]> {
    const root = resolve(this.folder, globRoot(pattern));
    if (!this.contains(root)) this.refuse(pattern);
    const entries: FileEntry[] = [];
    if (globRoot(pattern) === pattern) {
      const entry = await this.entry(pattern);
      return entry ? [entry] : [];
    }
    const expression = globExpression(pattern);
    for (const path of await this.walk(root)) {
      const name = this.nameOf(path);
      if (!expression.test(name)) continue;
      const entry = await this.entry(name);
      if (entry) entries.push(entry);
    }
    return entries.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  }

  async read(path: string): Promise<Uint8Array> {
    const absolute = await this.locate(path);
    try {
      return await readFile(absolute);
    } catch (thrown) {
      throw fileError(thrown, path);
    }
  }

  async sha256(path: string): Promise<string> {
    const absolute = await this.locate(path);
    const hash = createHash('sha256');
    try {
      for await (const chunk of createReadStream(absolute)) hash.update(chunk as Uint8Array);
    } catch (thrown) {
      throw fileError(thrown, path);
    }
    return hash.digest('hex');
  }

  async write(path: string, bytes: Uint8Array): Promise<{ size: number; sha256: string }> {
    const target = await this.target(path);
    try {
      await atomicWrite(target, bytes, this.effects);
    } catch (thrown) {
      throw fileError(thrown, path, bytes.length);
    }
    return { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  }

  /** The real path of an existing file. Errors: `source.outside_workspace`, `file.not_found`, `file.denied`. */
  async locate(path: string): Promise<string> {
    const absolute = resolve(this.folder, path);
    if (!this.contains(absolute)) this.refuse(path);
    let real: string;
    try {
      real = await realpath(absolute);
    } catch (thrown) {
      throw fileError(thrown, path);
    }
    if (!this.contains(real)) this.refuse(path);
    return real;
  }

  /** Where a file would be written: its nearest existing folder must lie in the workspace, links followed. */
  private async target(path: string): Promise<string> {
    const absolute = resolve(this.folder, path);
    if (!this.contains(absolute) || absolute === this.folder) this.refuse(path);
    const existing = await realpath(absolute).catch(() => null);
    if (existing !== null) {
      if (!this.contains(existing)) this.refuse(path);
      return existing;
    }
    for (let folder = dirname(absolute); ; folder = dirname(folder)) {
      const real = await realpath(folder).catch(() => null);
      if (real === null) continue;
      const moved = join(real, relative(folder, absolute));
      if (!this.contains(moved)) this.refuse(path);
      return moved;
    }
  }

  private async entry(path: string): Promise<FileEntry | null> {
    try {
      const info = await stat(await this.locate(path));
      return info.isFile()
        ? { path: this.nameOf(resolve(this.folder, path)), size: info.size, modified: info.mtimeMs }
        : null;
    } catch (thrown) {
      const error = fileError(thrown, path);
      if (error.code === 'file.not_found') return null;
      throw error;
    }
  }

  /** Every file below a folder. Folders that are links are not followed: they could lead in a circle. */
  private async walk(folder: string): Promise<string[]> {
    const found: string[] = [];
    let items;
    try {
      items = await readdir(folder, { withFileTypes: true });
    } catch (thrown) {
      const error = fileError(thrown, this.nameOf(folder));
      if (error.code === 'file.not_found') return [];
      throw error;
    }
    for (const item of items) {
      if (item.name.startsWith('.')) continue;
      const path = join(folder, item.name);
      if (item.isDirectory()) found.push(...(await this.walk(path)));
      else found.push(path);
    }
    return found;
  }

  private nameOf(absolute: string): string {
    const name = this.contains(absolute, true) ? relative(this.folder, absolute) : absolute;
    return name.split(sep).join('/');
  }

  private contains(absolute: string, strictly = false): boolean {
    if (!strictly && (this.allowOutside || this.granted.has(absolute))) return true;
    const inside = relative(this.folder, absolute);
    return inside === '' || (!isAbsolute(inside) && inside !== '..' && !inside.startsWith(`..${sep}`));
  }

  private refuse(path: string): never {
    throw new PlumblineError('source.outside_workspace', `${path} lies outside the notebook's folder.`, {
      hint: 'Move the file into the folder, or grant the access (on the command line: --allow-outside).',
    });
  }
}
