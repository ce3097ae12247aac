import { describe, expect, it } from 'vitest';
import { WaitingMessages } from '../../../src/bus/broker/waiting-messages.ts';

const message = (brokerCounter: number) => ({ brokerId: 'b', brokerCounter });

describe('messages that wait for a client', () => {
  it('are numbered when they leave, and gone when they are acknowledged', () => {
    const waiting = new WaitingMessages(10);
    for (const counter of [1, 2, 3]) waiting.add(message(counter));
    waiting.update({ ...message(2), messageId: 77 });
    expect(waiting.remove({ messageId: 77 })).toMatchObject({ brokerCounter: 2 });
    expect(waiting.remove({ messageId: 77 })).toBeUndefined();
    expect(waiting.all).toEqual([message(1), message(3)]);
  });

  it('that are not for it after all are gone alone', () => {
    const waiting = new WaitingMessages(10);
    for (const counter of [1, 2, 3]) waiting.add(message(counter));
    waiting.remove(message(2));
    expect(waiting.all).toEqual([message(1), message(3)]);
  });

  it('give their place to the PUBREL that follows them at QoS 2', () => {
    const waiting = new WaitingMessages(10);
    waiting.add({ ...message(1), messageId: 5 });
    waiting.update({ messageId: 5 });
    expect(waiting.all).toEqual([{ messageId: 5 }]);
  });

  it('are no more than there is room for, the oldest', () => {
    const waiting = new WaitingMessages(2);
    expect([1, 2, 3].map((counter) => waiting.add(message(counter)))).toEqual([true, true, false]);
    expect(waiting.all).toEqual([message(1), message(2)]);
  });
});
