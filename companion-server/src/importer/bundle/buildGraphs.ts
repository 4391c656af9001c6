import { type BundlePart, graphFile } from '../../models/bundle.ts';
import { EMIT_PROFILES, PROFILE_NAMES, type ProfileName } from '../../onnx/emitProfile.ts';
import { createGraphBuilder } from '../../onnx/graphBuilder.ts';
import { encodeModel } from '../../onnx/onnxModel.ts';
import type { StoredWeight, WeightSink } from '../../onnx/weights.ts';
import type { WeightReader } from '../weights/weightReader.ts';
import type { WeightsLayout } from '../weights/weightsFile.ts';
import type { Build } from './graphsOf.ts';

export interface NetworkToBuild {
  readonly part: BundlePart;
  readonly build: Build;
  readonly weights: WeightReader;
  /** Computes in float32 in every profile. */
  readonly isExact: boolean;
}

/**
 * A network's graphs by file name, sharing one file of weights. The first is that for the CPU; a profile is omitted
 * when its graph equals its fallback's.
 */
export function buildGraphs<L extends WeightsLayout>(
  { part, build, weights, isExact }: NetworkToBuild,
  layout: L,
): { readonly graphs: ReadonlyMap<string, Uint8Array>; readonly layout: L } {
  const sink = placingOnce(layout);
  const built = new Map<ProfileName, Uint8Array>();
  const graphs = new Map<string, Uint8Array>();
  for (const name of PROFILE_NAMES) {
    const { full, otherwise } = EMIT_PROFILES[name];
    const profile = EMIT_PROFILES[isExact ? full : name];
    const graph = createGraphBuilder(part, weights, sink, profile);
    build(graph, weights);
    const onnx = encodeModel(graph.finish());
    built.set(name, onnx);
    const instead = otherwise[0] === undefined ? undefined : built.get(otherwise[0]);
    if (instead === undefined || !Buffer.from(onnx).equals(instead)) {
      graphs.set(graphFile(part, name), onnx);
    }
  }
  return { graphs, layout };
}

/** Stores each weight once, however many graphs use it. */
function placingOnce(sink: WeightSink): WeightSink {
  const places = new Map<string, StoredWeight>();
  return {
    place(weight) {
      const place = places.get(weight.name) ?? sink.place(weight);
      places.set(weight.name, place);
      return place;
    },
  };
}
