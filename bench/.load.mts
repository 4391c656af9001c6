import { mkdir, rm, stat } from 'node:fs/promises';
import * as ort from 'onnxruntime-node';
const [graph, folder, prepack = '0', mode = 'write'] = process.argv.slice(2);
const base = { executionProviders: ['cpu'], intraOpNumThreads: 2, logSeverityLevel: 4 } as const;
if (mode === 'write') {
  await rm(folder!, { recursive: true, force: true });
  await mkdir(folder!, { recursive: true });
  const t = performance.now();
  const s = await ort.InferenceSession.create(graph!, {
    ...base, graphOptimizationLevel: 'all', optimizedModelFilePath: `${folder}/graph.onnx`,
    extra: { session: { optimized_model_external_initializers_file_name: 'graph.weights', optimized_model_external_initializers_min_size_in_bytes: '1024', ...(prepack === '1' ? { save_external_prepacked_constant_initializers: '1' } : {}) } },
  } as never);
  console.log('write', ((performance.now() - t) / 1000).toFixed(1), 's', (await stat(`${folder}/graph.onnx`)).size / 1e6, (await stat(`${folder}/graph.weights`)).size / 1e9);
  await s.release();
} else {
  const t = performance.now();
  const s = await ort.InferenceSession.create(`${folder}/graph.onnx`, { ...base, graphOptimizationLevel: 'disabled', ...(prepack === 'no' ? { extra: { session: { disable_prepacking: '1' } } } : {}) } as never);
  const opened = performance.now() - t;
  const rss0 = process.memoryUsage().rss / 2 ** 20;
  const x = (dims: number[]) => new ort.Tensor('float32', Float32Array.from({ length: dims.reduce((a, b) => a * b) }, (_, i) => Math.sin(i)), dims);
  const feeds = { sample: x([1, 8, 32, 32]), timestep: new ort.Tensor('float32', Float32Array.of(500), [1]), tokens: x([1, 77, 768]) };
  const runs: number[] = [];
  for (let i = 0; i < 4; i++) { const r = performance.now(); await s.run(feeds); runs.push(Math.round(performance.now() - r)); }
  console.log('open', opened.toFixed(0), 'rss', rss0.toFixed(0), 'runs', runs.join(' '), 'rss', (process.memoryUsage().rss / 2 ** 20).toFixed(0));
}
process.exit(0);
