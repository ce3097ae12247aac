import { describe, expect, it } from 'vitest';
import type { PvValue } from '../../../src/records/index.ts';
import { SoftRig } from '../../records/soft-rig.ts';
import { type Scenario, type Step, scenariosOf, scenarioTypes } from './scenarios.ts';

for (const type of scenarioTypes()) {
  describe(`${type} does what it does in EPICS base`, () => {
    for (const scenario of scenariosOf(type)) {
      it(scenario.title, () => expect(performed(scenario)).toEqual(told(scenario)));
    }
  });
}

/** The steps, with what fields said here. */
function performed({ database, steps }: Scenario): string[] {
  const rig = new SoftRig(database);
  return steps.map((step) => lineOf(step, rig));
}

function lineOf(step: Step, rig: SoftRig): string {
  switch (step.kind) {
    case 'put':
      void rig.put(step.name.replace('$', ''), putValue(step.value));
      return step.line;
    case 'wait':
      rig.clock.advance(step.seconds * 1000);
      return step.line;
    case 'read':
      return said(step, rig);
  }
}

function told({ steps }: Scenario): string[] {
  return steps.map(({ line }) => line);
}

/** The line as it is when the field says the same, else with what it says. */
function said(step: Extract<Step, { kind: 'read' }>, rig: SoftRig): string {
  const name = step.name.replace('$', '');
  const value = rig.choice(name) ?? rig.get(name);
  return isSame(value, step.value) ? step.line : `< ${step.name} -> ${textOf(value)}`;
}

/** Base prints six figures. */
function isSame(value: PvValue, expected: string): boolean {
  if (typeof value === 'string') return JSON.stringify(value) === expected;
  const numbers: unknown[] = typeof value === 'object' ? [...value] : [value];
  if (numbers.some((element) => typeof element === 'string')) return textOf(value) === expected;
  const wanted = expected.replace(/[[\]]/g, '').split(' ').filter(Boolean);
  return (
    numbers.length === wanted.length &&
    numbers.every((element, i) => isClose(Number(element), wanted[i] ?? ''))
  );
}

function isClose(number: number, text: string): boolean {
  const wanted = Number(text.replace('inf', 'Infinity').replace('nan', 'NaN'));
  return Object.is(number, wanted) || Math.abs(number - wanted) <= 1e-5 * Math.abs(wanted);
}

function textOf(value: PvValue): string {
  if (typeof value !== 'object') return JSON.stringify(value, (_, x) => String(x));
  return `[${[...value].map((element) => JSON.stringify(element)).join(' ')}]`;
}

function putValue(text: string): PvValue {
  return text.startsWith('[') ? Float64Array.from(JSON.parse(text)) : text;
}
