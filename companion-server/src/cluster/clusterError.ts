import { HintedError } from '../hintedError.ts';

export type ClusterErrorCode =
  | 'NO_OPENSSL'
  | 'NATS_ABSENT'
  | 'NATS_PLAIN'
  | 'NATS_REFUSED'
  | 'NATS_OLD'
  | 'NO_JETSTREAM'
  | 'NOT_PREPARED'
  | 'STORE_FULL'
  | 'BAD_CREDENTIALS';

/** Why a gateway or a worker cannot take part in a cluster. */
export class ClusterError extends HintedError<ClusterErrorCode> {
  override readonly name = 'ClusterError';
}
