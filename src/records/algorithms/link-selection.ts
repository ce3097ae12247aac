/** Menu values of SELM of fanout, dfanout and seq. */
export const LinkChoice = { all: 0, specified: 1, mask: 2 } as const;

/** What the fields of a fanout or seq record say about its sixteen links. */
export interface LinkRule {
  /** SELM */
  readonly choice: number;
  /** SELN, a USHORT. */
  readonly number: number;
  /** OFFS, added to SELN where it is the number of a link. */
  readonly offset: number;
  /** SHFT, by which SELN is shifted to the right where it is a mask. */
  readonly shift: number;
}

const LINKS = 16;

/** The links to use, link 0 in bit 0; undefined where the fields make no sense: SOFT/INVALID. */
export function selectLinks({ choice, number, offset, shift }: LinkRule): number | undefined {
  switch (choice) {
    case LinkChoice.all:
      return 0xffff;
    case LinkChoice.specified: {
      const link = number + offset;
      return link >= 0 && link < LINKS ? 1 << link : undefined;
    }
    case LinkChoice.mask:
      if (shift < 1 - LINKS || shift >= LINKS) return undefined;
      return (shift >= 0 ? number >> shift : number << -shift) & 0xffff;
    default:
      return undefined;
  }
}

const OUTPUTS = 8;

/** The outputs of a dfanout, OUTA in bit 0; SELN 0 is none and 1 is OUTA. Undefined as above. */
export function selectOutputs(choice: number, number: number): number | undefined {
  switch (choice) {
    case LinkChoice.all:
      return 0xff;
    case LinkChoice.specified:
      if (number === 0) return 0;
      return number <= OUTPUTS ? 1 << (number - 1) : undefined;
    case LinkChoice.mask:
      return number & 0xff;
    default:
      return undefined;
  }
}
