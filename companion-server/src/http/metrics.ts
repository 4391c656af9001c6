import type { JobEnd } from '@emoeditor/shared';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What is counted; no name, no picture and no token is ever a label (SE5). */
export interface Metrics {
  jobEnded(end: JobEnd, milliseconds: number): void;
  tileDone(milliseconds: number, bytes: number): void;
  engineCrashed(): void;
  readonly contentType: string;
  /** In Prometheus' text format. */
  read(): Promise<string>;
}

export interface Gauges {
  readonly jobsWaiting: () => number;
  readonly connections: () => number;
}

export function createMetrics(gauges: Gauges): Metrics {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register });
  const jobs = new Counter({
    name: 'emoeditor_jobs_total',
    help: 'Edits by how they ended',
    labelNames: ['result'],
    registers,
  });
  const jobSeconds = new Histogram({
    name: 'emoeditor_job_seconds',
    help: 'Time of an edit from its turn to its end',
    buckets: [1, 2, 5, 10, 20, 40, 80, 160, 320],
    registers,
  });
  const evaluations = new Counter({
    name: 'emoeditor_unet_evaluations_total',
    help: 'UNet evaluations of edits that succeeded',
    registers,
  });
  const tileSeconds = new Histogram({
    name: 'emoeditor_tile_seconds',
    help: 'Time of a full-resolution tile in the compositor, waiting included',
    buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5],
    registers,
  });
  const tileBytes = new Counter({
    name: 'emoeditor_tile_bytes_total',
    help: 'Bytes of pixels composited',
    registers,
  });
  const crashes = new Counter({
    name: 'emoeditor_engine_crashes_total',
    help: 'Times the engine ended without being told to',
    registers,
  });
  gauge('emoeditor_jobs_waiting', 'Edits that wait for their turn', gauges.jobsWaiting, register);
  gauge('emoeditor_connections', 'Open connections', gauges.connections, register);

  return {
    jobEnded(end, milliseconds) {
      jobs.inc({ result: end.type });
      if (end.type !== 'succeeded') return;
      jobSeconds.observe(milliseconds / 1000);
      evaluations.inc(end.unetEvaluations);
    },
    tileDone(milliseconds, bytes) {
      tileSeconds.observe(milliseconds / 1000);
      tileBytes.inc(bytes);
    },
    engineCrashed: () => crashes.inc(),
    contentType: register.contentType,
    read: () => register.metrics(),
  };
}

function gauge(name: string, help: string, read: () => number, register: Registry): void {
  new Gauge({
    name,
    help,
    registers: [register],
    collect() {
      this.set(read());
    },
  });
}
