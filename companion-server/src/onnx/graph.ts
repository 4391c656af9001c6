import type { EmitProfile } from './emitProfile.ts';
import type { Attribute, OnnxModel } from './onnxModel.ts';
import type { Weight } from './weights.ts';

/** The name of a value inside a graph. */
export type Value = string;

/** Floating-point type that a graph computes in. */
export type Numbers = EmitProfile['numbers'];

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly domain?: string;
  /** Name of the output if it is an output of the graph; otherwise a new name is made. */
  readonly as?: string;
}

/** A weight as a layer computes with it. */
export type Operand =
  | { readonly kind: 'float'; readonly value: Value }
  /** int8 values in the shape of the weight, and per entry of its first axis what to multiply them by, [rows]. */
  | { readonly kind: 'integer'; readonly values: Value; readonly scale: Value };

/** Collects the nodes of one graph and assigns each weight its place in the file; no weight is read yet. */
export interface GraphBuilder {
  /** How layers are written. */
  readonly profile: EmitProfile;
  input(name: string, dims: readonly (number | string)[]): Value;
  output(name: string, dims: readonly (number | string)[]): void;
  node(type: string, inputs: readonly Value[], options?: NodeOptions): Value;
  /** A node with several outputs. */
  nodes(type: string, inputs: readonly Value[], count: number, options?: NodeOptions): Value[];
  /** A tensor of the checkpoint under its own name; `shape` as PyTorch stores it, numbers as the profile has them. */
  weight(name: string, shape: readonly number[], numbers?: Numbers): Value;
  /** As `weight`, for a layer that can multiply integers: int8 values if stored as int8 and the profile has integers. */
  operand(name: string, shape: readonly number[], numbers?: Numbers): Operand;
  /** A tensor that the importer computes from the checkpoint's. */
  computed(weight: Weight): Value;
  floats(values: readonly number[], dims?: readonly number[], numbers?: Numbers): Value;
  /** @param dims one axis when left out; [] for a scalar */
  integers(values: readonly number[], dims?: readonly number[]): Value;
  /** A value that several layers share, made at the first call with this key. */
  once(key: string, make: () => Value): Value;
  finish(): OnnxModel;
}
