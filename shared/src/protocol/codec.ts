import type * as z from 'zod/mini';
import {
  type ClientMessage,
  type ClientMessageInput,
  clientMessageSchema,
} from './clientMessages.ts';
import { badMessage, type ProtocolError } from './protocolError.ts';
import { type ServerMessage, serverMessageSchema } from './serverMessages.ts';
import { MAX_CLIENT_TEXT_LENGTH, MAX_ID_LENGTH, MAX_TEXT_LENGTH } from './version.ts';

/** A text message understood, or refused with as much as could be read of what it belongs to. */
export type Decoded<Message> =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export interface Refusal {
  readonly error: ProtocolError;
  readonly requestId?: string;
  readonly jobId?: string;
  readonly compositeId?: string;
  /** Stream whose frames follow nevertheless. */
  readonly stream?: number;
}

export function encodeMessage(message: ClientMessageInput | ServerMessage): string {
  return JSON.stringify(message);
}

export function decodeClientMessage(text: string): Decoded<ClientMessage> {
  return decode(text, MAX_CLIENT_TEXT_LENGTH, (value) => clientMessageSchema.safeParse(value));
}

export function decodeServerMessage(text: string): Decoded<ServerMessage> {
  return decode(text, MAX_TEXT_LENGTH, (value) => serverMessageSchema.safeParse(value));
}

type Parsed<Message> =
  | { success: true; data: Message }
  | { success: false; error: { issues: readonly z.core.$ZodIssue[] } };

function decode<Message>(
  text: string,
  maxLength: number,
  parse: (value: unknown) => Parsed<Message>,
): Decoded<Message> {
  if (text.length > maxLength) {
    return refused(
      badMessage(
        `Expected a message of at most ${maxLength} characters but received ${text.length}.`,
      ),
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused(badMessage('Expected a JSON message but the text received is not JSON.'));
  }
  const parsed = parse(value);
  if (parsed.success) return { kind: 'message', message: parsed.data };
  return refused(badMessage(explain(parsed.error.issues, value)), value);
}

function refused(error: ProtocolError, value?: unknown): Decoded<never> {
  const text = (key: string) => {
    const found = property(value, key);
    // What is sent back must not be longer than what is taken.
    return typeof found === 'string' && found.length <= MAX_ID_LENGTH ? { [key]: found } : {};
  };
  const stream = property(value, 'stream') ?? property(property(value, 'preview'), 'stream');
  return {
    kind: 'refused',
    refusal: {
      error,
      ...text('requestId'),
      ...text('jobId'),
      ...text('compositeId'),
      ...(typeof stream === 'number' ? { stream } : {}),
    },
  };
}

function property(value: unknown, key: PropertyKey): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  // Own ones only, and without `Object.hasOwn`, which UXP's V8 may not have yet.
  return Object.getOwnPropertyDescriptor(value, key)?.value;
}

/** The first problem in one sentence: where, what was expected, what came. */
function explain(issues: readonly z.core.$ZodIssue[], value: unknown): string {
  const issue = issues[0];
  if (issue === undefined) return 'The message could not be understood.';
  const received = issue.path.reduce<unknown>(property, value);
  const where = issue.path.length === 0 ? 'a message' : `"${issue.path.join('.')}"`;
  return `Expected ${where} to be ${expectation(issue)} but received ${show(received)}.`;
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int' ? 'a whole number' : `of type ${issue.expected}`;
    case 'invalid_value':
      return issue.values.length === 1
        ? show(issue.values[0])
        : `one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_union':
      return 'of a known kind';
    case 'too_small':
      return `${issue.inclusive === false ? 'above' : 'at least'} ${issue.minimum}`;
    case 'too_big':
      return `${issue.inclusive === false ? 'below' : 'at most'} ${issue.maximum}`;
    default:
      return issue.message === 'Invalid input' ? 'valid' : issue.message;
  }
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
