import { describe, expect, it } from 'vitest';
import { Ledger } from '../../../src/bus/commands/ledger.ts';
import { LifeWorld } from './life-world.ts';

describe('the life of a command', () => {
  it('begins when it was asked for, and ends with its result', () => {
    const world = new LifeWorld();
    world.ask('1', { value: 5, custom: 'kept' });
    expect(world.happened).toEqual(['begin 1']);
    world.end('1', { status: 'successful', result: { value: 4.9 } });
    expect(world.happened).toEqual(['begin 1', 'tell 1 successful']);
  });

  it('begins once, however often the broker brings it', () => {
    const world = new LifeWorld();
    world.ask('1');
    world.ask('1', {}, { isLate: true });
    world.end('1');
    world.ask('1', {}, { isRetained: true });
    world.clear('1');
    world.ask('1');
    expect(world.happened).toEqual(['begin 1', 'tell 1 successful']);
  });

  it('is forgotten an hour after it was cleared', () => {
    const world = new LifeWorld();
    world.ask('1');
    world.end('1');
    world.clear('1');
    world.pass(3599);
    world.ask('1');
    expect(world.happened).toEqual(['begin 1', 'tell 1 successful']);
    world.pass(1);
    world.ask('1');
    expect(world.happened.at(-1)).toBe('begin 1');
  });

  it('fails when something else is asked under an id that was used', () => {
    const world = new LifeWorld();
    world.ask('1', { value: 1 });
    world.end('1');
    world.ask('1', { value: 2 });
    expect(world.happened.at(-1)).toMatch(/^tell 1 failed: this id was used before/);
    expect(world.began).toEqual(['1']);
  });

  it.each(['executing', 'successful', 'failed', 'scheduled', 'whatever'])(
    'has no answer to its own echo and to others: %s',
    (status) => {
      const world = new LifeWorld();
      world.say('1', { status });
      world.ask('2');
      world.say('2', { status });
      expect(world.happened).toEqual(['begin 2']);
    },
  );

  it('has no answer to being cleared, whoever it was', () => {
    const world = new LifeWorld();
    world.clear('1');
    expect(world.happened).toEqual([]);
  });

  it('fails with what is wrong with its payload', () => {
    const world = new LifeWorld();
    world.payload('1', '{');
    expect(world.happened).toHaveLength(1);
    expect(world.happened[0]).toMatch(/^tell 1 failed: the payload is not JSON/);
  });

  it('fails when nobody may ask for it', () => {
    const world = new LifeWorld();
    world.refusal = 'it is off';
    world.ask('1');
    expect(world.happened).toEqual(['tell 1 failed: it is off']);
  });

  it('does not begin when the broker had kept it, and is not tried again', () => {
    const world = new LifeWorld();
    world.ask('1', {}, { isRetained: true });
    expect(world.happened[0]).toMatch(/^tell 1 failed: expired: the broker had kept it/);
    world.ask('1');
    expect(world.happened).toHaveLength(1);
  });

  it('says nothing on its topic once it was cleared, though it runs to its end', () => {
    const world = new LifeWorld();
    world.ask('1');
    world.clear('1');
    world.end('1');
    expect(world.happened).toEqual(['begin 1', 'tell 1 successful (cleared)']);
  });

  it('that was not cleared for a day is told once', () => {
    const world = new LifeWorld();
    world.ask('1');
    world.ask('2', { subject: 'b' });
    world.end('1');
    world.end('2');
    world.clear('2');
    world.pass(86_399);
    expect(world.reminded).toEqual([]);
    world.pass(1);
    world.pass(86_400);
    expect(world.reminded).toEqual(['1']);
  });
});

