import type { Transport } from './transport.ts';

interface End extends Transport {
  peer: End | null;
  isOpen: boolean;
}

function createEnd(): End {
  let pending = 0;
  const end: End = {
    peer: null,
    isOpen: true,
    onMessage: () => {},
    onClose: () => {},
    get bufferedAmount() {
      return pending;
    },
    send(message) {
      if (!end.isOpen) return;
      // Copy as a socket does, so that a sender may reuse its buffer.
      const copy = typeof message === 'string' ? message : message.slice();
      pending += copy.length;
      void Promise.resolve().then(() => {
        pending -= copy.length;
        if (end.peer?.isOpen) end.peer.onMessage(copy);
      });
    },
    close(code = 1000, reason = '') {
      if (!end.isOpen) return;
      end.isOpen = false;
      void Promise.resolve().then(() => {
        end.onClose(code, reason);
        const { peer } = end;
        if (!peer?.isOpen) return;
        peer.isOpen = false;
        peer.onClose(code, reason);
      });
    },
  };
  return end;
}

/** Two ends of one connection in one process: what one sends, the other receives, in order and later. */
export function createLinkedPair(): [Transport, Transport] {
  const [left, right] = [createEnd(), createEnd()];
  left.peer = right;
  right.peer = left;
  return [left, right];
}
