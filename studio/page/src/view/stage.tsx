// SPDX-License-Identifier: Apache-2.0
// The picture on neutral gray: fit or 100 %, panned by drag or arrow keys, compared by a split or by holding.
import { useEffect, useRef, useState } from 'preact/hooks';
import { has_letter_keys } from '../model/choices';
import { photo, redo, say, undo, history } from '../model/studio';
import { Preview } from '../picture/preview';
import type { Point } from '../picture/geometry';
import { CompareHandle } from './compare_handle';
import { EyeIcon, RedoIcon, SplitIcon, UndoIcon } from './icons';
import { PictureHandles } from './picture_handles';

const stage_size = (box: HTMLElement) => ({ width: box.clientWidth, height: box.clientHeight });

export function Stage() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [preview, set_preview] = useState<Preview | null>(null);
  const [contexts_lost, set_contexts_lost] = useState(0);

  useEffect(() => {
    let made: Preview;
    const on = canvas.current!;
    // A graphics processor that resets or runs out takes the context along: another canvas gets another one.
    const lost = () => set_contexts_lost((n) => n + 1);
    on.addEventListener('webglcontextlost', lost);
    try {
      made = new Preview(on, stage_size(box.current!));
    } catch (e) {
      say(e instanceof Error ? e.message : String(e), true);
      return;
    }
    set_preview(made);
    const measure = () => {
      if (!box.current) return;
      made.ratio.value = devicePixelRatio;
      const { width, height } = made.stage.value;
      const size = stage_size(box.current);
      if (size.width !== width || size.height !== height) made.stage.value = size;
    };
    const watch = new ResizeObserver(measure);
    watch.observe(box.current!);
    measure();
    return () => {
      on.removeEventListener('webglcontextlost', lost);
      watch.disconnect();
      made.dispose();
    };
  }, [contexts_lost]);

  return (
    <section class="stage" aria-label="Picture">
      <div ref={box} class="stage-box">
        <canvas key={contexts_lost} ref={canvas} id="picture" tabIndex={0} role="img" hidden
          aria-label={photo.value ? `${photo.value.name}, with the edit` : 'No photo'}
          aria-busy={preview ? preview.busy.value > 0 : true}
          {...(preview ? pan_and_zoom(preview) : {})} />
        {preview && photo.value && <PictureHandles preview={preview} />}
        {preview && photo.value && <CompareHandle preview={preview} />}
      </div>
      {preview && <StageBar preview={preview} />}
    </section>
  );
}

const pan_keys: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

function pan(preview: Preview, by: Point): void {
  const { width, height } = preview.frame.value;
  const { x, y } = preview.center.value;
  const stage = preview.stage.value;
  const kept = (v: number, size: number, room: number) => {
    const margin = Math.min(0.5, room / size / 2);
    return Math.min(1 - margin, Math.max(margin, v));
  };
  preview.center.value = { x: kept(x + by.x / width, width, stage.width), y: kept(y + by.y / height, height, stage.height) };
}

export function toggle_zoom(preview: Preview, at?: Point): void {
  if (preview.zoom.value === 'full') {
    preview.zoom.value = 'fit';
    return;
  }
  if (at) preview.center.value = at;
  preview.zoom.value = 'full';
}

function pan_and_zoom(preview: Preview) {
  let last: Point | null = null;
  const share = (e: MouseEvent): Point => {
    const f = preview.frame.value;
    const stage = (e.currentTarget as Element).parentElement!.getBoundingClientRect();
    return { x: (e.clientX - stage.left - f.x) / f.width, y: (e.clientY - stage.top - f.y) / f.height };
  };
  return {
    class: preview.zoom.value === 'full' ? 'pannable' : '',
    onPointerDown: (e: PointerEvent) => {
      if (preview.zoom.value !== 'full' || e.button !== 0) return;
      (e.currentTarget as Element).setPointerCapture(e.pointerId);
      last = { x: e.clientX, y: e.clientY };
    },
    onPointerMove: (e: PointerEvent) => {
      if (!last) return;
      pan(preview, { x: last.x - e.clientX, y: last.y - e.clientY });
      last = { x: e.clientX, y: e.clientY };
    },
    onPointerUp: () => (last = null),
    onDblClick: (e: MouseEvent) => toggle_zoom(preview, share(e)),
    onKeyDown: (e: KeyboardEvent) => {
      const way = pan_keys[e.key];
      if (way && preview.zoom.value === 'full') {
        e.preventDefault();
        pan(preview, { x: way.x * 80, y: way.y * 80 });
      }
      if (e.key === 'Enter') toggle_zoom(preview);
    },
  };
}

function StageBar({ preview }: { preview: Preview }) {
  const { past, future } = history.value;
  const hold = (on: boolean) => () => (preview.is_held.value = on);
  const toggle_split = () => (preview.split.value = preview.split.value === null ? 0.5 : null);
  useEffect(() => {
    const typed = (e: KeyboardEvent) => {
      if (!has_letter_keys.value) return;
      const target = e.target as HTMLElement;
      if (target.closest('input:not([type=range]), textarea, select, dialog') || e.ctrlKey || e.metaKey || e.altKey) return;
      const key = e.key.toLowerCase(); // also with Caps Lock
      if (key === 'z') toggle_zoom(preview);
      else if (key === 'c') toggle_split();
      else if (key === 'b') preview.is_held.value = e.type === 'keydown';
    };
    const down = (e: KeyboardEvent) => !e.repeat && typed(e);
    const up = (e: KeyboardEvent) => e.key.toLowerCase() === 'b' && hold(false)();
    addEventListener('keydown', down);
    addEventListener('keyup', up);
    return () => {
      removeEventListener('keydown', down);
      removeEventListener('keyup', up);
    };
  }, [preview]);
  return (
    <div class="stage-bar" role="toolbar" aria-label="View">
      <button class="icon-only" aria-label="Undo" title="Undo (Ctrl+Z)" disabled={!past.length} onClick={undo}><UndoIcon /></button>
      <button class="icon-only" aria-label="Redo" title="Redo (Ctrl+Shift+Z)" disabled={!future.length} onClick={redo}><RedoIcon /></button>
      <span class="spacer" />
      <div class="tabs" role="group" aria-label="Zoom">
        <button class="tab" aria-pressed={preview.zoom.value === 'fit'} title="Z" onClick={() => (preview.zoom.value = 'fit')}>Fit</button>
        <button class="tab" aria-pressed={preview.zoom.value === 'full'} title="Z" onClick={() => (preview.zoom.value = 'full')}>100 %</button>
      </div>
      <button class="icon-only" aria-label="Split before and after" title="Split before and after (C)"
        aria-pressed={preview.split.value !== null} onClick={toggle_split}>
        <SplitIcon />
      </button>
      <button class="icon-only" aria-label="Hold to see the photo before" title="Hold to see the photo before (B)"
        aria-pressed={preview.is_held.value}
        onPointerDown={hold(true)} onPointerUp={hold(false)} onPointerLeave={hold(false)}
        onKeyDown={(e) => (e.key === ' ' || e.key === 'Enter') && hold(true)()} onKeyUp={hold(false)} onBlur={hold(false)}>
        <EyeIcon />
      </button>
      <button class="tab" aria-pressed={has_letter_keys.value} title="Z, C and B work as keys without Ctrl"
        onClick={() => (has_letter_keys.value = !has_letter_keys.value)}>
        Keys
      </button>
    </div>
  );
}
