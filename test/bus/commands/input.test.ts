import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inputOf } from '../../../src/bus/commands/input.ts';
import { CommandFailure } from '../../../src/bus/index.ts';

const schema = z.object({ lines: z.number(), type: z.string() });

describe('the input of a command', () => {
  it('has the fields that the operation knows, and nothing else', () => {
    const input = { status: 'executing', type: 'ioc', lines: 3, custom: { a: 1 } };
    expect(inputOf(schema, input)).toEqual({ type: 'ioc', lines: 3 });
  });

  it('is refused with every field that is wrong', () => {
    const wrong = () => inputOf(schema, { type: 7 });
    expect(wrong).toThrow(CommandFailure);
    expect(wrong).toThrow(/^bad input: lines: .*; type: /);
  });
});
