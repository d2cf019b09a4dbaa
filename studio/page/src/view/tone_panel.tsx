// SPDX-License-Identifier: Apache-2.0
// How the tones lie before and after: histogram or cumulative distribution per channel.
import { useEffect, useState } from 'preact/hooks';
import type { Channel, Distribution, Measured } from '../model/contract';
import { edited, painted } from '../model/studio';
import { Latest } from '../model/latest';
import { server } from '../model/server';

const rest_ms = 160; // after the last change
const channels: { name: Channel; title: string }[] = [
  { name: 'luminance', title: 'Luminance' },
  { name: 'r', title: 'Red' },
  { name: 'g', title: 'Green' },
  { name: 'b', title: 'Blue' },
];
const width = 256;
const height = 96;

const queue = new Latest();

export function TonePanel() {
  const [measured, set_measured] = useState<Measured | null>(null);
  const [kind, set_kind] = useState<'histogram' | 'cdf'>('histogram');
  const now = edited.value;
  useEffect(() => {
    if (!now.photo || painted.value !== now.photo) return;
    const timer = setTimeout(() => queue.ask(async () => set_measured(await server.measure(now))), rest_ms);
    return () => clearTimeout(timer);
  }, [now, painted.value]);
  return (
    <section class="panel" aria-labelledby="tones-heading">
      <div class="panel-head">
        <h2 id="tones-heading">Tones</h2>
        <div class="tabs" role="group" aria-label="Kind of plot">
          <button class="tab" aria-pressed={kind === 'histogram'} onClick={() => set_kind('histogram')}>Histogram</button>
          <button class="tab" aria-pressed={kind === 'cdf'} onClick={() => set_kind('cdf')}>Cumulative</button>
        </div>
      </div>
      {measured ? (
        <div class="plots">
          {channels.map(({ name, title }) => (
            <Plot key={name} title={title} channel={name} kind={kind} before={measured.before[kind]} after={measured.after[kind]} />
          ))}
        </div>
      ) : (
        <p class="hint">{now.photo ? 'Measuring …' : 'No photo.'}</p>
      )}
      <p class="legend"><span class="key-before" /> before <span class="key-after" /> after</p>
    </section>
  );
}

interface PlotProps {
  title: string;
  channel: Channel;
  kind: 'histogram' | 'cdf';
  before: Distribution;
  after: Distribution;
}

// A tall spike of clipped tones shall not flatten the rest: the scale ends above the highest of nine tenths.
const scale_of = (values: number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[Math.floor(sorted.length * 0.97)] ?? 1) * 1.25 || 1;
};

function Plot({ title, channel, kind, before, after }: PlotProps) {
  const [a, b] = [before[channel], after[channel]];
  const top = kind === 'cdf' ? 1 : Math.max(scale_of(a), scale_of(b));
  const line = (values: number[]) =>
    values.map((v, i) => `${i ? 'L' : 'M'}${i} ${(height * (1 - Math.min(1, v / top))).toFixed(1)}`).join('');
  return (
    <figure class={`plot channel-${channel}`}>
      <svg viewBox={`0 0 ${width - 1} ${height}`} preserveAspectRatio="none" role="img"
        aria-label={`${title}: median ${median(before, channel)} before, ${median(after, channel)} after, of 255`}>
        <path class="after" d={kind === 'cdf' ? line(b) : `${line(b)}L${width - 1} ${height}L0 ${height}Z`} />
        <path class="before" d={line(a)} />
      </svg>
      <figcaption>{title}</figcaption>
    </figure>
  );
}

function median(distribution: Distribution, channel: Channel): number {
  const values = distribution[channel];
  const is_cumulative = values[values.length - 1]! > 0.999 && values.every((v, i) => i === 0 || v >= values[i - 1]! - 1e-9);
  if (is_cumulative) return values.findIndex((v) => v >= 0.5);
  const half = values.reduce((s, v) => s + v, 0) / 2;
  let sum = 0;
  return values.findIndex((v) => (sum += v) >= half);
}
