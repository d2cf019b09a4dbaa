// SPDX-License-Identifier: Apache-2.0
// The fragment shader around a look's text. It draws one canvas pixel from one pixel of the shown grid: the whole
// photo reduced to the screen, or the photo itself at 100 %.

export const vertex_text = `#version 300 es
void main() {
  // One triangle that covers the canvas.
  gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0);
}`;

// Where the look is computed by the server, its pixels are read in its place.
const from_server = `
uniform usampler2D whole_after;
uniform usampler2D detail_after;
vec3 styled(ivec2 at, vec3 before) { return shown(at, detail_after, whole_after); }
`;

const from_look = `
uniform float grain_pixel;  // beyond the clumps of the grain: none is seen
vec3 styled(ivec2 at, vec3 before) {
  float unit = 2.0 / length(grid);
  vec2 p = (vec2(at) + 0.5 - 0.5 * grid) * unit;
  return look(before, Site(p.x, p.y, 0.5 * grid.x * unit, 0.5 * grid.y * unit, grain_pixel > 0.0 ? grain_pixel : unit));
}
`;

const nothing = `
vec3 styled(ivec2 at, vec3 before) { return before; }
`;

export type Source = { kind: 'none' } | { kind: 'server' } | { kind: 'look'; glsl: string };

// Colors leave in the canvas' space; encoded sRGB goes to Display P3 through linear light.
const to_p3 = `
vec3 decoded(vec3 c) { return mix(c / 12.92, pow(max((c + 0.055) / 1.055, 0.0), vec3(2.4)), greaterThan(c, vec3(0.04045))); }
vec3 encoded(vec3 c) { return mix(c * 12.92, 1.055 * pow(max(c, 0.0), vec3(1.0 / 2.4)) - 0.055, greaterThan(c, vec3(0.0031308))); }
vec3 on_screen(vec3 c) {
  return encoded(mat3(0.82246197, 0.03319420, 0.01708263, 0.17753803, 0.96680580, 0.07239744, 0.0, 0.0, 0.91051993) * decoded(c));
}
`;

export const fragment_text = (source: Source, is_p3: boolean): string => `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2D;
precision highp sampler3D;
uniform usampler2D whole;     // the photo reduced to the screen
uniform usampler2D detail;    // the part of the grid around what is shown
uniform vec4 detail_area;     // its left, top, width, height
uniform vec2 grid;            // size of what is shown a part of
uniform vec2 corner;          // of the grid at the canvas' upper left
uniform float canvas_height;
uniform float split;          // canvas pixels left of it show the photo as it was
out vec4 color;

vec3 texel(usampler2D from, ivec2 at) { return vec3(texelFetch(from, at, 0).rgb) / 65535.0; }

vec3 between(usampler2D from, vec2 p) {
  ivec2 last = textureSize(from, 0) - 1;
  vec2 q = p - 0.5;
  ivec2 a = clamp(ivec2(floor(q)), ivec2(0), last), b = min(a + 1, last);
  vec2 f = clamp(q - vec2(a), 0.0, 1.0);
  return mix(mix(texel(from, a), texel(from, ivec2(b.x, a.y)), f.x),
             mix(texel(from, ivec2(a.x, b.y)), texel(from, b), f.x), f.y);
}

vec3 shown(ivec2 at, usampler2D near, usampler2D far) {
  ivec2 in_detail = at - ivec2(detail_area.xy);
  ivec2 size = ivec2(detail_area.zw);
  if (all(greaterThanEqual(in_detail, ivec2(0))) && all(lessThan(in_detail, size))) return texel(near, in_detail);
  return between(far, (vec2(at) + 0.5) * vec2(textureSize(far, 0)) / grid);
}

${source.kind === 'look' ? source.glsl + from_look : source.kind === 'server' ? from_server : nothing}
${is_p3 ? to_p3 : 'vec3 on_screen(vec3 c) { return c; }'}

void main() {
  vec2 pixel = vec2(gl_FragCoord.x, canvas_height - gl_FragCoord.y);
  ivec2 at = ivec2(floor(pixel + corner));
  vec3 c = shown(at, detail, whole);
  if (pixel.x >= split) c = styled(at, c);
  color = vec4(on_screen(c), 1.0);
}`;
