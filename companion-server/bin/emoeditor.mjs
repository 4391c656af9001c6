#!/usr/bin/env node
// Runs the TypeScript sources as they are, so that a clone needs no build step for the command line.
import { register } from 'tsx/esm/api';

register();
await import('../src/cli/main.ts');
