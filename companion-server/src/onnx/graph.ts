import type { EmitProfile } from './emitProfile.ts';
import type { Attribute, OnnxModel } from './onnxModel.ts';
import type { Weight } from './weights.ts';

/** The name of a value inside a graph. */
export type Value = string;

/** What floating-point values are computed in. */
export type Numbers = EmitProfile['numbers'];

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  readonly domain?: string;
  /** Name of the output, where it is one of the graph's; otherwise a fresh one. */
  readonly as?: string;
}

/** A weight as a layer computes with it. */
export type Operand =
  | { readonly kind: 'float'; readonly value: Value }
  /** int8 values in the shape of the weight, and per entry of its first axis what to multiply them by, [rows]. */
  | { readonly kind: 'integer'; readonly values: Value; readonly scale: Value };

/** Collects the nodes of one graph and finds a place for its weights as it goes; no weight is read yet. */
export interface GraphBuilder {
  /** How layers are to be written. */
  readonly profile: EmitProfile;
  input(name: string, dims: readonly (number | string)[]): Value;
  output(name: string, dims: readonly (number | string)[]): void;
  node(type: string, inputs: readonly Value[], options?: NodeOptions): Value;
  /** A node with several outputs. */
  nodes(type: string, inputs: readonly Value[], count: number, options?: NodeOptions): Value[];
  /** A tensor of the checkpoint under its own name; `shape` as PyTorch stores it, numbers as the profile has them. */
  weight(name: string, shape: readonly number[], numbers?: Numbers): Value;
  /** The same for a layer that can multiply integers, where the weight is stored so and the profile wants it. */
  operand(name: string, shape: readonly number[], numbers?: Numbers): Operand;
  /** A tensor that the importer computes from the checkpoint's. */
  computed(weight: Weight): Value;
  floats(values: readonly number[], dims?: readonly number[], numbers?: Numbers): Value;
  /** @param dims one axis where they are left out; none of it for a single number */
  integers(values: readonly number[], dims?: readonly number[]): Value;
  /** A value that several layers share: made by the first that asks for it. */
  once(key: string, make: () => Value): Value;
  finish(): OnnxModel;
}
