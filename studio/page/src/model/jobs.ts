// SPDX-License-Identifier: Apache-2.0
// The jobs of the server, asked after while any of them runs.
import { signal } from '@preact/signals';
import type { Job, JobKind } from './contract';
import { server } from './server';
import { attempt, catalog } from './studio';

const period_ms = 700;

export const jobs = signal<Job[]>([]);
let timer = 0;

const is_active = (job: Job) => job.state === 'queued' || job.state === 'running';

export async function look_at_jobs(): Promise<void> {
  clearTimeout(timer);
  const before = jobs.value;
  const now = await attempt(server.jobs);
  if (!now) return;
  jobs.value = now;
  const was_active = new Set(before.filter(is_active).map((j) => j.id));
  if (now.some((j) => j.kind === 'learn' && j.state === 'done' && was_active.has(j.id)))
    await attempt(async () => (catalog.value = await server.catalog()));
  if (now.some(is_active)) timer = window.setTimeout(look_at_jobs, period_ms);
}

export async function start_job(kind: JobKind, body: object): Promise<void> {
  await attempt(() => server.start_job(kind, body));
  await look_at_jobs();
}
export async function cancel_job(id: string): Promise<void> {
  await attempt(() => server.cancel_job(id));
  await look_at_jobs();
}
export async function retry_job(id: string): Promise<void> {
  await attempt(() => server.retry_job(id));
  await look_at_jobs();
}