describe('commands on one subject', () => {
  it('run one after the other, in the order in which they came', () => {
    const world = new LifeWorld();
    for (const id of ['1', '2', '3']) world.ask(id);
    expect(world.began).toEqual(['1']);
    world.end('1');
    expect(world.began).toEqual(['1', '2']);
    world.end('2', { status: 'failed', reason: 'no' });
    expect(world.began).toEqual(['1', '2', '3']);
  });

  it('do not wait for those on others', () => {
    const world = new LifeWorld();
    world.ask('1', { subject: 'a' });
    world.ask('2', { subject: 'b' });
    expect(world.began).toEqual(['1', '2']);
  });

  it('fail when as many wait as may', () => {
    const world = new LifeWorld({ queue: 2 });
    for (const id of ['1', '2', '3', '4']) world.ask(id);
    expect(world.happened).toEqual(['begin 1', 'tell 4 failed: busy: 2 commands wait for ioc']);
  });

  it('fail when too many wait altogether', () => {
    const world = new LifeWorld({ pending: 2 });
    for (const id of ['1', '2', '3']) world.ask(id, { subject: id });
    expect(world.began).toEqual(['1', '2']);
    expect(world.happened.at(-1)).toMatch(/^tell 3 failed: busy/);
    world.end('1');
    world.ask('4', { subject: '4' });
    expect(world.began).toEqual(['1', '2', '4']);
  });

  it('do not begin when they waited too long', () => {
    const world = new LifeWorld();
    world.ask('1');
    world.ask('2');
    world.ask('3', { ttl: 60 });
    world.pass(11);
    world.end('1');
    expect(world.happened.slice(1)).toEqual([
      'tell 1 successful',
      'tell 2 failed: expired: it waited in line for ioc too long',
      'begin 3',
    ]);
  });

  it('leave the line when they are cleared', () => {
    const world = new LifeWorld();
    for (const id of ['1', '2', '3']) world.ask(id);
    world.clear('2');
    world.end('1');
    expect(world.happened).toEqual(['begin 1', 'tell 1 successful', 'begin 3']);
  });
});

describe('what a former process left', () => {
  it('is found out about, and ends', () => {
    const world = new LifeWorld({}, 'closed');
    world.say('1', { status: 'executing', value: 5 }, { isRetained: true });
    expect(world.happened).toEqual(['settle 1']);
    world.settle('1', { status: 'failed', reason: 'interrupted, state unknown' });
    expect(world.happened.at(-1)).toBe('tell 1 failed: interrupted, state unknown');
  });

  it('is not begun again, in whatever order the broker brings it', () => {
    const world = new LifeWorld({}, 'closed');
    world.ask('1', {}, { isLate: true });
    world.say('1', { status: 'executing' }, { isRetained: true });
    world.ask('2', {}, { isLate: true });
    world.say('2', { status: 'successful' }, { isRetained: true });
    world.life.open(world.now);
    expect(world.happened).toEqual(['settle 1']);
  });

  it('is waited for by what is new, which begins then in its order', () => {
    const world = new LifeWorld({}, 'closed');
    world.ask('1', { subject: 'a' });
    world.ask('2', { subject: 'b' });
    expect(world.happened).toEqual([]);
    world.clear('2');
    world.life.open(world.now);
    expect(world.happened).toEqual(['begin 1']);
  });

  it('is left alone when another one began it', () => {
    const world = new LifeWorld({}, 'closed');
    world.isOurs = false;
    world.say('1', { status: 'executing' }, { isRetained: true });
    expect(world.happened).toEqual([]);
  });

  it('is nothing that runs now, when its state comes again after a connection', () => {
    const world = new LifeWorld();
    world.ask('1');
    world.say('1', { status: 'executing' }, { isRetained: true });
    world.end('1');
    world.say('1', { status: 'executing' }, { isRetained: true });
    expect(world.happened).toEqual(['begin 1', 'tell 1 successful']);
  });
});

describe('the memory of commands', () => {
  it('is bounded: the oldest that ended go first', () => {
    const ledger = new Ledger(3);
    ledger.add('running', 'x', 'executing', 0);
    for (const topic of ['1', '2', '3', '4']) ledger.add(topic, 'x', 'over', 0);
    expect(ledger.size).toBe(3);
    expect(['running', '1', '2', '3', '4'].filter((topic) => ledger.find(topic))).toEqual([
      'running',
      '3',
      '4',
    ]);
  });
});
