import { IocError } from '../kernel/index.ts';
import type { Attribute, Controller } from '../model/index.ts';

/**
 * How PV names are made: one template for each kind of controller, joined by the separator, then
 * the attribute's name. Templates know `{id}` (device id or station address), `{node}`,
 * `{position}` and `{type}`; `{node:02}` pads with zeros.
 */
export interface NamingRule {
  readonly prefix: string;
  readonly device: string;
  /** Couplers, and boxes, which are a node of one. */
  readonly node: string;
  readonly module: string;
  readonly separator: string;
  /** What a read-back's name has after the setpoint's. */
  readonly readback: string;
}

/** The names that CATio gives. */
export const catioNaming: Omit<NamingRule, 'prefix'> = {
  device: 'ETH{id}',
  node: 'RIO{node}',
  module: 'MOD{position}',
  separator: ':',
  readback: '_RBV',
};

/**
 * The PVs of an attribute: `pv` is the setpoint where there is a read-back, or where nothing can be
 * read; else the value.
 */
export interface PvNames {
  readonly pv: string;
  readonly readback?: string;
}

/** A PV name and what it stands for. */
export interface NamedPv<S> {
  readonly role: 'value' | 'setpoint' | 'readback';
  readonly controller: Controller<S>;
  readonly attribute: Attribute<S>;
}

/** What the PV names of a controller begin with, below what those of its parent begin with. */
export function controllerPath(rule: NamingRule, controller: Controller, parent?: string): string {
  const part = controllerName(rule, controller);
  return parent === undefined ? part : `${parent}${rule.separator}${part}`;
}

/** The names of one attribute of the controller whose names begin with `path`. */
export function pvNames(rule: NamingRule, path: string, attribute: Attribute): PvNames {
  // Joined, not concatenated: a rope would keep its parts, of each of a million names.
  const pv = [path, pascalCase(attribute.name)].join(rule.separator);
  return attribute.access === 'rw' ? { pv, readback: [pv, rule.readback].join('') } : { pv };
}

/**
 * Every PV of a tree by name, in tree order. Throws `pv/name-collision` when two attributes come
 * to one name, and says which.
 */
export function namedPvs<S>(rule: NamingRule, tree: Controller<S>): Map<string, NamedPv<S>> {
  const named = new Map<string, NamedPv<S>>();
  const add = (name: string, pv: NamedPv<S>) => {
    const other = named.get(name);
    if (other) throw collision(name, other, pv);
    named.set(name, pv);
  };
  const visit = (controller: Controller<S>, parent?: string) => {
    const path = controllerPath(rule, controller, parent);
    for (const attribute of controller.attributes) {
      const { pv, readback } = pvNames(rule, path, attribute);
      add(pv, { role: attribute.access === 'r' ? 'value' : 'setpoint', controller, attribute });
      if (readback) add(readback, { role: 'readback', controller, attribute });
    }
    for (const child of controller.children) visit(child, path);
  };
  visit(tree);
  return named;
}

/** `ai_standard_channel_1_value` → `AiStandardChannel1Value`. */
export function pascalCase(name: string): string {
  return name
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

function controllerName(rule: NamingRule, controller: Controller): string {
  switch (controller.kind) {
    case 'server':
      return rule.prefix;
    case 'device':
      return filled(rule.device, controller);
    case 'coupler':
    case 'box':
      return filled(rule.node, controller);
    case 'terminal':
      return filled(rule.module, controller);
  }
}

function filled(template: string, controller: Controller): string {
  const { id, node, position, type } = controller;
  const values: Readonly<Record<string, number | string>> = { id, node, position, type };
  return template.replace(/\{(\w*)(?::(\d+))?\}/g, (placeholder, key: string, width = '0') => {
    const value = values[key];
    if (value !== undefined) return String(value).padStart(Number(width), '0');
    throw new IocError(
      'pv/naming',
      `${placeholder} in the name template "${template}" is not known; use {id}, {node}, {position} or {type}`,
    );
  });
}

function collision<S>(name: string, a: NamedPv<S>, b: NamedPv<S>): IocError {
  const source = ({ role, controller, attribute }: NamedPv<S>) =>
    `the ${role} of ${attribute.name} of ${controller.name} (${attribute.description})`;
  return new IocError(
    'pv/name-collision',
    `PV ${name} would be both ${source(a)} and ${source(b)}: change the naming templates or the terminal definition`,
  );
}
