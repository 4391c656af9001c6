export type { EditNote } from './editNote.ts';
export { annotatedXmp } from './editNote.ts';
export type { EditRequest, EditRequestInput, IeiMode } from './editRequest.ts';
export { editRequestSchema, ieiModeSchema } from './editRequest.ts';
export type { Emotion, EmotionTarget, EmotionVector } from './emotion.ts';
export {
  describeTarget,
  EMOTIONS,
  emotionSchema,
  emotionTargetSchema,
  emotionVectorSchema,
  targetDistribution,
} from './emotion.ts';
export type { Bounds, Extent } from './geometry.ts';
export { boundsSchema, extentSchema, fittedExtent } from './geometry.ts';
export type { IterationReport, Outcome, Progress, Stage, Verdict } from './iteration.ts';
export {
  iterationReportSchema,
  outcomeSchema,
  progressSchema,
  stageSchema,
  verdictSchema,
} from './iteration.ts';
export type { JobMessage } from './jobMessages.ts';
export { endMessage, jobEventOf } from './jobMessages.ts';
export type { JobEnd, JobEvent, JobState, JobStatus } from './jobState.ts';
export { hasEnded, iterationsOf, nextJobState } from './jobState.ts';
export type { GrainSample } from './measureGrain.ts';
export { MAX_GRAIN, measureGrain } from './measureGrain.ts';
export {
  formatPairingCode,
  isPairingCode,
  normalisePairingCode,
  PAIRING_ALPHABET,
  PAIRING_CODE_LENGTH,
} from './pairing/pairingCode.ts';
export {
  areEqual,
  bytesToHex,
  formatPairingKey,
  hexToBytes,
  NONCE_BYTES,
  nextPairing,
  type PairingKey,
  pairingFrom,
  parsePairingKey,
  proofOf,
  startPairing,
} from './pairing/pairingKeys.ts';
export { randomBytes } from './pairing/randomBytes.ts';
export type { PixelBuffer, PixelData, PixelFormat } from './pixelBuffer.ts';
export { byteLength, fromBytes, pixelFormatSchema, SRGB_PROFILE, toBytes } from './pixelBuffer.ts';
export type { AbortSignalLike } from './protocol/abortSignalLike.ts';
export type { Attachment } from './protocol/attachment.ts';
export { attachmentOf } from './protocol/attachment.ts';
export type {
  ClientMessage,
  ClientMessageInput,
  CompositePart,
  ElementPart,
} from './protocol/clientMessages.ts';
export { clientMessageSchema } from './protocol/clientMessages.ts';
export type { Decoded, Refusal } from './protocol/codec.ts';
export { decodeClientMessage, decodeServerMessage, encodeMessage } from './protocol/codec.ts';
export { crc32 } from './protocol/crc32.ts';
export type { Frame } from './protocol/frame.ts';
export {
  ABORT_SEQUENCE,
  abortFrame,
  decodeFrame,
  encodeFrame,
  FRAME_HEADER_BYTES,
} from './protocol/frame.ts';
export type { FrameOutcome, FrameReader } from './protocol/frameReader.ts';
export { createFrameReader } from './protocol/frameReader.ts';
export type { FrameWriter, FrameWriterOptions } from './protocol/frameWriter.ts';
export { createFrameWriter } from './protocol/frameWriter.ts';
export { createLinkedPair } from './protocol/inMemoryTransport.ts';
export type { ChannelOptions, WireChannel } from './protocol/messageChannel.ts';
export { createClientChannel, createServerChannel } from './protocol/messageChannel.ts';
export {
  badFrame,
  badMessage,
  ChannelClosedError,
  ProtocolError,
} from './protocol/protocolError.ts';
export type { ServerMessage } from './protocol/serverMessages.ts';
export { serverMessageSchema } from './protocol/serverMessages.ts';
export type { Transport } from './protocol/transport.ts';
export {
  CLOSE_CODES,
  HIGH_WATER_BYTES,
  INITIAL_CREDIT,
  MAX_CLIENT_TEXT_LENGTH,
  MAX_FRAME_BYTES,
  MAX_ID_LENGTH,
  MAX_JOBS_WAITING,
  MAX_OPEN_STREAMS,
  MAX_PROXY_PIXELS,
  MAX_STREAM_BYTES,
  MAX_TEXT_LENGTH,
  MAX_TILE_PIXELS,
  MAX_TILES_IN_FLIGHT,
  PREFERRED_FRAME_BYTES,
  PROTOCOL_PATH,
  PROTOCOL_VERSION,
  SERVER_PORTS,
} from './protocol/version.ts';
export type { WireError, WireErrorCode } from './protocol/wireErrors.ts';
export { WIRE_ERROR_CODES, wireErrorSchema } from './protocol/wireErrors.ts';
export { xxHash32 } from './protocol/xxHash32.ts';
export type {
  OfferedInstruction,
  SceneChoice,
  ScenePlan,
  ToldScene,
} from './scenePlan.ts';
export {
  offeredInstructionSchema,
  sceneChoiceSchema,
  scenePlanSchema,
  toldSceneSchema,
} from './scenePlan.ts';
export { sceneProxyExtent, workingExtent } from './workingExtent.ts';
