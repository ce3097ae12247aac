/** Bytes of spaced hex; text in quotes stands for its characters. */
export function bytes(text: string): Uint8Array {
  const parts = text.match(/"[^"]*"|[0-9a-f]{2}/gi) ?? [];
  return Uint8Array.from(
    parts.flatMap((part) =>
      part.startsWith('"') ? [...Buffer.from(part.slice(1, -1), 'latin1')] : [Number(`0x${part}`)],
    ),
  );
}

export function hex(source: Uint8Array): string {
  return Array.from(source, (b) => b.toString(16).padStart(2, '0')).join(' ');
}
