import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPayload } from '../../../src/bus/commands/payload.ts';

const limits = { bytes: 200, depth: 4 };

function read(payload: string | Uint8Array) {
  return readPayload(
    typeof payload === 'string' ? new TextEncoder().encode(payload) : payload,
    limits,
  );
}

describe('the payload of a command', () => {
  it('is a state with all its fields, the known and the unknown', () => {
    const fields = { status: 'executing', value: 5, custom: { deep: [1, 2] } };
    expect(read(JSON.stringify(fields))).toEqual({ kind: 'state', status: 'executing', fields });
  });

  it('is an init without a status', () => {
    expect(read('{}')).toEqual({ kind: 'state', status: 'init', fields: {} });
  });

  it('says that the command was cleared when it is empty', () => {
    expect(read('')).toEqual({ kind: 'cleared' });
  });

  it.each([
    ['{"value": ', /^the payload is not JSON: /, { input: '{"value": ' }],
    ['5 V', /^the payload is not JSON: /, { input: '5 V' }],
    ['[1, 2]', /^a command is a JSON object$/, { input: [1, 2] }],
    ['null', /^a command is a JSON object$/, { input: null }],
    ['{"status": 7, "value": 1}', /^status must be a text$/, { status: 7, value: 1 }],
    ['{"a":{"b":{"c":{"d":{}}}}}', /^the payload nests more than 4 deep$/, {}],
    ['[[[[[[[[', /^the payload nests more than 4 deep$/, {}],
    [`{"value":"${'x'.repeat(200)}"}`, /^the payload has 212 bytes where 200 are the most$/, {}],
  ])('is refused, and kept as far as it can be: %s', (payload, reason, fields) => {
    const said = read(payload);
    expect(said).toMatchObject({ kind: 'bad', fields });
    expect(said.kind === 'bad' && said.reason).toMatch(reason);
  });

  it('is refused when it is not UTF-8', () => {
    const said = read(Uint8Array.of(0x7b, 0xff, 0x7d));
    expect(said).toEqual({ kind: 'bad', reason: 'the payload is not UTF-8', fields: {} });
  });

  it('does not take brackets in texts for nesting', () => {
    expect(read('{"value":"[[[[[[[[\\"{{{{{{"}')).toMatchObject({ kind: 'state' });
  });

  it('keeps a key that JavaScript has a meaning for', () => {
    const said = read('{"__proto__":{"status":"executing"}}');
    expect(said).toMatchObject({ kind: 'state', status: 'init' });
    expect(said.kind === 'state' && JSON.stringify({ ...said.fields })).toBe(
      '{"__proto__":{"status":"executing"}}',
    );
  });

  it('never throws, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 250 }), (bytes) => {
        expect(['cleared', 'state', 'bad']).toContain(readPayload(bytes, limits).kind);
      }),
    );
  });

  it('is what was written, for every object that is small and flat enough', () => {
    const shallow = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 1 }), {
      maxKeys: 4,
    });
    const roomy = { bytes: 100_000, depth: 4 };
    fc.assert(
      fc.property(shallow, (object) => {
        const { status: _, ...rest } = object;
        const text = JSON.stringify(rest);
        const said = readPayload(new TextEncoder().encode(text), roomy);
        expect(said.kind === 'state' && JSON.stringify(said.fields)).toBe(text);
      }),
    );
  });
});
