import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { isAppUrl } from '../app-origin';
import type { BuiltFiles } from './built-files';
import { parseByteRange } from './byte-range';
import { COMMON_HEADERS, contentType } from './headers';

/** What the protocol may serve. */
export interface ServedContent {
  builtFiles: BuiltFiles;
  /**
   * Absolute path of a workspace file, or null when the workspace is not open, the path leaves it, or it is no file.
   * `path` is already decoded, with forward slashes.
   */
  resolveWorkspaceFile(workspaceId: string, path: string): Promise<string | null>;
}

export interface AppRequest {
  url: string;
  method: string;
  /** The `Range` header. */
  range: string | null;
}

const WORKSPACE_PATH = /^\/workspace\/([^/]+)\/(.+)$/s;

/** Answers one request to app://plumbline. Never throws: what is not served is 404, what is not allowed 403 or 405. */
export async function answerAppRequest(request: AppRequest, content: ServedContent): Promise<Response> {
  if (!isAppUrl(request.url)) return refuse(403);
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405);
  let path: string;
  try {
    path = decodeURIComponent(new URL(request.url).pathname);
  } catch {
    return refuse(400);
  }
  if (path.includes('\0') || path.includes('\\')) return refuse(400);
  const built = content.builtFiles.get(path === '/' ? '/index.html' : path);
  if (built) return serveFile(built, contentType(built), request);
  const match = WORKSPACE_PATH.exec(path);
  const file = match ? await content.resolveWorkspaceFile(match[1]!, match[2]!) : null;
  // A workspace file is data whatever it is called: as a page or script it would run with the app's rights.
  return file ? serveFile(file, 'application/octet-stream', request) : refuse(404);
}

async function serveFile(path: string, type: string, request: AppRequest): Promise<Response> {
  let size: number;
  try {
    const info = await stat(path);
    if (!info.isFile()) return refuse(404);
    size = info.size;
  } catch {
    return refuse(404);
  }
  const headers = { ...COMMON_HEADERS, 'Content-Type': type, 'Accept-Ranges': 'bytes' };
  const range = parseByteRange(request.range, size);
  if (range === 'unsatisfiable') return refuse(416, { 'Content-Range': `bytes */${size}` });
  const length = range ? range.end - range.start + 1 : size;
  const body = request.method === 'HEAD' || length === 0 ? null : fileStream(path, range ?? undefined);
  return new Response(body, {
    status: range ? 206 : 200,
    headers: {
      ...headers,
      'Content-Length': String(length),
      ...(range ? { 'Content-Range': `bytes ${range.start}-${range.end}/${size}` } : {}),
    },
  });
}

function fileStream(path: string, range: { start: number; end: number } | undefined): ReadableStream {
  return Readable.toWeb(createReadStream(path, range)) as ReadableStream;
}

function refuse(status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers: { ...COMMON_HEADERS, ...headers } });
}
