// SPDX-License-Identifier: Apache-2.0
// A photo and a look in WebGL2. Pixels are 16-bit integers fetched one to one; the look's numbers are uniforms, so a
// slider that moves compiles nothing.
import type { Area, Compiled, Pixels } from '../model/contract';
import { fragment_text, vertex_text, type Source } from './shader';

interface Program {
  program: WebGLProgram;
  places: Map<string, WebGLUniformLocation | null>;
}

export interface Drawing {
  width: number; // of the canvas, in device pixels
  height: number;
  grid: { width: number; height: number };
  corner: { x: number; y: number };
  near: 'whole' | 'detail'; // pixels of the grid itself; beyond them the whole, enlarged
  split: number;
  hides_grain: boolean;
}

type PixelSlot = 'whole' | 'detail' | 'whole_after' | 'detail_after';
const slots: PixelSlot[] = ['whole', 'detail', 'whole_after', 'detail_after'];
const programs_kept = 24;
const tables_kept = 12;

export class GlPicture {
  private readonly gl: WebGL2RenderingContext;
  private readonly programs = new Map<string, Program>();
  private readonly textures = new Map<PixelSlot, WebGLTexture>();
  private readonly tables = new Map<string, WebGLTexture>(); // by hash
  private readonly is_p3: boolean;
  private look: Compiled | null = null;
  private detail_area: Area = { x: 0, y: 0, width: 0, height: 0 };

  constructor(readonly canvas: HTMLCanvasElement) {
    const gl = canvas.getContext('webgl2', { alpha: false, antialias: false, depth: false, preserveDrawingBuffer: true });
    if (!gl) throw new Error('This browser has no WebGL2, which the picture is drawn with.');
    this.gl = gl;
    this.is_p3 = 'drawingBufferColorSpace' in gl && matchMedia('(color-gamut: p3)').matches;
    if (this.is_p3) gl.drawingBufferColorSpace = 'display-p3';
    gl.bindVertexArray(gl.createVertexArray());
    for (const slot of slots) this.set_pixels(slot, { width: 1, height: 1, data: new Uint16Array(4) });
  }

  set_pixels(slot: PixelSlot, pixels: Pixels): void {
    const { gl } = this;
    let texture = this.textures.get(slot);
    if (!texture) this.textures.set(slot, (texture = gl.createTexture()!));
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA16UI, pixels.width, pixels.height, 0, gl.RGBA_INTEGER, gl.UNSIGNED_SHORT,
      pixels.data);
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
      gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
  }

  set_detail(pixels: Pixels, area: Area): void {
    this.set_pixels('detail', pixels);
    this.detail_area = area;
  }

  // null: the photo as it is. False: the look's text does not compile on this graphics processor; nothing changed.
  set_look(look: Compiled | null): boolean {
    const before = this.look;
    this.look = look;
    if (!look || look.whole_on_server) return true;
    try {
      this.program();
    } catch (e) {
      console.warn(e);
      this.look = before;
      return false;
    }
    for (const { hash, nodes, data } of look.tables)
      if (data && !this.tables.has(hash)) this.upload_table(hash, nodes, data);
    return true;
  }

  known_tables(): string[] {
    return [...this.tables.keys()];
  }

  private upload_table(hash: string, nodes: number, data: string): void {
    const { gl } = this;
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    const texture = gl.createTexture()!;
    this.tables.set(hash, texture);
    if (this.tables.size > tables_kept) {
      const [oldest, unused] = this.tables.entries().next().value!;
      this.tables.delete(oldest);
      gl.deleteTexture(unused);
    }
    gl.bindTexture(gl.TEXTURE_3D, texture);
    gl.texImage3D(gl.TEXTURE_3D, 0, gl.RGB32F, nodes, nodes, nodes, 0, gl.RGB, gl.FLOAT, new Float32Array(bytes.buffer));
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
      gl.texParameteri(gl.TEXTURE_3D, filter, gl.NEAREST);
    for (const axis of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T, gl.TEXTURE_WRAP_R])
      gl.texParameteri(gl.TEXTURE_3D, axis, gl.CLAMP_TO_EDGE);
  }

  private source(): Source {
    if (!this.look) return { kind: 'none' };
    return this.look.whole_on_server ? { kind: 'server' } : { kind: 'look', glsl: this.look.glsl };
  }

  private program(): Program {
    const source = this.source();
    const key = source.kind === 'look' ? this.look!.key : source.kind;
    const known = this.programs.get(key);
    if (known) return known;
    const { gl } = this;
    const program = gl.createProgram()!;
    const shader = (kind: number, text: string) => {
      const s = gl.createShader(kind)!;
      gl.shaderSource(s, text);
      gl.compileShader(s);
      gl.attachShader(program, s);
      return s;
    };
    const parts = [
      shader(gl.VERTEX_SHADER, vertex_text),
      shader(gl.FRAGMENT_SHADER, fragment_text(source, this.is_p3)),
    ];
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost())
      throw new Error(`The look does not compile here: ${gl.getShaderInfoLog(parts[1]!)}`);
    for (const part of parts) gl.deleteShader(part);
    const made = { program, places: new Map() };
    this.programs.set(key, made);
    if (this.programs.size > programs_kept) {
      const [oldest, { program: unused }] = this.programs.entries().next().value!;
      this.programs.delete(oldest);
      gl.deleteProgram(unused);
    }
    return made;
  }

  draw(d: Drawing): void {
    const { gl } = this;
    const used = this.program();
    const place = (name: string) => {
      if (!used.places.has(name)) used.places.set(name, gl.getUniformLocation(used.program, name));
      return used.places.get(name)!;
    };
    if (this.canvas.width !== d.width) this.canvas.width = d.width;
    if (this.canvas.height !== d.height) this.canvas.height = d.height;
    gl.viewport(0, 0, d.width, d.height);
    gl.useProgram(used.program);
    slots.forEach((slot, unit) => {
      gl.activeTexture(gl.TEXTURE0 + unit);
      const from = d.near === 'whole' ? (slot.replace('detail', 'whole') as PixelSlot) : slot;
      gl.bindTexture(gl.TEXTURE_2D, this.textures.get(from)!);
      gl.uniform1i(place(slot), unit);
    });
    const a = d.near === 'whole' ? { x: 0, y: 0, ...d.grid } : this.detail_area;
    gl.uniform4f(place('detail_area'), a.x, a.y, a.width, a.height);
    gl.uniform2f(place('grid'), d.grid.width, d.grid.height);
    gl.uniform2f(place('corner'), d.corner.x, d.corner.y);
    gl.uniform1f(place('canvas_height'), d.height);
    gl.uniform1f(place('split'), d.split);
    if (this.look && !this.look.whole_on_server) {
      gl.uniform1f(place('grain_pixel'), d.hides_grain ? 1e9 : 0);
      if (this.look.coefficients.length) gl.uniform1fv(place('coefficients'), this.look.coefficients);
      this.look.tables.forEach(({ hash }, i) => {
        gl.activeTexture(gl.TEXTURE0 + slots.length + i);
        gl.bindTexture(gl.TEXTURE_3D, this.tables.get(hash)!);
        gl.uniform1i(place(`table${i}`), slots.length + i);
      });
      gl.activeTexture(gl.TEXTURE0);
    }
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  dispose(): void {
    this.gl.getExtension('WEBGL_lose_context')?.loseContext();
  }
}
