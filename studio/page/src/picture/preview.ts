// SPDX-License-Identifier: Apache-2.0
// Keeps the canvas true to the photo, the edit and the view: asks the server for what is missing, draws what is there.
import { computed, effect, signal } from '@preact/signals';
import type { Area, Photo, Pixels } from '../model/contract';
import type { Edited } from '../model/server';
import { Latest } from '../model/latest';
import { server } from '../model/server';
import { edit, edited, painted, photo, say } from '../model/studio';
import { is_untouched } from '../model/edit';
import { contains, fitted_size, frame_of, visible_area, with_border, type Point, type Size, type Zoom } from './geometry';
import { GlPicture } from './gl_picture';

export class Preview {
  readonly zoom = signal<Zoom>('fit');
  readonly center = signal<Point>({ x: 0.5, y: 0.5 });
  readonly stage = signal<Size>({ width: 0, height: 0 });
  readonly ratio = signal(devicePixelRatio);
  readonly split = signal<number | null>(null); // share of the picture that shows the photo as it was
  readonly is_held = signal(false); // all of the photo as it was
  readonly busy = signal(0);
  readonly frame = computed<Area>(() => {
    const p = photo.value;
    if (!p) return { x: 0, y: 0, width: 0, height: 0 };
    return frame_of(p, this.stage.value, this.ratio.value, this.zoom.value, this.center.value);
  });

  private readonly gl: GlPicture;
  private readonly whole = new Latest();
  private readonly detail = new Latest();
  private readonly compiling = new Latest();
  private readonly rendering = new Latest();
  private whole_size: Size = { width: 0, height: 0 };
  private detail_area: Area = { x: 0, y: 0, width: 0, height: 0 };
  private detail_pixels: Pixels | null = null;
  private whole_pixels: Pixels | null = null;
  private shown_photo = '';
  private is_on_server = false;
  private scheduled = 0;
  private readonly endings: (() => void)[];

  constructor(private readonly canvas: HTMLCanvasElement, stage: Size) {
    this.stage.value = stage;
    // The server decodes while the context is made, which takes a while.
    const following = effect(() => this.follow_photo(photo.value, this.stage.value, this.ratio.value));
    this.gl = new GlPicture(canvas);
    this.endings = [
      following,
      effect(() => this.follow_edit(edited.value)),
      effect(() => this.follow_view(this.frame.value)),
      effect(() => {
        void [this.split.value, this.is_held.value];
        this.redraw();
      }),
    ];
  }

  dispose(): void {
    for (const end of this.endings) end();
    cancelAnimationFrame(this.scheduled);
    this.gl.dispose();
  }

  private ask(queue: Latest, task: () => Promise<void>): void {
    this.busy.value = this.busy.peek() + 1;
    let is_over = false;
    const over = () => {
      if (!is_over) this.busy.value = this.busy.peek() - 1;
      is_over = true;
    };
    queue.ask(async () => {
      try {
        await task();
      } catch (e) {
        say(e instanceof Error ? e.message : String(e), true);
      } finally {
        over();
      }
    }, over);
  }

  private follow_photo(p: Photo | null, stage: Size, ratio: number): void {
    if (!p || stage.width === 0) return;
    const size = fitted_size(p, stage, ratio);
    if (p.id === this.shown_photo && size.width === this.whole_size.width) return;
    if (this.shown_photo && p.id !== this.shown_photo) this.forget();
    this.shown_photo = p.id;
    this.whole_size = size;
    this.ask(this.whole, async () => {
      const pixels = await server.pixels(p.id, { longest: Math.max(size.width, size.height) });
      if (this.shown_photo !== p.id) return;
      this.whole_pixels = pixels;
      painted.value = p.id;
      this.gl.set_pixels('whole', pixels);
      this.redraw();
      if (this.is_on_server) this.render_whole(edited.peek());
    });
  }

  private forget(): void {
    this.whole_pixels = this.detail_pixels = null;
    this.detail_area = { x: 0, y: 0, width: 0, height: 0 };
    this.gl.set_look(null);
    this.is_on_server = false;
  }

