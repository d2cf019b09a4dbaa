// SPDX-License-Identifier: Apache-2.0
// Handles on the picture for the open step where its knobs are places: the band of a tilt-shift, the center of a vignette.
import type { KnobCard, Step } from '../model/contract';
import { change, edit, end_gesture, operations, steps_of } from '../model/studio';
import { knob_values, with_knob } from '../model/knobs';
import { with_step_set } from '../model/edit';
import type { Preview } from '../picture/preview';
import { open_step } from './open_step';

interface Held {
  get: (knob: string) => number;
  set: (values: Record<string, number>) => void;
  has: (...knobs: string[]) => boolean;
  key: string;
}

// The knobs of the open step by name.
function held_step(): Held | null {
  const key = open_step.value;
  if (!key) return null;
  const [layer, index] = key.split(':').map(Number) as [number, number];
  const shown = edit.value.layers[layer];
  const steps = shown && steps_of(shown);
  const step = steps?.[index];
  const operation = step && operations.value.get(step.op);
  if (!steps || !step || !operation) return null;
  const cards = new Map<string, KnobCard>(operation.knobs.map((k) => [k.name, k]));
  return {
    key: step.op,
    has: (...knobs) => knobs.every((k) => cards.has(k)),
    get: (knob) => knob_values(step, cards.get(knob)!)[0]!,
    set: (values) => {
      const text = Object.entries(values).reduce<Step>((s, [k, v]) => with_knob(s, cards.get(k)!, 0, v), step);
      change(with_step_set(edit.value, layer, steps, index, text), `${key} on the picture`);
    },
  };
}

export function PictureHandles({ preview }: { preview: Preview }) {
  const step = held_step();
  if (!step?.has('center_x', 'center_y')) return null;
  const f = preview.frame.value;
  const x = step.get('center_x') * f.width;
  const y = step.get('center_y') * f.height;
  const place = (e: PointerEvent) => {
    const r = (e.currentTarget as SVGElement).ownerSVGElement!.getBoundingClientRect();
    return { x: (e.clientX - r.left) / r.width, y: (e.clientY - r.top) / r.height };
  };
  const is_band = step.has('width', 'falloff', 'angle');
  return (
    <svg class="handles" style={{ left: `${f.x}px`, top: `${f.y}px`, width: `${f.width}px`, height: `${f.height}px` }}
      viewBox={`0 0 ${f.width} ${f.height}`} role="group" aria-label="Handles on the picture">
      {is_band ? (
        <Band step={step} x={x} y={y} width={f.width} height={f.height} place={place} />
      ) : (
        step.has('midpoint') && (
          <circle class="guide" cx={x} cy={y} r={(step.get('midpoint') * Math.hypot(f.width, f.height)) / 2} />
        )
      )}
      <Handle label="Center" x={x} y={y} value={`${Math.round(100 * step.get('center_x'))} % across, ${Math.round(100 * step.get('center_y'))} % down`}
        on_drag={(e) => { const p = place(e); step.set({ center_x: p.x, center_y: p.y }); }}
        on_nudge={(dx, dy) => step.set({ center_x: step.get('center_x') + dx / 100, center_y: step.get('center_y') + dy / 100 })} />
    </svg>
  );
}

interface BandProps {
  step: Held;
  x: number;
  y: number;
  width: number;
  height: number;
  place: (e: PointerEvent) => { x: number; y: number };
}

function Band({ step, x, y, width, height, place }: BandProps) {
  const turn = (step.get('angle') * Math.PI) / 180;
  const along = { x: Math.cos(turn), y: -Math.sin(turn) };
  const across = { x: Math.sin(turn), y: Math.cos(turn) };
  const sharp = (step.get('width') * height) / 2;
  const soft = sharp + step.get('falloff') * height;
  const far = width + height;
  const line = (offset: number) => {
    const [cx, cy] = [x + across.x * offset, y + across.y * offset];
    return `M${cx - along.x * far} ${cy - along.y * far}L${cx + along.x * far} ${cy + along.y * far}`;
  };
  // Signed distance of the pointer from the middle line.
  const distance = (e: PointerEvent) => {
    const p = place(e);
    return (p.x * width - x) * across.x + (p.y * height - y) * across.y;
  };
  const arm = Math.min(width, height) * 0.3;
  return (
    <>
      <path class="guide" d={line(sharp) + line(-sharp)} />
      <path class="guide dashed" d={line(soft) + line(-soft)} />
      <Handle label="Width of the sharp band" x={x + across.x * sharp} y={y + across.y * sharp}
        value={`${Math.round(100 * step.get('width'))} % of the height`}
        on_drag={(e) => step.set({ width: (2 * Math.abs(distance(e))) / height })}
        on_nudge={(_, dy) => step.set({ width: step.get('width') + dy / 50 })} />
      <Handle label="Falloff" x={x + across.x * soft} y={y + across.y * soft}
        value={`${Math.round(100 * step.get('falloff'))} % of the height`}
        on_drag={(e) => step.set({ falloff: (Math.abs(distance(e)) - sharp) / height })}
        on_nudge={(_, dy) => step.set({ falloff: step.get('falloff') + dy / 100 })} />
      <Handle label="Angle" x={x + along.x * arm} y={y + along.y * arm} value={`${Math.round(step.get('angle'))} degrees`}
        on_drag={(e) => {
          const p = place(e);
          step.set({ angle: (Math.atan2(y - p.y * height, p.x * width - x) * 180) / Math.PI });
        }}
        on_nudge={(dx, dy) => step.set({ angle: step.get('angle') - dy + dx })} />
    </>
  );
}

interface HandleProps {
  label: string;
  value: string;
  x: number;
  y: number;
  on_drag: (e: PointerEvent) => void;
  on_nudge: (dx: number, dy: number) => void;
}

function Handle({ label, value, x, y, on_drag, on_nudge }: HandleProps) {
  const nudge = (e: KeyboardEvent) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
    if (!way) return;
    e.preventDefault();
    on_nudge(way[0]!, way[1]!);
    end_gesture();
  };
  return (
    <g class="handle" tabindex={0} role="slider" aria-label={label} aria-valuenow={0} aria-valuetext={value}
      transform={`translate(${x} ${y})`} onKeyDown={nudge}
      onPointerDown={(e) => { e.currentTarget.setPointerCapture(e.pointerId); e.preventDefault(); e.currentTarget.focus(); }}
      onPointerMove={(e) => e.currentTarget.hasPointerCapture(e.pointerId) && on_drag(e)}
      onPointerUp={end_gesture}>
      <circle class="target" r="14" />
      <circle class="dot" r="6" />
    </g>
  );
}
