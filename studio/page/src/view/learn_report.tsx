// SPDX-License-Identifier: Apache-2.0
// How well a look was learned: each model by the pairs it had not seen, and the pairs, worst first.
import type { LearnSummary } from '../model/contract';

const most_pairs = 12;
const number = (v: number | undefined) => (v === undefined || v < 0 ? '–' : v.toFixed(2));

export function LearnReport({ summary }: { summary: LearnSummary }) {
  const models = (summary.models ?? []).filter((m) => m.left_out_error > 0 || m.reason);
  const left_out = (p: NonNullable<LearnSummary['pairs']>[number]) => p.left_out_adaptive ?? p.left_out_static ?? p.fitted;
  const pairs = [...(summary.pairs ?? [])].sort((a, b) => left_out(b) - left_out(a));
  return (
    <div class="report">
      {models.length > 0 && (
        <table>
          <caption>Models, by pairs that were left out (ΔE 2000)</caption>
          <thead>
            <tr><th scope="col">Model</th><th scope="col" class="number">Left out</th><th scope="col">Why</th></tr>
          </thead>
          <tbody>
            {models.map((m) => (
              <tr key={m.name} class={m.name === summary.chosen ? 'chosen' : ''}>
                <th scope="row">{m.name}{m.name === summary.chosen ? ', chosen' : ''}</th>
                <td class="number">{m.left_out_error > 0 ? number(m.left_out_error) : '–'}</td>
                <td>{m.reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {pairs.length > 0 && (
        <table>
          <caption>Pairs, worst first (ΔE 2000 to the edit)</caption>
          <thead>
            <tr>
              <th scope="col">Pair</th><th scope="col" class="number">Before</th>
              <th scope="col" class="number">Left out</th><th scope="col" class="number">Learned</th>
            </tr>
          </thead>
          <tbody>
            {pairs.slice(0, most_pairs).map((p) => (
              <tr key={p.name}>
                <th scope="row">{p.name}</th><td class="number">{number(p.input)}</td>
                <td class="number">{number(p.left_out_adaptive ?? p.left_out_static)}</td><td class="number">{number(p.fitted)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {summary.warnings?.map((w) => <p key={w} class="hint">{w}</p>)}
    </div>
  );
}
