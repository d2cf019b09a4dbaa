// SPDX-License-Identifier: Apache-2.0
// What the server says and takes, as types. The catalog is the library's own; nothing of it is repeated here.

export interface KnobCard {
  name: string;
  help: string;
  min: number;
  max: number;
  neutral: number;
  initial: number; // the value where a look leaves the knob out
  count: number; // more than 1: a list of values
  dial: boolean; // moved by the strength of a look
}

export interface Operation {
  id: string;
  title: string;
  about: string;
  canvas: boolean;
  local: boolean;
  resource: string | null;
  knobs: KnobCard[];
}

// A knob in a look: a number, [low, preset, high], or for a list of values one such for each.
export type KnobText = number | (number | number[])[];
export interface Step {
  op: string;
  [knob: string]: unknown;
}
export interface LookText {
  sfumato: number;
  title?: string;
  about?: string;
  steps: Step[];
}

export interface CatalogLook {
  name: string;
  title: string;
  about: string;
  look?: LookText;
  adaptive: boolean;
  own?: boolean; // learned here by the user
}

export interface Catalog {
  version: string;
  operations: Operation[];
  looks: CatalogLook[];
  formats: Format[];
  samples: { name: string; title?: string }[];
}

export interface Format {
  name: string;
  title?: string;
  bits?: number[];
  quality?: boolean; // lossy: takes a quality
}

export interface Photo {
  id: string;
  name: string;
  width: number;
  height: number;
  bits: number;
  profile: string;
  thumbnail: string;
}

// 16-bit RGBA, encoded sRGB, rows from the top.
export interface Pixels {
  width: number;
  height: number;
  data: Uint16Array;
}

export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

export type LookParameter = string | LookText;

export interface Compiled {
  key: string; // the same key: the same text, other coefficients
  glsl: string;
  coefficients: number[];
  tables: { nodes: number; hash: string; data?: string }[]; // RGB floats in base64, left out where known
  whole_on_server: boolean;
  not_carried: string[];
  steps: Step[];
}

export type Channel = 'r' | 'g' | 'b' | 'luminance';
export type Distribution = Record<Channel, number[]>;
export interface Measured {
  before: { histogram: Distribution; cdf: Distribution };
  after: { histogram: Distribution; cdf: Distribution };
}

export type JobKind = 'learn' | 'match' | 'paint' | 'batch';
export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'canceled';
export interface JobResult {
  n: number; // its number among all the job's, by which its file is asked for
  name: string;
  photo?: string; // the id of what it was made from
  error?: string;
}
export interface Job {
  id: string;
  kind: JobKind;
  title: string;
  state: JobState;
  progress: number;
  message: string;
  results: JobResult[];
  look?: string; // the name of what was learned
  preview?: number; // when the painting so far was written, where there is one
}
export interface JobDetail extends Job {
  log: string;
  summary: LearnSummary | null;
}

// How learning went, per model and per pair left out; differences are CIEDE2000.
export interface LearnSummary {
  chosen?: string;
  models?: { name: string; strength: number; left_out_error: number; reason: string }[];
  pairs?: { name: string; input: number; fitted: number; left_out_static?: number; left_out_adaptive?: number }[];
  warnings?: string[];
}
