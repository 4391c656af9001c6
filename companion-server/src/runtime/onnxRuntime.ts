// The only import of ONNX Runtime. telemetryOff.ts must come first: modules are evaluated in import order.
import './telemetryOff.ts';

export * from 'onnxruntime-node';
