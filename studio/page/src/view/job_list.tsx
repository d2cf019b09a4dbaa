// SPDX-License-Identifier: Apache-2.0
// Jobs of one kind: how far they are, what came of them beside what went in.
import { useEffect } from 'preact/hooks';
import type { Job, JobKind, JobResult } from '../model/contract';
import { cancel_job, jobs, look_at_jobs, retry_job } from '../model/jobs';
import { server } from '../model/server';
import { photos } from '../model/studio';

const state_names: Record<Job['state'], string> = {
  queued: 'Waiting',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  canceled: 'Canceled',
};

export function JobList({ kind, show_result }: { kind: JobKind; show_result?: (job: Job) => preact.ComponentChildren }) {
  useEffect(() => void look_at_jobs(), []);
  const shown = jobs.value.filter((j) => j.kind === kind);
  if (shown.length === 0) return null;
  return (
    <section class="jobs" aria-label="Jobs">
      {shown.map((job) => <JobCard key={job.id} job={job} show_result={show_result} />)}
    </section>
  );
}

function JobCard({ job, show_result }: { job: Job; show_result?: (job: Job) => preact.ComponentChildren }) {
  const is_active = job.state === 'queued' || job.state === 'running';
  const failed = job.results.filter((r) => r.error).length;
  const percent = Math.round(100 * job.progress);
  const title = job.title ?? job.kind.charAt(0).toUpperCase() + job.kind.slice(1);
  return (
    <article class={`job ${job.state}`} aria-label={title}>
      <div class="job-head">
        <h3>{title}</h3>
        <span class="job-state">{state_names[job.state]}{failed > 0 && !is_active ? `, ${failed} failed` : ''}</span>
        {is_active && <button class="quiet" onClick={() => cancel_job(job.id)}>Cancel</button>}
        {!is_active && (failed > 0 || job.state !== 'done') && (
          <button class="quiet" onClick={() => retry_job(job.id)}>{failed > 0 ? 'Retry failed' : 'Again'}</button>
        )}
      </div>
      {is_active && (
        <div class="progress" role="progressbar" aria-label={`Progress of ${title}`} aria-valuemin={0} aria-valuemax={100}
          aria-valuenow={percent}>
          <span style={{ width: `${percent}%` }} />
        </div>
      )}
      {job.message && <p class="hint" role={is_active ? 'status' : undefined}>{job.message}</p>}
      {show_result?.(job)}
      <ul class="results">
        {job.results.map((r, i) => <Result key={i} job={job} result={r} index={i} />)}
      </ul>
      {job.log && (
        <details class="log">
          <summary>Log</summary>
          <pre tabIndex={0}>{job.log}</pre>
        </details>
      )}
    </article>
  );
}

const shown_types = /\.(jpe?g|png|webp|avif)$/i;

function Result({ job, result, index }: { job: Job; result: JobResult; index: number }) {
  const original = photos.value.find((p) => p.id === result.photo);
  const address = server.job_result(job.id, index);
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
