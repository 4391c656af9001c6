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
export { boundsSchema, extentSchema } from './geometry.ts';
export type { IterationReport, Progress, Stage, Verdict } from './iteration.ts';
export { iterationReportSchema, progressSchema, stageSchema, verdictSchema } from './iteration.ts';
export type { PixelBuffer, PixelData, PixelFormat } from './pixelBuffer.ts';
export { byteLength, fromBytes, pixelFormatSchema, SRGB_PROFILE, toBytes } from './pixelBuffer.ts';
export type { ClientMessage, ClientMessageInput } from './protocol/clientMessages.ts';
export { clientMessageSchema } from './protocol/clientMessages.ts';
export type { ServerMessage } from './protocol/serverMessages.ts';
export { serverMessageSchema } from './protocol/serverMessages.ts';
export type { Transport } from './protocol/transport.ts';
export {
  MAX_FRAME_BYTES,
  PROTOCOL_PATH,
  PROTOCOL_VERSION,
  SERVER_PORTS,
} from './protocol/version.ts';
export type { WireError, WireErrorCode } from './protocol/wireErrors.ts';
export { WIRE_ERROR_CODES, wireErrorSchema } from './protocol/wireErrors.ts';
