// SPDX-License-Identifier: Apache-2.0
// Jobs of one kind: how far they are, what came of them beside what went in.
import { useEffect, useState } from 'preact/hooks';
import type { Job, JobDetail, JobKind, JobResult } from '../model/contract';
import { cancel_job, jobs, look_at_jobs, retry_job } from '../model/jobs';
import { server } from '../model/server';
import { attempt, change, edit, looks, photos, photo_id, screen } from '../model/studio';
import { with_look } from '../model/edit';
import { CloseIcon } from './icons';
import { LearnReport } from './learn_report';

const state_names: Record<Job['state'], string> = {
  queued: 'Waiting',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  canceled: 'Canceled',
};

export function JobList({ kind }: { kind: JobKind }) {
  useEffect(() => void look_at_jobs(), []);
  const shown = jobs.value.filter((j) => j.kind === kind);
  if (shown.length === 0) return null;
  return (
    <section class="jobs" aria-label="Jobs">
      {shown.map((job) => <JobCard key={job.id} job={job} />)}
    </section>
  );
}

function use_learned_look(name: string): void {
  const look = looks.value.find((l) => l.name === name);
  if (!look) return;
  if (!photo_id.value) photo_id.value = photos.value[0]?.id ?? null;
  change(with_look(edit.value, look.name, look.title));
  screen.value = 'develop';
}

function JobCard({ job }: { job: Job }) {
  const is_active = job.state === 'queued' || job.state === 'running';
  const failed = job.results.filter((r) => r.error).length;
  const percent = Math.round(100 * job.progress);
  const title = job.title || job.kind.charAt(0).toUpperCase() + job.kind.slice(1);
  return (
    <article class={`job ${job.state}`} aria-label={title}>
      <div class="job-head">
        <h3>{title}</h3>
        <span class="job-state">{state_names[job.state]}{failed > 0 && !is_active ? `, ${failed} failed` : ''}</span>
        {is_active && <button class="quiet" onClick={() => cancel_job(job.id)}>Cancel</button>}
        {job.look && <button onClick={() => use_learned_look(job.look!)}>Use the look</button>}
        {!is_active && (failed > 0 || job.state !== 'done') && (
          <button class="quiet" onClick={() => retry_job(job.id)}>{failed > 0 ? 'Retry failed' : 'Again'}</button>
        )}
        {!is_active && (
          <button class="quiet icon-only" aria-label={`Remove ${title}`} title="Remove the job and its results" onClick={() => cancel_job(job.id)}>
            <CloseIcon />
          </button>
        )}
      </div>
      {is_active && (
        <div class="progress" role="progressbar" aria-label={`Progress of ${title}`} aria-valuemin={0} aria-valuemax={100}
          aria-valuenow={percent}>
          <span style={{ width: `${percent}%` }} />
        </div>
      )}
      {job.message && <p class="hint" role={is_active ? 'status' : undefined}>{job.message}</p>}
      {job.state === 'running' && job.preview !== undefined && (
        <img class="live" src={`${server.job_preview(job.id)}?at=${job.preview}`} alt="The painting so far" />
      )}
      <ul class="results">
        {job.results.map((r) => <Result key={r.n} job={job} result={r} />)}
      </ul>
      {!is_active && <Details job={job} />}
    </article>
  );
}

function Details({ job }: { job: Job }) {
  const [detail, set_detail] = useState<JobDetail | null>(null);
  const load = () => attempt(async () => set_detail(await server.job(job.id)));
  useEffect(() => {
    if (job.kind === 'learn') void load();
  }, [job.id, job.state]);
  return (
    <>
      {job.kind === 'learn' && detail?.summary && <LearnReport summary={detail.summary} />}
      <details class="log" onToggle={(e) => e.currentTarget.open && load()}>
        <summary>Log</summary>
        <pre tabIndex={0} aria-label="Log">{detail ? detail.log || 'Nothing was said.' : ''}</pre>
      </details>
    </>
  );
}

const shown_types = /\.(jpe?g|png|webp|avif)$/i;

function Result({ job, result }: { job: Job; result: JobResult }) {
  const original = photos.value.find((p) => p.id === result.photo);
  const address = server.job_result(job.id, result.n);
  if (result.error)
    return (
      <li class="result failed">
        <span class="photo-name">{result.name}</span>
        <span class="error-text">{result.error}</span>
      </li>
    );
  return (
    <li class="result">
      <div class="pair">
        {original && <img src={original.thumbnail} alt={`${result.name} before`} loading="lazy" />}
        {shown_types.test(result.name) && <img src={address} alt={`${result.name} after`} loading="lazy" />}
      </div>
      <a href={address} download={result.name}>{result.name}</a>
    </li>
  );
}
