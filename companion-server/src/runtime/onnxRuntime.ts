// The only door to ONNX Runtime. The order counts: modules are evaluated in the order of their imports.
import './telemetryOff.ts';

export * from 'onnxruntime-node';
