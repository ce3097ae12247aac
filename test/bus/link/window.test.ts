import { describe, expect, it } from 'vitest';
import { MessageIds } from '../../../src/bus/link/message-ids.ts';
import { Waiting } from '../../../src/bus/link/waiting.ts';
import { Window } from '../../../src/bus/link/window.ts';

const message = () => new Waiting({ topic: 'a', payload: '', delivery: 'event' });

function filled(window: Window): Waiting[] {
  const those: Waiting[] = [];
  while (window.isOpen) {
    const one = message();
    window.add(one);
    those.push(one);
  }
  return those;
}

describe('the window of messages in flight', () => {
  it('takes 16, each with an identifier of its own', () => {
    const ids = filled(new Window()).map(({ id }) => id);
    expect(ids).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
  });

  it('gives an identifier again only once it was acknowledged', () => {
    const window = new Window();
    const those = filled(window);
    expect(window.take(7)).toBe(those[6]);
    expect(window.take(7)).toBeUndefined();
    expect(window.size).toBe(15);
    const next = message();
    window.add(next);
    expect(next.id).toBe(7);
  });

  it('knows no others', () => {
    const window = new Window();
    filled(window);
    expect([0, 17, -1, 65_535, 0.5].map((id) => window.take(id))).toEqual(Array(5).fill(undefined));
    expect(window.size).toBe(16);
  });

  it('takes fewer where the broker wants it so', () => {
    const window = new Window();
    window.limit = 3;
    expect(filled(window)).toHaveLength(3);
  });

  it('lets messages take their old places again', () => {
    const window = new Window();
    filled(window);
    window.take(1);
    const those = window.empty();
    expect(window.size).toBe(0);
    for (const each of those) window.putBack(each);
    expect(window.take(16)).toBe(those.at(-1));
    expect(window.take(1)).toBeUndefined();
  });
});

describe('packet identifiers', () => {
  it('are those of the window for messages, others for the rest, round and round', () => {
    const ids = new MessageIds();
    ids.next = 5;
    expect([ids.allocate(), ids.allocate(), ids.allocate()]).toEqual([5, 17, 18]);
    for (let n = 19; n <= 65_535; n++) ids.allocate();
    expect(ids.allocate()).toBe(17);
  });
});
