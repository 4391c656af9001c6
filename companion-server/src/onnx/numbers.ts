import type { GraphBuilder, Value } from './graph.ts';
import { ELEMENT_TYPE } from './onnxModel.ts';

/** float32 → what the profile computes in. */
export const toNumbers = (graph: GraphBuilder, x: Value): Value =>
  cast(graph, x, graph.profile.numbers);

/** What the profile computes in → float32. */
export const toFloat32 = (graph: GraphBuilder, x: Value): Value => cast(graph, x, 'float32');

/** Casts nothing in a profile that computes in float32. */
function cast(graph: GraphBuilder, x: Value, to: 'float32' | 'float16'): Value {
  if (graph.profile.numbers === 'float32') return x;
  return graph.node('Cast', [x], { attributes: { to: ELEMENT_TYPE[to] } });
}
