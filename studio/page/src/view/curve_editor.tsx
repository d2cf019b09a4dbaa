// SPDX-License-Identifier: Apache-2.0
// A knob of offsets over tones as a curve with knots to drag or to move by arrow keys.
import { useRef, useState } from 'preact/hooks';
import type { KnobCard, Step } from '../model/contract';
import { knob_title, knob_values } from '../model/knobs';

interface Props {
  cards: KnobCard[]; // the curves to choose from
  step: Step;
  disabled: boolean;
  on_change: (card: KnobCard, index: number, value: number) => void;
  on_reset: (card: KnobCard) => void;
  on_end: () => void;
}

// A cubic through the knots without overshoot [Fritsch1980], as Bezier pieces.
function curve_path(points: [number, number][]): string {
  const n = points.length;
  const slope = points.slice(1).map((p, i) => (p[1] - points[i]![1]) / (p[0] - points[i]![0]));
  const tangent = points.map((_, i) => {
    if (i === 0) return slope[0]!;
    if (i === n - 1) return slope[n - 2]!;
    const [a, b] = [slope[i - 1]!, slope[i]!];
    return a * b <= 0 ? 0 : (2 * a * b) / (a + b);
  });
  return points.reduce((path, [x, y], i) => {
    if (i === 0) return `M${x} ${y}`;
    const [px, py] = points[i - 1]!;
    const third = (x - px) / 3;
    return `${path}C${px + third} ${py + third * tangent[i - 1]!} ${x - third} ${y - third * tangent[i]!} ${x} ${y}`;
  }, '');
}

const side = 256;

export function CurveEditor({ cards, step, disabled, on_change, on_reset, on_end }: Props) {
  const [chosen, choose] = useState(0);
  const [held, hold] = useState<number | null>(null);
  const box = useRef<SVGSVGElement>(null);
  const card = cards[chosen]!;
  const offsets = knob_values(step, card);
  const tone = (i: number) => i / (card.count - 1);
  const clamped = (v: number) => Math.min(card.max, Math.max(card.min, v));
  const points = offsets.map((o, i): [number, number] => [side * tone(i), side * (1 - tone(i) - o)]);
  const drag = (e: PointerEvent) => {
    if (held === null) return;
    const r = box.current!.getBoundingClientRect();
    const value = 1 - (e.clientY - r.top) / r.height;
    on_change(card, held, clamped(value - tone(held)));
  };
  const nudge = (e: KeyboardEvent, i: number) => {
    const by = { ArrowUp: 0.005, ArrowDown: -0.005, PageUp: 0.05, PageDown: -0.05 }[e.key];
    if (by === undefined && e.key !== 'Home') return;
    e.preventDefault();
    on_change(card, i, by === undefined ? card.initial : clamped(offsets[i]! + by));
    on_end();
  };
  return (
    <div class="curve">
      <div class="tabs" role="group" aria-label="Curve">
        {cards.map((c, i) => (
          <button key={c.name} class={`tab channel-${c.name}`} aria-pressed={i === chosen} title={c.help}
            onClick={() => choose(i)}>
            {knob_title(c.name)}
          </button>
        ))}
        <button class="quiet" disabled={disabled} onClick={() => on_reset(card)}>Reset</button>
      </div>
      <svg ref={box} viewBox={`0 0 ${side} ${side}`} class={`curve-box channel-${card.name}`} role="group"
        aria-label={`${knob_title(card.name)} curve: ${card.help}`}
        onPointerMove={drag}>
        <path class="grid" d="M64 0V256M128 0V256M192 0V256M0 64H256M0 128H256M0 192H256" />
        <path class="diagonal" d="M0 256L256 0" />
        <path class="line" d={curve_path(points)} />
        {points.map(([x, y], i) => (
          <circle key={i} class="knot" cx={x} cy={y} r={held === i ? 7 : 5} tabindex={disabled ? -1 : 0} role="slider"
            aria-label={`${knob_title(card.name)} at tone ${Math.round(100 * tone(i))} %`} aria-orientation="vertical"
            aria-valuemin={card.min} aria-valuemax={card.max} aria-valuenow={Number(offsets[i]!.toFixed(3))}
            onKeyDown={(e) => nudge(e, i)}
            onDblClick={() => { on_change(card, i, card.initial); on_end(); }}
            onPointerDown={(e) => {
              if (disabled) return;
              e.currentTarget.setPointerCapture(e.pointerId);
              hold(i);
            }}
            onPointerUp={() => { hold(null); on_end(); }} />
        ))}
      </svg>
    </div>
  );
}
