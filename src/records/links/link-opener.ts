import type { JsonValue } from '../../database/index.ts';
import { messageOf } from '../../kernel/index.ts';
import type { Slot } from '../../model/index.ts';
import type { Engine } from '../engine/engine.ts';
import type { FieldDefinition } from '../field-table.ts';
import { fieldOf } from '../record-field.ts';
import { BaseLink } from './base-link.ts';
import { BrokenLink } from './broken-link.ts';
import { CalcLink } from './calc-link.ts';
import { calcParts, type OpenInner } from './calc-parts.ts';
import { ConstantLink } from './constant-link.ts';
import type { Link } from './link.ts';
import { LocalLink, type LocalTarget } from './local-link.ts';
import { type LinkModifiers, type LinkText, parseLink } from './parse-link.ts';
import { RemoteLink } from './remote-link.ts';
import type { RemoteLinks } from './remote-links.ts';
import { StateLink } from './state-link.ts';

/** Makes links of what link fields say. */
export class LinkOpener {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** The link of a field of a record; undefined where the field is empty. */
  open(owner: Slot, field: FieldDefinition, text: string): Link | undefined {
    return this.#made(owner, field, parseLink(text, field.type));
  }

  #made(owner: Slot, field: FieldDefinition, link: LinkText): Link | undefined {
    switch (link.kind) {
      case 'empty':
        return undefined;
      case 'constant':
        return new ConstantLink(link.value);
      case 'device':
        return new BaseLink('device');
      case 'broken':
        return this.#broken(owner, field, link.why);
      case 'json':
        return this.#json(owner, field, link.type, link.value);
      case 'pv':
        return this.#toPv(owner, field, link.name, link.modifiers);
    }
  }

  #json(owner: Slot, field: FieldDefinition, type: string, value: JsonValue): Link {
    if (type === 'state' && typeof value === 'string') {
      return new StateLink(this.#engine.host.states, value);
    }
    if (type === 'calc') return this.#calc(owner, field, value);
    const known = 'const, calc and state are the types of JSON links here';
    return this.#broken(owner, field, `there is no link type ${type} here; ${known}`);
  }

  /** An argument is a number, a link in JSON, or (which base does not have) the text of one. */
  #calc(owner: Slot, field: FieldDefinition, value: JsonValue): Link {
    const { type } = field;
    if (type === 'FWDLINK') return this.#broken(owner, field, 'a calc link processes nothing');
    const open: OpenInner = (inner, way) => {
      const text = typeof inner === 'object' ? JSON.stringify(inner) : String(inner);
      return this.open(owner, { ...field, type: way }, text);
    };
    try {
      const parts = calcParts(value, type === 'OUTLINK' ? type : 'INLINK', open);
      return new CalcLink(this.#engine, owner, parts);
    } catch (error) {
      return this.#broken(owner, field, messageOf(error));
    }
  }

  /**
   * A record of this IOC, unless the link asks for Channel Access; else one of another IOC, until a
   * record of that name comes here.
   */
  #toPv(owner: Slot, field: FieldDefinition, name: string, modifiers: LinkModifiers): Link {
    if (modifiers.process === 'CA') return this.#remote(owner, field, name, modifiers);
    const target = localTarget(this.#engine, name);
    if (target) return this.#local(owner, field, target, modifiers);
    const [record = ''] = name.split('.');
    if (this.#engine.host.slotOf(record) === undefined) {
      this.#engine.life.await(record, owner, field.name);
    }
    return this.#remote(owner, field, name, modifiers);
  }

  #local(owner: Slot, field: FieldDefinition, target: LocalTarget, modifiers: LinkModifiers): Link {
    const { process, severity } = modifiers;
    // Alarms go the way of the value.
    if (field.type === 'OUTLINK' && severity !== 'NMS') this.#engine.life.reach(target.slot);
    const link = new LocalLink(this.#engine, owner, target, modifiers);
    if (process === 'CP' || process === 'CPP') {
      this.#engine.readers.add(link, { owner, isPassiveOnly: process === 'CPP' }, target);
    }
    return link;
  }

  #remote(owner: Slot, field: FieldDefinition, name: string, modifiers: LinkModifiers): Link {
    const { remote } = this.#engine.means;
    if (!remote) {
      return this.#broken(
        owner,
        field,
        `${name} is no record here, and no CA client is plugged in`,
      );
    }
    try {
      return this.#openRemote(remote, owner, field, name, modifiers);
    } catch (error) {
      return this.#broken(owner, field, messageOf(error));
    }
  }

  #openRemote(
    remote: RemoteLinks,
    owner: Slot,
    { type }: FieldDefinition,
    name: string,
    { process, severity }: LinkModifiers,
  ): Link {
    const isMonitored = type === 'INLINK';
    const processes = isMonitored && (process === 'CP' || process === 'CPP');
    let wasConnected = false;
    const changed = () => {
      if (pv.isConnected !== wasConnected) this.#connectionChanged(owner);
      wasConnected = pv.isConnected;
      if (processes) this.#engine.readers.trigger({ owner, isPassiveOnly: process === 'CPP' });
    };
    const pv = remote.open({ name, isMonitored, changed });
    return new RemoteLink(this.#engine, owner, pv, name, severity);
  }

  /** INAV and the like of a calcout say whether its links are connected. */
  #connectionChanged(owner: Slot): void {
    const { host } = this.#engine;
    host.watchers.reexamine(owner);
    host.posted();
  }

  #broken(owner: Slot, field: FieldDefinition, why: string): Link {
    const name = `${this.#engine.columns.name[owner]}.${field.name}`;
    this.#engine.means.log.warn(`Link ${name} leads nowhere: ${why}`);
    return new BrokenLink(why);
  }
}

/** The record and field of a name, if they are of this IOC. */
function localTarget(engine: Engine, name: string): LocalTarget | undefined {
  const dot = name.indexOf('.');
  const record = dot < 0 ? name : name.slice(0, dot);
  const rest = dot < 0 ? '' : name.slice(dot + 1);
  const slot = engine.host.slotOf(record);
  const [, field = '', isLong = ''] = /^(\w*)(\$?)$/.exec(rest) ?? [];
  if (slot === undefined || (rest !== '' && field === '' && isLong === '')) return undefined;
  const found = fieldOf(engine.columns, slot, field || 'VAL');
  return found && { slot, field: found.definition.name, isLong: isLong !== '' };
}
