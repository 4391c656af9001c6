import { compareWithPyTorch } from '../golden/networks.ts';

// Those of every run of the tests are in test/golden/models.test.ts.
compareWithPyTorch([
  { precision: 'float32', profile: 'gpu', tolerance: 1e-4 },
  { precision: 'float32', profile: 'portable', tolerance: 1e-4 },
  // These compute in float16, whatever the weights are stored in.
  { precision: 'float16', profile: 'cuda', tolerance: 5e-3 },
  { precision: 'float16', profile: 'portableHalf', tolerance: 5e-3 },
  { precision: 'float16', profile: 'dml', tolerance: 5e-3 },
]);
