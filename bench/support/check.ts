/** A figure of something else than was meant is worse than none. */
export function checkThat(isTrue: boolean, fact: string): void {
  if (!isTrue) throw new Error(`not so: ${fact}`);
}
