"""One thread: the tests' networks are tiny, and threads that wait for each other on a busy machine cost ten times."""

import torch

torch.set_num_threads(1)
