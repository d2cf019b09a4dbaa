// SPDX-License-Identifier: Apache-2.0
// The border between before (left) and after, moved by pointer or arrow keys.
import type { Preview } from '../picture/preview';

export function CompareHandle({ preview }: { preview: Preview }) {
  const at = preview.split.value;
  if (at === null) return null;
  const f = preview.frame.value;
  const stage = preview.stage.value;
  const x = Math.min(stage.width, Math.max(0, f.x + at * f.width));
  const move = (share: number) => (preview.split.value = Math.min(1, Math.max(0, share)));
  const drag = (e: PointerEvent) => {
    const self = e.currentTarget as Element;
    if (!self.hasPointerCapture(e.pointerId)) return;
    move((e.clientX - self.parentElement!.getBoundingClientRect().left - f.x) / f.width);
  };
  const nudge = (e: KeyboardEvent) => {
    const by = { ArrowLeft: -0.01, ArrowRight: 0.01, PageDown: -0.1, PageUp: 0.1 }[e.key];
    if (e.key === 'Home') move(0);
    else if (e.key === 'End') move(1);
    else if (by !== undefined) move(at + by);
    else return;
    e.preventDefault();
  };
  const top = Math.max(0, f.y);
  return (
    <div class="compare" role="slider" tabIndex={0} aria-label="Border between before and after"
      aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(100 * at)}
      aria-valuetext={`${Math.round(100 * at)} % before`}
      style={{ left: `${x}px`, top: `${top}px`, height: `${Math.min(stage.height, f.y + f.height) - top}px` }}
      onPointerDown={(e) => e.currentTarget.setPointerCapture(e.pointerId)}
      onPointerMove={drag} onKeyDown={nudge}>
      <span class="compare-name before" aria-hidden="true">Before</span>
      <span class="compare-grip" aria-hidden="true" />
      <span class="compare-name after" aria-hidden="true">After</span>
    </div>
  );
}