  private follow_edit(now: Edited): void {
    if (!now.photo) return;
    if (is_untouched(edit.peek())) {
      this.ask(this.compiling, async () => {
        this.is_on_server = false;
        this.gl.set_look(null);
        this.redraw();
      });
      return;
    }
    this.ask(this.compiling, async () => {
      const compiled = await server.compile(now, this.gl.known_tables());
      if (now.photo !== photo.peek()?.id) return;
      if (!compiled.whole_on_server && this.gl.set_look(compiled)) {
        this.is_on_server = false;
      } else {
        this.is_on_server = true;
        await this.rendered('whole_after', now, { longest: this.longest() });
        if (this.detail_pixels) this.render_detail(now);
        this.gl.set_look({ ...compiled, whole_on_server: true });
      }
      this.redraw();
    });
  }

  private longest(): number {
    return Math.max(this.whole_size.width, this.whole_size.height);
  }

  // Grain is left out of the reduced picture, where its clumps are smaller than pixels, as the shader does.
  private async rendered(slot: 'whole_after' | 'detail_after', now: Edited, extent: Area | { longest: number }) {
    const settings = slot === 'whole_after' ? ['grain.amount=0'] : [];
    this.gl.set_pixels(slot, await server.render({ ...now, settings }, extent));
    this.redraw();
  }

  private render_whole(now: Edited): void {
    this.ask(this.rendering, () => this.rendered('whole_after', now, { longest: this.longest() }));
  }
  private render_detail(now: Edited): void {
    const area = this.detail_area;
    this.ask(this.detail, () => this.rendered('detail_after', now, area));
  }

  // At 100 % the pixels around the view are fetched, from the fitted picture what a pan shows before they come.
  private follow_view(frame: Area): void {
    const p = photo.peek();
    this.redraw();
    if (!p || this.zoom.peek() === 'fit' || frame.width === 0) return;
    const visible = visible_area(p, this.stage.peek(), this.ratio.peek(), frame);
    if (this.detail_pixels && contains(this.detail_area, visible)) return;
    const area = with_border(visible, p);
    this.ask(this.detail, async () => {
      const pixels = await server.pixels(p.id, area);
      const after = this.is_on_server ? await server.render(edited.peek(), area) : null;
      if (this.shown_photo !== p.id) return;
      this.detail_pixels = pixels;
      this.detail_area = area;
      this.gl.set_detail(pixels, area);
      if (after) this.gl.set_pixels('detail_after', after);
      this.redraw();
    });
  }

  redraw(): void {
    cancelAnimationFrame(this.scheduled);
    this.scheduled = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    const p = photo.peek();
    if (!p || !this.whole_pixels) {
      this.canvas.hidden = true;
      return;
    }
    this.canvas.hidden = false;
    const ratio = this.ratio.peek();
    const frame = this.frame.peek();
    const is_full = this.zoom.peek() === 'full';
    const part = is_full ? visible_area(p, this.stage.peek(), ratio, frame) : { x: 0, y: 0, ...size_of(this.whole_pixels) };
    const style = this.canvas.style;
    style.left = `${is_full ? Math.max(0, frame.x) : frame.x}px`;
    style.top = `${is_full ? Math.max(0, frame.y) : frame.y}px`;
    style.width = `${is_full ? part.width / ratio : frame.width}px`;
    style.height = `${is_full ? part.height / ratio : frame.height}px`;
    const grid = is_full ? size_of(p) : size_of(this.whole_pixels);
    this.gl.draw({
      width: part.width,
      height: part.height,
      grid,
      corner: part,
      near: is_full ? 'detail' : 'whole',
      split: this.is_held.peek() ? part.width + 1 : (this.split.peek() ?? 0) * grid.width - part.x,
      hides_grain: !is_full,
    });
  }
}

const size_of = (s: Size): Size => ({ width: s.width, height: s.height });
