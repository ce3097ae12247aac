import type { FieldType } from '../field-type.ts';
import type { Metadata } from '../metadata.ts';
import type { PutOutcome, PvValue } from '../put.ts';
import type { Given, Link, Moment } from './link.ts';

/** A link that gives and takes nothing; the others override what they can do. */
export class BaseLink implements Link {
  readonly kind: Link['kind'];
  readonly isConstant: boolean = false;

  constructor(kind: Link['kind']) {
    this.kind = kind;
  }

  get isConnected(): boolean {
    return false;
  }

  get type(): FieldType | undefined {
    return undefined;
  }

  get count(): number {
    return 0;
  }

  initial(_type: FieldType, _most: number): PvValue | undefined {
    return undefined;
  }

  number(): Given<number> {
    return null;
  }

  value(_type: FieldType, _most: number): Given<PvValue> {
    return null;
  }

  put(_value: PvValue): boolean {
    return false;
  }

  putThen(_value: PvValue, _settle: (outcome: PutOutcome) => void): boolean | undefined {
    return undefined;
  }

  forward(): void {}

  time(): Moment | undefined {
    return undefined;
  }

  alarm(): { readonly status: number; readonly severity: number } | undefined {
    return undefined;
  }

  metadata(): Metadata | undefined {
    return undefined;
  }

  [Symbol.dispose](): void {}
}
