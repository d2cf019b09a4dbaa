// SPDX-License-Identifier: Apache-2.0
// Every request of the page. All go to the server that sent the page.
import type {
  Area, Catalog, Compiled, Job, JobDetail, JobKind, LookParameter, Measured, Photo, Pixels,
} from './contract';

export class ServerError extends Error {
  constructor(
    readonly code: string,
    what: string,
    readonly status: number,
  ) {
    super(what);
  }
}

async function failure(response: Response): Promise<ServerError> {
  try {
    const { error } = await response.json();
    return new ServerError(error.code, error.where ? `${error.what} (${error.where})` : error.what, response.status);
  } catch {
    return new ServerError('http', `The studio answered ${response.status}`, response.status);
  }
}

async function ask(path: string, options: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: 'same-origin', ...options });
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e;
    throw new ServerError('gone', 'The studio does not answer. Is its program still running?', 0);
  }
  if (!response.ok) throw await failure(response);
  return response;
}

const json_body = (method: string, body: unknown, signal?: AbortSignal): RequestInit => ({
  method,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
  signal,
});

const post = (path: string, body: unknown, signal?: AbortSignal) => ask(path, json_body('POST', body, signal));

async function pixels_of(response: Response): Promise<Pixels> {
  return {
    width: Number(response.headers.get('X-Width')),
    height: Number(response.headers.get('X-Height')),
    data: new Uint16Array(await response.arrayBuffer()),
  };
}

export type Extent = { longest: number } | Area;

const id_path = (id: string) => `/api/photos/${encodeURIComponent(id)}`;

export interface Edited {
  photo: string;
  looks: LookParameter[];
  strength: number;
  settings?: string[]; // op.knob=value
}
export interface SaveOptions {
  format: string;
  quality: number;
  bits: number;
}

export const server = {
  open_session: (token: string) => post('/api/session', { token }),
  catalog: async (): Promise<Catalog> => (await ask('/api/catalog')).json(),

  remove_look: (name: string) => ask(`/api/looks/${encodeURIComponent(name)}`, { method: 'DELETE' }),
  // A look, learned look or LUT file becomes one of the user's looks.
  add_look: async (file: File, title: string): Promise<{ name: string; title: string }> =>
    (
      await ask('/api/looks', {
        method: 'POST',
        headers: {
          'Content-Type': 'application/octet-stream',
          'X-Name': encodeURIComponent(file.name),
          'X-Title': encodeURIComponent(title),
        },
        body: file,
      })
    ).json(),

  photos: async (): Promise<Photo[]> => (await ask('/api/photos')).json(),
  add_photo: async (file: File): Promise<Photo> =>
    (
      await ask('/api/photos', {
        method: 'POST',
        headers: { 'Content-Type': 'application/octet-stream', 'X-Name': encodeURIComponent(file.name) },
        body: file,
      })
    ).json(),
  add_sample: async (index: number): Promise<Photo> =>
    (await post(`/api/photos/sample/${index}`, {})).json(),
  remove_photo: (id: string) => ask(id_path(id), { method: 'DELETE' }),
  pixels: async (id: string, extent: Extent, signal?: AbortSignal): Promise<Pixels> => {
    const query = new URLSearchParams(Object.entries(extent).map(([k, v]) => [k, String(v)]));
    return pixels_of(await ask(`${id_path(id)}/pixels?${query}`, { signal }));
  },
  thumbnail: (id: string, look: string, height: number) =>
    `${id_path(id)}/looks/${encodeURIComponent(look)}.jpg?height=${height}`,

  compile: async (edited: Edited, known_tables: string[] = []): Promise<Compiled> =>
    (await post('/api/compile', { ...edited, known_tables })).json(),
  render: async (edited: Edited, extent: Extent, signal?: AbortSignal): Promise<Pixels> =>
    pixels_of(await post('/api/render', { ...edited, ...extent }, signal)),
  measure: async (edited: Edited, signal?: AbortSignal): Promise<Measured> =>
    (await post('/api/measure', edited, signal)).json(),
  save: (edited: Edited, options: SaveOptions) => post('/api/save', { ...edited, ...options }),
  export_look: (edited: Edited, format: string) => post('/api/export', { ...edited, format }),
  command: async (edited: Edited, options: Partial<SaveOptions>): Promise<string> =>
    (await (await post('/api/command', { ...edited, ...options })).json()).command,

  jobs: async (): Promise<Job[]> => (await ask('/api/jobs')).json(),
  start_job: async (kind: JobKind, body: object): Promise<{ id: string }> =>
    (await post('/api/jobs', { kind, ...body })).json(),
  job: async (id: string): Promise<JobDetail> => (await ask(`/api/jobs/${encodeURIComponent(id)}`)).json(),
  cancel_job: (id: string) => ask(`/api/jobs/${encodeURIComponent(id)}`, { method: 'DELETE' }),
  retry_job: (id: string) => post(`/api/jobs/${encodeURIComponent(id)}/retry`, {}),
  match_preview: (id: string, reference: string, strength: number, protection: number) =>
    `${id_path(id)}/matched/${encodeURIComponent(reference)}.jpg?strength=${Math.round(100 * strength)}&protection=${Math.round(100 * protection)}`,
  job_preview: (id: string) => `/api/jobs/${encodeURIComponent(id)}/preview.jpg`,
  job_result: (id: string, index: number) => `/api/jobs/${encodeURIComponent(id)}/results/${index}`,

  state: async (): Promise<unknown> => (await ask('/api/state')).json(),
  // Given up after a while: the next state waits for this one.
  keep_state: (state: unknown, leaving = false) =>
    ask('/api/state', { ...json_body('PUT', state, AbortSignal.timeout(10_000)), keepalive: leaving }),
};
