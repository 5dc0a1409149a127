import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Wire, type WireMessage } from '../../../kernel-setup/kernel/host/wire';

const wire = new Wire('secret');
const someMessage = (from: Wire, changes: Partial<WireMessage> = {}): WireMessage => ({
  identities: [],
  header: from.header('comm_msg'),
  parent: {},
  metadata: {},
  content: { text: 'größer 🎈' },
  buffers: [],
  ...changes,
});

describe('a packed message', () => {
  test('is unpacked unchanged, with identities and binary buffers', () => {
    const buffers = [new Uint8Array([0, 255, 10]), new Uint8Array(0)];
    const message = someMessage(wire, { identities: [Buffer.from('me'), Buffer.from([0, 1])], buffers });
    const found = wire.unpack(wire.pack(message)) as WireMessage;
    expect(found.identities.map((identity) => [...identity])).toEqual([
      [109, 101],
      [0, 1],
    ]);
    expect(found.buffers.map((buffer) => [...buffer])).toEqual([[0, 255, 10], []]);
    for (const part of ['header', 'parent', 'metadata', 'content'] as const) expect(found[part]).toEqual(message[part]);
  });

  test('is signed over its four parts', () => {
    const [, signature, ...parts] = wire.pack(someMessage(wire));
    const hmac = createHmac('sha256', 'secret').update(Buffer.concat(parts)).digest('hex');
    expect(String(signature)).toBe(hmac);
  });

  test('is not signed without a key, and then every message is accepted', () => {
    const open = new Wire('');
    const frames = open.pack(someMessage(open));
    expect(frames[1]).toHaveLength(0);
    expect(open.unpack(wire.pack(someMessage(wire)))).toMatchObject({ content: { text: 'größer 🎈' } });
  });
});

test('headers have unique ids and the same session', () => {
  const headers = Array.from({ length: 100 }, () => wire.header('status'));
  expect(new Set(headers.map(({ msg_id }) => msg_id)).size).toBe(100);
  expect(new Set(headers.map(({ session }) => session)).size).toBe(1);
  expect(new Wire('').header('status').session).not.toBe(headers[0].session);
  expect(headers[0]).toMatchObject({ msg_type: 'status', version: '5.4' });
  expect(headers[0].date).toMatch(/Z$/);
});

describe('a replayed message', () => {
  test('is rejected; others are not', () => {
    const frames = wire.pack(someMessage(wire));
    expect(wire.unpack(frames)).toBeTypeOf('object');
    expect(wire.unpack(frames)).toMatch(/has come before/);
    expect(wire.unpack(wire.pack(someMessage(wire)))).toBeTypeOf('object');
  });

  test('is accepted if messages are not signed', () => {
    const open = new Wire('');
    const frames = open.pack(someMessage(open));
    for (let i = 0; i < 2; i++) expect(open.unpack(frames)).toBeTypeOf('object');
  });

  test('a forgery does not block the message that it copies', () => {
    const [delimiter, signature, ...parts] = wire.pack(someMessage(wire));
    const forged = [delimiter, signature, ...parts.slice(0, 3), Buffer.from('{"code":"other"}')];
    expect(wire.unpack(forged)).toMatch(/wrong signature/);
    expect(wire.unpack([delimiter, signature, ...parts])).toBeTypeOf('object');
  });
});

describe('invalid messages are reported and never thrown', () => {
  const frames = () => wire.pack(someMessage(wire));
  const signed = (...parts: string[]) => {
    const hmac = createHmac('sha256', 'secret').update(parts.join('')).digest('hex');
    return ['<IDS|MSG>', hmac, ...parts].map((part) => Buffer.from(part));
  };

  test.each([
    ['without delimiter', frames().slice(1), /without delimiter/],
    ['with too few frames', frames().slice(0, 5), /too few/],
    ['signed with another key', new Wire('other').pack(someMessage(wire)), /signature/],
    ['without JSON', signed('{', '{}', '{}', '{}'), /cannot be read/],
    ['with an array as a part', signed('{"msg_type":"x"}', '{}', '{}', '[]'), /not an object/],
    ['without a type', signed('{}', '{}', '{}', '{}'), /without a type/],
  ])('%s', (_, given, reason) => {
    expect(wire.unpack(given)).toMatch(reason);
  });

  test('random frames', () => {
    const frame = fc.oneof(fc.uint8Array(), fc.constant(Buffer.from('<IDS|MSG>')), fc.constant(Buffer.from('{}')));
    const anyone = new Wire('');
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 9 }), (given) => {
        expect(wire.unpack(given)).toBeTypeOf('string');
        anyone.unpack(given);
      }),
    );
  });
});
